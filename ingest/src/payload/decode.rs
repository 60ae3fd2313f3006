//! All files of a payload through one decoder.

use super::{Companions, Payload, PayloadFile};
use crate::decoded::{DecodeError, Decoded};
use domain::fix::Rejection;

/// How much of a file that can't be read is kept beside the reason; the payload itself is kept whole.
const SHOWN_BYTES: usize = 2000;

/// Unpacks a payload and decodes its files one by one. In a payload of several files what is said of
/// one names it, and a file that can't be read is rejected while the others go on.
///
/// # Errors
/// [`DecodeError`] when the payload can't be unpacked, or none of its files can be read.
pub fn decode_files(
    payload: &[u8],
    max_bytes: usize,
    decode: impl Fn(&PayloadFile<'_>, &Companions) -> Result<Decoded, DecodeError>,
) -> Result<Decoded, DecodeError> {
    // A bundle may be larger than its payload, but not by more than its companions.
    if payload.len() > max_bytes.saturating_mul(4) {
        return Err(too_large(payload.len(), max_bytes));
    }
    let Payload { files, companions } =
        Payload::open(payload, max_bytes).map_err(|e| DecodeError(e.to_string()))?;
    if let [file] = &files[..] {
        return if file.bytes.len() > max_bytes {
            Err(too_large(file.bytes.len(), max_bytes))
        } else {
            decode(file, &companions)
        };
    }
    let mut all = Decoded::default();
    let mut unreadable = Vec::new();
    for (position, file) in files.iter().enumerate() {
        match decode(file, &companions) {
            Ok(mut decoded) => {
                let kept_out = decoded.rejections.iter_mut();
                for rejection in kept_out.chain(&mut decoded.dropped_values) {
                    rejection.reason = format!("{}: {}", file.name, rejection.reason);
                }
                for note in &mut decoded.notes {
                    *note = format!("{}: {note}", file.name);
                }
                all.append(decoded);
            }
            Err(error) => unreadable.push(Rejection {
                position: position as u64,
                field: String::new(),
                reason: format!("{}: {error}", file.name),
                record: String::from_utf8_lossy(&file.bytes[..file.bytes.len().min(SHOWN_BYTES)])
                    .into_owned(),
            }),
        }
    }
    if unreadable.len() == files.len() {
        let reasons: Vec<String> = unreadable.into_iter().map(|r| r.reason).collect();
        return Err(DecodeError(if reasons.is_empty() {
            "the archive holds no file that could be data".to_owned()
        } else {
            reasons.join("; ")
        }));
    }
    all.rejections.extend(unreadable);
    Ok(all)
}

fn too_large(bytes: usize, max_bytes: usize) -> DecodeError {
    DecodeError(format!(
        "the payload has {bytes} bytes, more than the {max_bytes} that are taken"
    ))
}
