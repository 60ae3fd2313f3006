#![allow(clippy::unwrap_used)]

use super::*;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

fn reader() -> TimeReader {
    TimeReader::new(None, TimeZone::get("Asia/Tokyo").unwrap())
}

fn now() -> Timestamp {
    "2026-01-15T06:00:00+09:00".parse().unwrap()
}

#[test]
fn times_are_read_in_every_form_that_managers_use() {
    let cases = [
        ("2026-01-05T03:04:05+09:00", "2026-01-04T18:04:05Z"),
        ("2026-01-04T18:04:05Z", "2026-01-04T18:04:05Z"),
        ("2026-01-05T03:04:05", "2026-01-04T18:04:05Z"),
        ("2026/1/5 3:04", "2026-01-04T18:04:00Z"),
        ("２０２６／１／５　３：０４", "2026-01-04T18:04:00Z"),
        ("2026/01/05 03:04:05.25", "2026-01-04T18:04:05.25Z"),
        ("2026/01/05 03:04:05 +0000", "2026-01-05T03:04:05Z"),
        ("2026-01-05 03:04:05 JST", "2026-01-04T18:04:05Z"),
        ("令和8年1月5日 3時4分", "2026-01-04T18:04:00Z"),
        ("令和８年１月５日（月）３時４分", "2026-01-04T18:04:00Z"),
        ("令和元年12月1日 0時", "2019-11-30T15:00:00Z"),
        ("平成31年1月5日午後3時半", "2019-01-05T06:30:00Z"),
        ("R8.1.5 24:00", "2026-01-05T15:00:00Z"),
        ("R8/1/5 25:30", "2026-01-05T16:30:00Z"),
        ("20260105030405", "2026-01-04T18:04:05Z"),
        ("20260105 03:04", "2026-01-04T18:04:00Z"),
        ("1768420800", "2026-01-14T20:00:00Z"),
        ("1768420800.5", "2026-01-14T20:00:00.5Z"),
        ("1768420800000", "2026-01-14T20:00:00Z"),
        ("2月11日 19:00 現在", "2025-02-11T10:00:00Z"),
        ("1月15日 5:50 現在", "2026-01-14T20:50:00Z"),
        ("12/31 23:50", "2025-12-31T14:50:00Z"),
        ("2月29日 1:00", "2024-02-28T16:00:00Z"),
    ];
    for (text, wanted) in cases {
        let read = reader().read(text, YearGuess::Past, now());
        assert_eq!(
            read.map(|at| at.to_string()),
            Ok(wanted.to_owned()),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_time_is_said() {
    let cases = [
        ("", "missing"),
        ("昨日", "not a time"),
        ("5:12", "not a time"),
        ("2026/1/5", "without a time of day"),
        ("2026/2/30 1:00", "not a time"),
        ("2026/1/5 40:00", "not a time"),
        ("8/1/5 3:04", "not a time"),
        ("2026-01-05 03:04 and more", "not a time"),
        ("1e300", "not a time"),
        ("nan", "not a time"),
    ];
    for (text, wanted) in cases {
        let error = reader().read(text, YearGuess::Past, now()).unwrap_err();
        assert!(error.contains(wanted), "{text}: {error}");
    }
}

#[test]
fn planned_times_take_the_nearest_year() {
    let december: Timestamp = "2025-12-30T12:00:00+09:00".parse().unwrap();
    let at = |guess| {
        let at = reader().read("1月3日 9:00", guess, december).unwrap();
        at.to_string()
    };
    assert_eq!(at(YearGuess::Nearest), "2026-01-03T00:00:00Z");
    assert_eq!(at(YearGuess::Past), "2025-01-03T00:00:00Z");
    let date = reader().read_date("令和8年1月5日", YearGuess::Nearest, december);
    assert_eq!(date.unwrap().to_string(), "2026-01-05");
}

#[test]
fn a_form_of_its_own_is_the_only_one_taken() {
    let reader = TimeReader::new(
        Some("%d.%m.%Y %H:%M".to_owned()),
        TimeZone::get("Europe/Helsinki").unwrap(),
    );
    let at = reader.read("05.01.2026 03:04", YearGuess::Past, now());
    assert_eq!(at.unwrap().to_string(), "2026-01-05T01:04:00Z");
    assert!(
        reader
            .read("2026-01-05T03:04:00Z", YearGuess::Past, now())
            .is_err()
    );
}

#[test]
fn times_of_the_day_are_read() {
    let cases = [
        ("20:00", "20:00:00"),
        ("6時", "06:00:00"),
        ("２４：００", "00:00:00"),
    ];
    for (text, wanted) in cases {
        assert_eq!(
            TimeReader::read_time_of_day(text).unwrap().to_string(),
            wanted
        );
    }
    assert!(TimeReader::read_time_of_day("終日").is_err());
}

#[test]
fn numbers_are_read_as_people_type_them() {
    let cases = [
        ("12", Some(12.0)),
        (" １２．５ ", Some(12.5)),
        ("1,234.5", Some(1234.5)),
        ("１，２３４", Some(1234.0)),
        ("－３", Some(-3.0)),
        ("▲3.5", Some(-3.5)),
        ("−0.5℃", Some(-0.5)),
        ("35㎝", Some(35.0)),
        ("", None),
        ("-", None),
        ("－", None),
        ("　", None),
    ];
    for (text, wanted) in cases {
        assert_eq!(number_in(text, &["°C", "cm"]), Ok(wanted), "{text}");
    }
    for text in ["12,34", "abc", "1 2", "inf", "NaN", "1e999", "--3", "3-4"] {
        assert!(number(text).is_err(), "{text}");
    }
}

#[test]
fn names_have_one_form() {
    let cases = [
        ("Ａ－１", "A-1"),
        ("A-1", "A-1"),
        ("a‐1", "A-1"),
        ("A ー 1", "A-1"),
        ("A － 1", "A-1"),
        ("鶴ｹ坂･孫内工区", "鶴ケ坂・孫内工区"),
        ("スキー場線", "スキー場線"),
        ("　第１工区 ", "第1工区"),
        ("市道一号線", "市道一号線"),
    ];
    for (text, wanted) in cases {
        assert_eq!(zone_name(text), wanted, "{text}");
        assert_eq!(zone_name(&zone_name(text)), wanted, "{text} twice");
    }
    assert!(is_missing("―") && is_missing("ー") && !is_missing("0"));
}

#[test]
fn encodings_are_told_apart_and_bad_bytes_are_located() {
    let cp932 = b"\x8E\xD4\x97\xBC,\xFA\xB1"; // 車両 and the IBM extension 﨑
    assert_eq!(decode_text(cp932, None).unwrap(), "車両,﨑");
    assert_eq!(decode_text("車両".as_bytes(), None).unwrap(), "車両");
    assert_eq!(decode_text(b"\xEF\xBB\xBFa", None).unwrap(), "a");
    assert_eq!(decode_text(b"\xFF\xFEa\0", None).unwrap(), "a");
    let error = decode_text(b"ab\xFF\xFF", None).unwrap_err().to_string();
    assert!(
        error.contains("UTF-8 (byte 2") && error.contains("CP932 (byte 2"),
        "{error}"
    );
    let error = decode_text(cp932, Some(Encoding::Utf8))
        .unwrap_err()
        .to_string();
    assert!(error.contains("byte 0"), "{error}");
    let error = decode_text(b"abc\x8E", Some(Encoding::Cp932))
        .unwrap_err()
        .to_string();
    assert!(error.contains("byte 3"), "{error}");
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in ".*", bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = reader().read(&text, YearGuess::Past, now());
        let _ = TimeReader::read_time_of_day(&text);
        let _ = number(&text);
        let _ = decode_text(&bytes, None);
        let _ = decode_text(&bytes, Some(Encoding::Cp932));
        prop_assert_eq!(zone_name(&zone_name(&text)), zone_name(&text));
    }

    #[test]
    fn no_date_like_text_makes_it_panic(text in "[RHS令和平成元0-9年月日時分/.: 午前後+-]{0,24}") {
        let _ = reader().read(&text, YearGuess::Past, now());
        let _ = reader().read_or_midnight(&text, YearGuess::Nearest, now());
    }

    #[test]
    fn every_minute_is_read_back(minute in 0i64..3_000_000) {
        let at = Timestamp::from_second(1_700_000_000 / 60 * 60 + minute * 60).unwrap();
        let jst = at.to_zoned(TimeZone::get("Asia/Tokyo").unwrap());
        for form in ["%Y/%-m/%-d %-H:%M", "%Y年%-m月%-d日 %-H時%-M分", "%Y%m%d%H%M%S"] {
            let text = jst.strftime(form).to_string();
            prop_assert_eq!(reader().read(&text, YearGuess::Past, now()), Ok(at));
        }
    }
}
