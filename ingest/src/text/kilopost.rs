//! 距離標 as people write them.

use super::names::{is_missing, normalize};
use super::number::number;

/// Longest route that anyone numbers, km.
const LONGEST_KM: f64 = 2000.0;

/// Reads one kilopost in km: `12.3`, `12.3km`, `12k300`, `12K+300`, `12km300m`, `KP12.3`. `None` where
/// the cell is empty.
///
/// # Errors
/// The reason for a person.
pub fn kilopost(text: &str) -> Result<Option<f64>, String> {
    if is_missing(text) {
        return Ok(None);
    }
    let bad = || format!("{:?} is no kilopost such as 12.3 or 12k300", text.trim());
    let mut plain = normalize(text).to_ascii_lowercase();
    plain.retain(|c| c != ' ');
    let plain = plain.strip_prefix("kp").unwrap_or(&plain);
    let km = match plain.find(['k', '+']) {
        None => number(plain),
        Some(at) => {
            let rest = plain[at..].trim_start_matches(['k', 'm', 'p', '+']);
            let metres = rest.strip_suffix('m').unwrap_or(rest);
            // Metres are written with all their digits, or 12k3 could be 12.003 or 12.3.
            let metres = match metres.len() {
                0 => Ok(Some(0.0)),
                3 if metres.bytes().all(|b| b.is_ascii_digit()) => number(metres),
                _ => return Err(bad()),
            };
            match (number(&plain[..at]), metres) {
                (Ok(Some(km)), Ok(Some(metres))) => Ok(Some(km + metres / 1000.0)),
                _ => return Err(bad()),
            }
        }
    };
    match km {
        Ok(Some(km)) if (0.0..=LONGEST_KM).contains(&km) => Ok(Some(km)),
        _ => Err(bad()),
    }
}

/// Reads `12.3～15.0` (or with `~`, `-`, `から`).
///
/// # Errors
/// The reason for a person.
pub fn kilopost_range(text: &str) -> Result<Option<(f64, f64)>, String> {
    if is_missing(text) {
        return Ok(None);
    }
    let bad = || {
        format!(
            "{:?} is no pair of kiloposts such as 12.3～15.0",
            text.trim()
        )
    };
    let mut plain = normalize(text);
    for between in ["から", "〜", "∼", "→", "–", "—", "−", "-"] {
        plain = plain.replace(between, "~");
    }
    let (from, to) = plain.split_once('~').ok_or_else(bad)?;
    match (kilopost(from)?, kilopost(to.trim_end_matches("まで"))?) {
        (Some(from), Some(to)) => Ok(Some((from, to))),
        _ => Err(bad()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn kiloposts_are_read_in_the_forms_of_the_road() {
        let cases = [
            ("12.3", 12.3),
            ("１２．３", 12.3),
            ("12.3km", 12.3),
            ("12.3㎞", 12.3),
            ("12k300", 12.3),
            ("12K+300", 12.3),
            ("12km300m", 12.3),
            ("KP12.3", 12.3),
            ("0", 0.0),
        ];
        for (text, km) in cases {
            assert_eq!(kilopost(text), Ok(Some(km)), "{text}");
        }
        assert_eq!(kilopost("－"), Ok(None));
        for text in ["12k3", "橋のたもと", "-3", "99999", "12k3000"] {
            assert!(kilopost(text).is_err(), "{text}");
        }
        for text in [
            "12.3～15.0",
            "12.3〜15.0",
            "12k300-15k000",
            "12.3から15.0まで",
        ] {
            assert_eq!(kilopost_range(text), Ok(Some((12.3, 15.0))), "{text}");
        }
        assert!(kilopost_range("12.3").is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*", near in "[0-9kmp+.~ー-]{0,12}") {
            for text in [text, near] {
                let _ = kilopost(&text);
                let _ = kilopost_range(&text);
            }
        }
    }
}
