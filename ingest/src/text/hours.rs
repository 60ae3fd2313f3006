//! Hours of the day as people write them.

use super::names::{is_missing, normalize};
use super::time::TimeReader;
use jiff::civil::Time;

/// Words that mean all day.
const ALL_DAY: [&str; 5] = ["終日", "全日", "24時間", "一日中", "常時"];
/// What stands between the ends, in NFKC form.
const BETWEEN: [&str; 9] = ["から", "〜", "∼", "→", "–", "—", "−", "ー", "-"];

/// Reads `20:00-6:00`, `20時～翌5時`, `21:00から翌日5:00まで`: from and until, which passes midnight where
/// it is not later. `None` for an empty cell, a dash, `終日` and whole days such as `0:00-24:00`.
///
/// # Errors
/// The reason for a person.
pub fn hours_of_day(text: &str) -> Result<Option<(Time, Time)>, String> {
    if is_missing(text) {
        return Ok(None);
    }
    let mut plain = normalize(text);
    if ALL_DAY.contains(&plain.as_str()) {
        return Ok(None);
    }
    let bad = || format!("{:?} is no span of hours such as 20:00-6:00", text.trim());
    for between in BETWEEN {
        plain = plain.replace(between, "~");
    }
    let (from, until) = plain.split_once('~').ok_or_else(bad)?;
    let until = until.trim().trim_end_matches("まで");
    let until = until
        .strip_prefix("翌日")
        .or_else(|| until.strip_prefix("翌朝"))
        .or_else(|| until.strip_prefix('翌'))
        .unwrap_or(until);
    let from = TimeReader::read_time_of_day(from).map_err(|_| bad())?;
    let until = TimeReader::read_time_of_day(until).map_err(|_| bad())?;
    Ok((from != until).then_some((from, until)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hours_are_read_in_the_forms_of_notices() {
        let night = Some(("20:00:00", "06:00:00"));
        let cases = [
            ("20:00-6:00", night),
            ("20:00～6:00", night),
            ("２０：００〜翌６：００", night),
            ("20時から翌日6時まで", night),
            ("午後8時-午前6時", night),
            ("9:30 - 17:00", Some(("09:30:00", "17:00:00"))),
            ("0:00-24:00", None),
            ("終日", None),
            ("－", None),
            ("", None),
        ];
        for (text, wanted) in cases {
            let read = hours_of_day(text).unwrap();
            let read = read.map(|(from, until)| (from.to_string(), until.to_string()));
            let wanted = wanted.map(|(from, until)| (from.to_owned(), until.to_owned()));
            assert_eq!(read, wanted, "{text}");
        }
        for text in ["夜間", "20:00", "25時-6時", "20:00-"] {
            assert!(hours_of_day(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*", near in "[0-9:時翌〜~-]{0,12}") {
            let _ = hours_of_day(&text);
            let _ = hours_of_day(&near);
        }
    }
}
