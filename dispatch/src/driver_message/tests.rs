use super::*;
use domain::driver_alert::Finding;

fn at(time: &str) -> Timestamp {
    format!("2026-01-13T{time}+09:00").parse().unwrap()
}

fn summary(finding: Finding, closed: &[&str], metres: [f64; 4], cleared: Option<&str>) -> Summary {
    let [not_cleared_m, working_m, unknown_m, length_m] = metres;
    Summary {
        finding,
        closed: closed.iter().map(|name| (*name).to_owned()).collect(),
        not_cleared_m,
        working_m,
        unknown_m,
        length_m,
        cleared_at: cleared.map(at),
    }
}

fn told(occasion: Occasion, summary: &Summary, language: Language) -> (String, String) {
    let told = message(
        occasion,
        summary,
        language,
        (at("07:00"), at("07:00")),
        false,
    );
    (told.title, told.body)
}

#[test]
fn what_matters_most_comes_first() {
    let clear = summary(Finding::Clear, &[], [0.0, 0.0, 0.0, 8120.0], Some("03:12"));
    let late = summary(
        Finding::NotCleared,
        &[],
        [1240.0, 300.0, 20.0, 8120.0],
        Some("03:12"),
    );
    let unknown = summary(Finding::Unknown, &[], [0.0, 0.0, 2000.0, 2000.0], None);
    let detour = summary(
        Finding::Detour,
        &["", "国道7号"],
        [0.0, 0.0, 0.0, 9000.0],
        Some("05:01"),
    );
    let shut = summary(Finding::Shut, &["国道7号"], [0.0; 4], None);
    let cases: [(&Summary, Language, &str, &str); 9] = [
        (
            &clear,
            Language::Ja,
            "除雪済み",
            "全区間は 3:12 以降に除雪。7:00 現在。",
        ),
        (
            &late,
            Language::Ja,
            "除雪が終わっていない区間があります",
            "未除雪 1.2 km、作業中 0.3 km、不明 0.1 km（全 8.1 km）。ほかは 3:12 以降に除雪。7:00 現在。",
        ),
        (
            &unknown,
            Language::Ja,
            "除雪を確認できない区間があります",
            "不明 2.0 km（全 2.0 km）。不明は、除雪済みという意味ではありません。7:00 現在。",
        ),
        (
            &detour,
            Language::Ja,
            "通行止めあり（う回路あり）",
            "通行止め: 名称のない道路、国道7号。全区間は 5:01 以降に除雪。7:00 現在。",
        ),
        (
            &shut,
            Language::Ja,
            "通行止め: 通れる道がありません",
            "通行止め: 国道7号。7:00 現在。",
        ),
        (
            &late,
            Language::En,
            "Not all of it is cleared",
            "1.2 km not cleared, 0.3 km being cleared, 0.1 km unknown (of 8.1 km). The rest cleared since 3:12. As of 7:00.",
        ),
        (
            &shut,
            Language::En,
            "Closed: no open way",
            "Closed: 国道7号. As of 7:00.",
        ),
        (
            &unknown,
            Language::Easy,
            "わからない 道が あります",
            "わからない 道: 2.0 km。 雪が あるかも しれません。気を つけて ください。 7:00 の じょうほうです。",
        ),
        (
            &shut,
            Language::Easy,
            "道が 通れません",
            "通れない 道: 国道7号。 7:00 の じょうほうです。",
        ),
    ];
    for (summary, language, title, body) in cases {
        let expected = (title.to_owned(), body.to_owned());
        assert_eq!(told(Occasion::Departure, summary, language), expected);
    }
}

#[test]
fn a_reopened_way_is_not_called_open_while_something_else_is_closed() {
    let clear = summary(Finding::Clear, &[], [0.0, 0.0, 0.0, 800.0], None);
    let detour = summary(Finding::Detour, &["国道7号"], [0.0, 0.0, 0.0, 800.0], None);
    assert_eq!(
        told(Occasion::Reopened, &clear, Language::Ja).0,
        "通行止め解除"
    );
    assert_eq!(
        told(Occasion::Reopened, &detour, Language::Ja).0,
        "通行止めあり（う回路あり）"
    );
}

#[test]
fn lateness_and_made_up_data_are_told_in_every_language() {
    let nothing = Summary::unknown();
    for language in Language::ALL {
        let of = |now: &str, simulated| {
            message(
                Occasion::Departure,
                &nothing,
                language,
                (at("07:00"), at(now)),
                simulated,
            )
        };
        let (in_time, late) = (of("07:05", false), of("07:41", false));
        assert!(
            !in_time.body.contains('4') && late.body.contains("41"),
            "{late:?}"
        );
        let simulated = of("07:00", true).title;
        assert!(simulated.starts_with("【模擬】") || simulated.starts_with("[SIMULATED]"));
        assert!(!in_time.title.is_empty() && !in_time.body.contains("警報"));
    }
}
