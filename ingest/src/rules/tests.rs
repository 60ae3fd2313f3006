#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use domain::rules::{Condition, Measure, Mode};
use proptest::prelude::*;

const TOML: &str = r#"manager = "02201"

[[rule]]
id = "bus"
zones = ["Ａ－１", "a-2"]
mode = "order"
deadline = "06:00"
when = { new_snow_cm = 10 }

[[rule]]
id = "alert"
manager = "02"
zones = ["*"]
[rule.when]
any = [
  { snowfall_cm = 25, hours = 24 },
  { depth_cm = { base = 100, seasons = [{ name = "根雪期", from = "12-20", until = "03-10", value = 120 }] } },
]
"#;

fn toml(text: &str) -> DecodedRules {
    decode_rules(text.as_bytes(), RulesForm::Toml).unwrap()
}

fn table(text: &str) -> DecodedRules {
    decode_rules(text.as_bytes(), RulesForm::Table).unwrap()
}

#[test]
fn toml_is_read_with_lines_and_managers() {
    let decoded = toml(TOML);
    assert_eq!(decoded.rejections, []);
    let told: Vec<_> = (decoded.rules.iter())
        .map(|given| (given.line, given.manager.as_deref(), given.rule.id.as_str()))
        .collect();
    assert_eq!(told, [(3, Some("02201"), "bus"), (10, Some("02"), "alert")]);
    assert_eq!(
        decoded.rules[0].rule.zones,
        ["A-1", "A-2"],
        "as all zones are named"
    );
    let Condition::Any(parts) = &decoded.rules[1].rule.when else {
        panic!("any")
    };
    assert_eq!(parts.len(), 2);
}

#[test]
fn a_bad_rule_costs_itself_and_is_named_by_line_and_field() {
    // What stands instead of a line of the first rule: line, field, words of the reason.
    let cases: [(&str, &str, u64, &str, &[&str]); 7] = [
        (
            "mode = \"order\"",
            "mod = \"order\"",
            6,
            "mod",
            &["unknown field"],
        ),
        (
            "mode = \"order\"",
            "mode = \"shout\"",
            6,
            "mode",
            &["shout", "approve"],
        ),
        (
            "deadline = \"06:00\"",
            "deadline = \"6 o'clock\"",
            7,
            "deadline",
            &[],
        ),
        (
            "when = { new_snow_cm = 10 }",
            "when = { new_snow = 10 }",
            8,
            "when",
            &["new_snow"],
        ),
        (
            "when = { new_snow_cm = 10 }",
            "when = { new_snow_cm = 1 }",
            3,
            "hysteresis_cm",
            &["never be over"],
        ),
        ("id = \"bus\"\n", "", 3, "rule", &["id"]),
        (
            "zones = [\"Ａ－１\", \"a-2\"]",
            "zones = []",
            3,
            "zones",
            &["empty"],
        ),
    ];
    for (from, to, line, field, words) in cases {
        let decoded = toml(&TOML.replacen(from, to, 1));
        assert_eq!(decoded.rules.len(), 1, "{to}: the other is taken");
        let [rejection] = decoded.rejections.as_slice() else {
            panic!("{to}: {:?}", decoded.rejections);
        };
        assert_eq!(
            (rejection.position, rejection.field.as_str()),
            (line, field),
            "{to}: {rejection:?}"
        );
        assert!(!rejection.reason.is_empty());
        for word in words {
            assert!(
                rejection.reason.contains(word),
                "{to}: {}",
                rejection.reason
            );
        }
    }
}

#[test]
fn a_name_that_stands_twice_counts_once() {
    let twice = TOML.replace("id = \"alert\"\nmanager = \"02\"", "id = \"bus\"");
    let decoded = toml(&twice);
    assert_eq!(decoded.rules.len(), 1);
    assert!(
        decoded.rejections[0].reason.contains("line 3"),
        "{:?}",
        decoded.rejections
    );
    // Of another manager it is another rule.
    assert_eq!(toml(&TOML.replace("\"alert\"", "\"bus\"")).rules.len(), 2);
}

#[test]
fn a_file_that_is_none_says_where() {
    for (text, words) in [
        ("[[rule]\n", "line 1"),
        ("a = 1\n[[rule]]\nid = \"x\"\n", "\"a\" is unknown"),
        ("manager = 7\n", "line 1"),
        ("manager = \"02\"\n", "no [[rule]]"),
    ] {
        let error = decode_rules(text.as_bytes(), RulesForm::Toml).unwrap_err();
        assert!(error.0.contains(words), "{text}: {error}");
    }
}

#[test]
fn a_table_is_read_in_either_language() {
    let english = "id,manager,zones,mode,new_snow_cm,snowfall_24h_cm,forecast_new_snow_cm,forecast_by,combine,window,deadline\n\
        bus,02201,A-1;A-2,order,10,,,,,22:00-5:00,6:00\n\
        town,02201,*,,,25,10,7:00,any,,\n";
    let japanese = "規則,管理者,工区,方式,新積雪,24時間降雪量,予想新積雪,予想時刻,組合せ,時間帯,期限\n\
        bus,02201,Ａ－１、Ａ－２,指令,１０cm,,,,,22時～翌5時,6時\n\
        town,02201,*,,,25,10,7時,いずれか,,\n";
    let read = table(english);
    assert_eq!(read.rejections, []);
    assert_eq!(table(japanese), read);
    let bus = &read.rules[0].rule;
    assert_eq!((bus.mode, bus.zones.len()), (Mode::Order, 2));
    assert_eq!(
        bus.when,
        Condition::Any(vec![Condition::at_least(Measure::NewSnow, 10.0)])
    );
    assert_eq!(bus.window.unwrap().until.to_string(), "05:00:00");
    assert_eq!(read.rules[1].rule.mode, Mode::Approve);
    assert_eq!(read.rules[1].line, 3);
}

#[test]
fn what_is_wrong_in_a_row_is_named() {
    let cases = [
        ("a,A-1,ten,,", "new_snow_cm"),
        ("a,A-1,10,maybe,", "combine"),
        ("a,A-1,,,", "when"),
        ("a,,10,,", "zones"),
        (",A-1,10,,", ""),
        ("a,A-1,10,,2.5", "at_least"),
        ("a,A-1,10,,0", "at_least"),
    ];
    for (row, field) in cases {
        let decoded = table(&format!(
            "id,zones,new_snow_cm,combine,at_least\n{row}\nb,B,10,,\n"
        ));
        assert_eq!(decoded.rules.len(), 1, "{row}");
        assert_eq!(decoded.rejections[0].position, 2);
        let named = &decoded.rejections[0];
        assert!(
            named.field.starts_with(field) || named.reason.contains(field),
            "{row}: {named:?}"
        );
    }
    let error = decode_rules("id,zones,newsnow\na,A,1\n".as_bytes(), RulesForm::Table).unwrap_err();
    assert!(error.0.contains("newsnow"), "{error}");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[\\[\\]=\"{}a-z0-9\n ,._規]{0,200}") {
        let _ = decode_rules(text.as_bytes(), RulesForm::Toml);
        let _ = decode_rules(format!("id,zones,new_snow_cm\n{text}").as_bytes(), RulesForm::Table);
        let _ = decode_rules(format!("{TOML}{text}").as_bytes(), RulesForm::Toml);
    }
}
