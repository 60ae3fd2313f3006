//! Books in TOML and CSV come out alike; what is wrong is named and the rest is taken.
#![allow(clippy::unwrap_used)]

use super::*;
use domain::contractor::{Contact, ContractForm, Contractor};

const TOML: &str = r#"
[[contractor]]
code = "yamada"
name = "山田建設"
contract = "単価契約"
zones = ["Ａ－１", "A-2"]
[[contractor.contact]]
key = "taro"
name = "山田太郎"
phone = "090-0000-0001"
email = "taro@example.jp"
[[contractor.contact]]
name = "山田次郎"
webhook = "https://example.jp/hook"
[[officer]]
name = "佐藤"
phone = "017-000-0002"
"#;

const CSV: &str = "業者コード,業者名,契約,工区,氏名,電話,メール,連絡先コード,Webhook\n\
    yamada,山田建設,単価契約,Ａ－１、A-2,山田太郎,０９０－００００－０００１,taro@example.jp,taro,\n\
    yamada,,,,山田次郎,,,,https://example.jp/hook\n\
    ,,,,佐藤,017-000-0002,,,\n";

fn expected() -> ContactBook {
    ContactBook {
        contractors: vec![Contractor {
            code: "yamada".to_owned(),
            name: "山田建設".to_owned(),
            contract: ContractForm::Hourly,
            zones: vec!["A-1".to_owned(), "A-2".to_owned()],
            contacts: vec![
                Contact {
                    key: "taro".to_owned(),
                    name: "山田太郎".to_owned(),
                    phone: Some("090-0000-0001".to_owned()),
                    email: Some("taro@example.jp".to_owned()),
                    webhook: None,
                },
                Contact {
                    key: "yamada-2".to_owned(),
                    name: "山田次郎".to_owned(),
                    webhook: Some("https://example.jp/hook".to_owned()),
                    ..Contact::default()
                },
            ],
        }],
        officers: vec![Contact {
            key: "officer-1".to_owned(),
            name: "佐藤".to_owned(),
            phone: Some("017-000-0002".to_owned()),
            ..Contact::default()
        }],
    }
}

#[test]
fn toml_and_csv_of_one_book_are_alike() {
    for (name, text) in [("book.toml", TOML), ("book.csv", CSV)] {
        let decoded = decode_book(name, text.as_bytes()).unwrap();
        assert_eq!(decoded.refused, [], "{name}");
        assert_eq!(decoded.book, expected(), "{name}");
    }
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(CSV);
    assert_eq!(decode_book("book.csv", &cp932).unwrap().book, expected());
}

#[test]
fn what_is_wrong_is_named_and_the_rest_is_taken() {
    let cases = [
        (
            "phone = \"017-000-0002\"",
            "phone = \"none\"",
            "佐藤",
            "phone",
            2,
        ),
        (
            "email = \"taro@example.jp\"",
            "email = \"taro\"",
            "山田太郎",
            "email",
            1,
        ),
        (
            "\"A-2\"]",
            "\"A-2\"]\n[[contractor]]\ncode = \"b\"\ncontract = \"full\"\nzones = [\"A-2\"]",
            "b",
            "zones",
            1,
        ),
        (
            "name = \"山田次郎\"",
            "name = \"山田次郎\"\nkey = \"taro\"",
            "山田次郎",
            "contact",
            1,
        ),
        ("\"https://", "\"ftp://", "山田次郎", "webhook", 2),
        ("\"単価契約\"", "\"口約束\"", "yamada", "contract", 1),
    ];
    for (from, to, place, field, count) in cases {
        let text = TOML.replacen(from, to, 1);
        let decoded = decode_book("book.toml", text.as_bytes()).unwrap();
        assert_eq!(decoded.refused.len(), count, "{to}: {:?}", decoded.refused);
        let refusal = &decoded.refused[0];
        assert!(refusal.place.contains(place), "{refusal}");
        assert_eq!(refusal.field, field, "{refusal}");
        assert!(!decoded.book.officers.is_empty() || place == "佐藤");
    }
}

#[test]
fn unknown_keys_and_missing_columns_are_refused_with_their_line() {
    let error = decode_book("b.toml", TOML.replacen("phone", "fone", 1).as_bytes()).unwrap_err();
    assert!(
        error.0.contains("line 10") && error.0.contains("fone"),
        "{error}"
    );
    let error = decode_book("b.csv", b"contractor,name\nx,y\n").unwrap_err();
    assert!(error.0.contains("contract"), "{error}");
    let csv = CSV.replacen("山田次郎,", ",", 1);
    let decoded = decode_book("b.csv", csv.as_bytes()).unwrap();
    assert_eq!(decoded.refused[0].to_string(), "line 3: name: is empty");
}
