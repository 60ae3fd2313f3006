//! Names as keys: one form for what people write in many.

use unicode_normalization::UnicodeNormalization;

/// NFKC (full-width digits and letters, half-width kana, ㎝), trimmed, runs of blanks made one, control
/// characters left out.
pub fn normalize(text: &str) -> String {
    // Most cells are plain, and there are millions of them.
    let text = text.trim();
    if text.bytes().all(|b| b.is_ascii_graphic()) {
        return text.to_owned();
    }
    let mut normal = String::with_capacity(text.len());
    let mut blank = false;
    // Left out first, since what they kept apart may belong together.
    let kept = |c: &char| (!c.is_control() || c.is_whitespace()) && *c != '\u{feff}';
    for c in text.chars().filter(kept).nfkc() {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if blank && !normal.is_empty() {
            normal.push(' ');
        }
        blank = false;
        normal.push(c);
    }
    normal
}

/// The name of a zone or route as a key: [`normalize`]d, every dash a `-`, ASCII letters large, no
/// blanks around dashes. `Ａ－１`, `a‐1` and `A ー 1` are `A-1`; the ー of `スキー場` stays.
pub fn zone_name(text: &str) -> String {
    let normal = normalize(&normalize(text).to_ascii_uppercase());
    let chars: Vec<char> = normal.chars().collect();
    let beside = |i: usize, step: isize| {
        let mut at = i as isize + step;
        while chars.get(at as usize) == Some(&' ') && at >= 0 {
            at += step;
        }
        usize::try_from(at)
            .ok()
            .and_then(|at| chars.get(at).copied())
    };
    let is_dash_at = |i: usize| match chars[i] {
        'ー' => {
            beside(i, -1).is_some_and(|c| c.is_ascii_alphanumeric())
                && beside(i, 1).is_some_and(|c| c.is_ascii_digit())
        }
        c => is_dash(c),
    };
    let mut name = String::with_capacity(normal.len());
    for (i, &c) in chars.iter().enumerate() {
        if is_dash_at(i) {
            name.truncate(name.trim_end().len());
            name.push('-');
        } else if c != ' ' || !name.ends_with('-') {
            name.push(c);
        }
    }
    name
}

/// A [`normalize`]d text without what stands in brackets behind it: `現場確認中(現場確認中のもの)` is
/// `現場確認中`. A text that begins with a bracket stays whole.
pub fn without_explanation(normal: &str) -> &str {
    match normal.find(['(', '[', '【', '〔', '「']) {
        Some(at) if at > 0 => normal[..at].trim_end(),
        _ => normal,
    }
}

/// Whether a cell says that there is nothing: empty, or only dashes (`-`, `－`, `―`, `ー`).
pub fn is_missing(text: &str) -> bool {
    text.nfkc()
        .all(|c| c.is_whitespace() || is_dash(c) || c == 'ー' || c == '\u{feff}')
}

/// A name that a database can keep: trimmed, not empty, without NUL.
///
/// # Errors
/// The reason for a person.
pub fn kept_name(text: &str) -> Result<&str, String> {
    match text.trim() {
        "" => Err("is empty".to_owned()),
        name if name.contains('\0') => Err("holds a NUL character".to_owned()),
        name => Ok(name),
    }
}

/// Hyphens, dashes, minus signs and the box line that stands for one.
fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{2043}' | '\u{2500}' | '\u{2501}' | '\u{30a0}'
    )
}
