//! What a payload consists of: one file, or the files of an archive, with the companions that are
//! needed to understand them. Formats see files; archives end here.

mod archive;
mod bundle;
mod decode;

#[cfg(test)]
mod tests;

pub use archive::{ArchiveEntry, ArchiveError, ArchiveLimits};
pub use bundle::{Companions, pack};
pub use decode::decode_files;

use archive::{is_zip, read_archive};
use std::borrow::Cow;

/// One file of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadFile<'a> {
    /// Its name; empty where nothing is known of it.
    pub name: String,
    /// Its bytes.
    pub bytes: Cow<'a, [u8]>,
}

/// A payload, unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload<'a> {
    /// Its files.
    pub files: Vec<PayloadFile<'a>>,
    /// What they need to be understood.
    pub companions: Companions,
}

impl<'a> Payload<'a> {
    /// Unpacks a payload as it was kept: a file as it is, a zip archive as its files, a bundle as its
    /// file and companions. Of an archive with a KML file (a KMZ) only KML files count; what macOS
    /// and Windows add by themselves is left out.
    ///
    /// # Errors
    /// [`ArchiveError`] when an archive is damaged, holds another one or unpacks to more than the
    /// limits for `max_bytes`.
    pub fn open(bytes: &'a [u8], max_bytes: usize) -> Result<Self, ArchiveError> {
        if !is_zip(bytes) {
            let name = String::new();
            let bytes = Cow::Borrowed(bytes);
            return Ok(Payload {
                files: vec![PayloadFile { name, bytes }],
                companions: Companions::new(),
            });
        }
        let limits = ArchiveLimits::for_payload(max_bytes);
        let is_bundle = std::cell::Cell::new(false);
        let entries = read_archive(
            bytes,
            |names| {
                is_bundle.set(bundle::is_bundle(names));
                // Packed by a pull, however tightly the payload allows; its size is bounded all the same.
                let ratio = if is_bundle.get() {
                    usize::MAX
                } else {
                    limits.ratio
                };
                ArchiveLimits { ratio, ..limits }
            },
            |name, names| is_bundle.get() || is_data(name, names),
        )?;
        if !is_bundle.get() {
            return Ok(Payload {
                files: flat(entries)?,
                companions: Companions::new(),
            });
        }
        let (main, companions) = bundle::split(entries)
            .ok_or_else(|| ArchiveError::Damaged("a bundle without a payload".to_owned()))?;
        let files = if is_zip(&main.bytes) {
            flat(read_archive(&main.bytes, |_| limits, is_data)?)?
        } else {
            flat(vec![main])?
        };
        Ok(Payload { files, companions })
    }
}

/// Files of an archive; one that is an archive itself is refused.
fn flat<'a>(entries: Vec<ArchiveEntry>) -> Result<Vec<PayloadFile<'a>>, ArchiveError> {
    entries
        .into_iter()
        .map(|ArchiveEntry { name, bytes }| {
            if is_zip(&bytes) {
                return Err(ArchiveError::Nested { name });
            }
            let bytes = Cow::Owned(bytes);
            Ok(PayloadFile { name, bytes })
        })
        .collect()
}

fn is_data(name: &str, names: &[String]) -> bool {
    let is_kml = |name: &str| {
        let extension = name.rsplit('.').next().unwrap_or_default();
        extension.eq_ignore_ascii_case("kml")
    };
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let added = name.starts_with("__MACOSX/") || base.starts_with('.') || base == "Thumbs.db";
    !added && (is_kml(name) || !names.iter().any(|n| is_kml(n)))
}
