//! From bytes to text: UTF-8, CP932 and what Excel calls Unicode.

use crate::decoded::DecodeError;
use encoding_rs::{SHIFT_JIS, UTF_16BE, UTF_16LE};
use serde::Deserialize;
use std::borrow::Cow;

/// How a text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[serde(alias = "utf8")]
    Utf8,
    /// Windows-31J, as Japanese Excel writes CSV.
    #[serde(alias = "shift_jis", alias = "sjis", alias = "windows-31j")]
    Cp932,
}

/// Reads a text. A byte order mark (UTF-8, UTF-16) decides; then `stated`; then UTF-8 where the bytes
/// are that, and CP932 where they are not. Bytes that are neither are never replaced by `�`.
///
/// # Errors
/// With the offset of the first byte that does not fit.
pub fn decode_text(bytes: &[u8], stated: Option<Encoding>) -> Result<Cow<'_, str>, DecodeError> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return utf8(rest, 3);
    }
    for (mark, encoding) in [(b"\xFF\xFE", UTF_16LE), (b"\xFE\xFF", UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            return encoding
                .decode_without_bom_handling_and_without_replacement(rest)
                .ok_or_else(|| DecodeError(format!("not whole {} text", encoding.name())));
        }
    }
    match stated {
        Some(Encoding::Utf8) => utf8(bytes, 0),
        Some(Encoding::Cp932) => cp932(bytes).ok_or_else(|| {
            DecodeError(format!(
                "not CP932: byte {} is no character",
                first_bad_cp932(bytes)
            ))
        }),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(e) => cp932(bytes).ok_or_else(|| {
                DecodeError(format!(
                    "neither UTF-8 (byte {} does not fit) nor CP932 (byte {} does not fit)",
                    e.valid_up_to(),
                    first_bad_cp932(bytes)
                ))
            }),
        },
    }
}

fn utf8(bytes: &[u8], offset: usize) -> Result<Cow<'_, str>, DecodeError> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|e| {
        let at = offset + e.valid_up_to();
        DecodeError(format!("not UTF-8: byte {at} is no character"))
    })
}

fn cp932(bytes: &[u8]) -> Option<Cow<'_, str>> {
    SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes)
}

/// Offset of the first byte that no CP932 character has there.
fn first_bad_cp932(bytes: &[u8]) -> usize {
    let mut decoder = SHIFT_JIS.new_decoder_without_bom_handling();
    let mut text = vec![0; bytes.len().saturating_mul(3) + 16];
    let (result, read, _) = decoder.decode_to_utf8_without_replacement(bytes, &mut text, true);
    match result {
        encoding_rs::DecoderResult::Malformed(bad, after) => {
            read.saturating_sub(usize::from(bad) + usize::from(after))
        }
        _ => read,
    }
}
