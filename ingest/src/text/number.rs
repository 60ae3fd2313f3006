//! Numbers as people type them.

use super::names::{is_missing, normalize};

/// Reads a number: full-width digits, thousands separators, any minus sign, `▲3` and `△3` for −3.
/// `None` where the cell is empty or only a dash.
///
/// # Errors
/// The reason for a person.
pub fn number(text: &str) -> Result<Option<f64>, String> {
    number_in(text, &[])
}

/// Reads a number that may carry one of these units (`cm`, `°C`; in NFKC form).
///
/// # Errors
/// The reason for a person.
pub fn number_in(text: &str, units: &[&str]) -> Result<Option<f64>, String> {
    // What machines write needs no cleaning.
    if let Some(n) = finite(text.trim()) {
        return Ok(Some(n));
    }
    if is_missing(text) {
        return Ok(None);
    }
    let bad = || format!("{:?} is not a number", text.trim());
    let mut normal = normalize(text);
    for unit in units {
        if let Some(rest) = normal.strip_suffix(unit) {
            normal = rest.trim_end().to_owned();
            break;
        }
    }
    let (negative, digits) = match normal.chars().next() {
        Some(c @ ('-' | '\u{2212}' | '\u{2010}' | '\u{2013}' | 'ー' | '▲' | '△')) => {
            (true, normal[c.len_utf8()..].trim_start())
        }
        Some('+') => (false, &normal[1..]),
        _ => (false, normal.as_str()),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(bad());
    }
    let plain = without_separators(digits).ok_or_else(bad)?;
    finite(&plain)
        .map(|n| Some(if negative { -n } else { n }))
        .ok_or_else(bad)
}

fn finite(text: &str) -> Option<f64> {
    // Rust also reads "inf" and "nan", which no manager means.
    text.parse::<f64>().ok().filter(|n| n.is_finite())
}

/// `1,234,567.8` → `1234567.8`; `None` where commas stand elsewhere than between thousands.
fn without_separators(digits: &str) -> Option<String> {
    if !digits.contains(',') {
        return Some(digits.to_owned());
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let good = (1..=3).contains(&first.len())
        && groups.all(|g| g.len() == 3 && g.bytes().all(|b| b.is_ascii_digit()));
    good.then(|| format!("{}.{fraction}0", whole.replace(',', "")))
}
