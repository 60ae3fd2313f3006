#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::decoded::Decoded;
use crate::formats::Decoder;
use domain::closure::ClosureKind;
use jiff::Timestamp;

const KEYS: &str = r#"
id = "番号"
kind = "規制種別"
reason = "理由"
since = "開始"
until = "終了"
daily = "時間帯"
[place]
route = "路線名"
from = "起点"
to = "終点"
"#;
const HEADER: &str = "番号,規制種別,理由,開始,終了,時間帯,路線名,起点,終点\n";

fn mapping(keys: &str) -> ClosuresMapping {
    let mapping: ClosuresMapping = toml::from_str(keys).unwrap();
    mapping.check().unwrap();
    mapping
}

fn decode(keys: &str, payload: &str) -> Decoded {
    mapping(keys).decode(payload.as_bytes(), now()).unwrap()
}

fn now() -> Timestamp {
    "2026-01-15T06:00:00+09:00".parse().unwrap()
}

fn one(row: &str) -> Decoded {
    decode(KEYS, &format!("{HEADER}{row}\n"))
}

#[test]
fn a_winter_closure_runs_into_the_next_year() {
    let decoded = one("W-1,冬期閉鎖,積雪のため,11月10日 正午,4月25日,,国道103号,酸ヶ湯,谷地");
    assert_eq!(
        decoded.rejections[0].field, "since",
        "正午 is no time that is read"
    );
    let decoded = one("W-1,冬期閉鎖,積雪のため,11月10日 12:00,4月25日,,国道１０３号,酸ヶ湯,谷地");
    assert_eq!(decoded.rejections, []);
    let closure = &decoded.closures[0];
    assert_eq!(closure.kind, ClosureKind::Winter);
    assert_eq!(closure.since.to_string(), "2025-11-10T03:00:00Z");
    assert_eq!(
        closure.until.map(|t| t.to_string()).as_deref(),
        Some("2026-04-25T15:00:00Z")
    );
    let route = closure.place.route.as_ref().unwrap();
    assert_eq!(
        (
            route.route.as_str(),
            route.from_name.as_deref(),
            route.to_name.as_deref()
        ),
        ("国道103号", Some("酸ヶ湯"), Some("谷地"))
    );
    assert_eq!(
        (closure.reason.as_str(), closure.daily),
        ("積雪のため", None)
    );
}

#[test]
fn ends_that_are_open_are_open() {
    for until in ["", "-", "当面の間", "未定", "解除まで（天候による）"] {
        let decoded = one(&format!("1,通行止め,,2026/1/14 20:00,{until},,7号,,"));
        assert_eq!(decoded.rejections, [], "{until}");
        assert_eq!(decoded.closures[0].until, None, "{until}");
    }
}

#[test]
fn kinds_are_read_in_their_usual_words() {
    let cases = [
        ("冬季通行止め", ClosureKind::Winter),
        ("全面通行止（除雪作業）", ClosureKind::Closed),
        ("片側交互通行", ClosureKind::OneLane),
        ("大型車通行止め", ClosureKind::Restricted),
        ("チェーン規制", ClosureKind::Restricted),
        ("closed", ClosureKind::Closed),
    ];
    for (word, wanted) in cases {
        let decoded = one(&format!("1,{word},,2026/1/14,,,7号,,"));
        assert_eq!(decoded.closures[0].kind, wanted, "{word}");
    }
    let decoded = one("1,迂回,,2026/1/14,,,7号,,");
    let rejection = &decoded.rejections[0];
    assert_eq!(rejection.field, "kind");
    assert!(rejection.reason.contains("迂回") && rejection.reason.contains("kind_values"));
}

#[test]
fn daily_windows_pass_midnight() {
    let decoded = one("1,夜間通行止め,,2026/1/14,2026/1/20,20:00-6:00,7号,,");
    let daily = decoded.closures[0].daily.unwrap();
    assert_eq!(
        (
            daily.from.to_string().as_str(),
            daily.until.to_string().as_str()
        ),
        ("20:00:00", "06:00:00")
    );
    assert_eq!(
        one("1,通行止め,,2026/1/14,,終日,7号,,").closures[0].daily,
        None
    );
}

#[test]
fn what_is_wrong_is_named() {
    let cases = [
        (",通行止め,,2026/1/14,,,7号,,", "id"),
        ("1,,,2026/1/14,,,7号,,", "kind"),
        ("1,通行止め,,,,,7号,,", "since"),
        ("1,通行止め,,降雪時,,,7号,,", "since"),
        ("1,通行止め,,2030/1/14,,,7号,,", "since"),
        ("1,通行止め,,2026/1/14,2026/1/13,,7号,,", "until"),
        ("1,通行止め,,2020/1/14,2020/1/20,,7号,,", "until"),
        ("1,通行止め,,2026/1/14,,夜間,7号,,", "daily"),
        ("1,通行止め,,2026/1/14,,,,酸ヶ湯,谷地", "place"),
    ];
    for (row, field) in cases {
        let decoded = one(row);
        assert_eq!(decoded.closures.len(), 0, "{row}");
        assert_eq!(decoded.rejections[0].field, field, "{row}");
    }
    // A road that has been closed for years is closed.
    assert_eq!(one("1,通行止め,,2019/1/14,,,7号,,").closures.len(), 1);
}

#[test]
fn a_list_of_winter_closures_needs_no_kind_and_no_ids() {
    let keys =
        "unflagged = \"winter\"\nsince = \"開始\"\nuntil = \"終了\"\n[place]\nroute = \"路線名\"\n";
    let id = |until: &str, route: &str| {
        let decoded = decode(
            keys,
            &format!("開始,終了,路線名\n2025/11/10,{until},{route}\n"),
        );
        assert_eq!(decoded.closures[0].kind, ClosureKind::Winter);
        decoded.closures[0].id.clone()
    };
    // An end that is moved leaves it the same closure.
    assert_eq!(id("2026/4/25", "国道103号"), id("2026/5/1", "国道１０３号"));
    assert_ne!(id("2026/4/25", "国道103号"), id("2026/4/25", "国道102号"));
    let mapping: ClosuresMapping = toml::from_str("since = \"開始\"\n").unwrap();
    assert_eq!(mapping.check().unwrap_err().key, "kind");
}
