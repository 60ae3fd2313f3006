//! A payload that needs others to be understood is kept together with them, as one zip archive.
//!
//! JMA's map file, for one, says neither its time, which is in its name, nor where its stations are,
//! which is in another file. What is kept raw must suffice to decode again, so the file, its name
//! and its companions are kept as one.

use super::archive::{ArchiveEntry, ArchiveError};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Folder of the archive that holds the file itself; it also tells a bundle from other archives.
const MAIN: &str = "yukimichi-bundle/main/";
/// Folder of its companions.
const COMPANIONS: &str = "yukimichi-bundle/companions/";

/// Files that a payload needs to be understood, by the names that the configuration gives them.
pub type Companions = BTreeMap<String, Vec<u8>>;

/// Packs a payload with its companions. The same input gives the same bytes, so that a payload that
/// was seen before is known by its hash.
///
/// # Errors
/// When the archive can't hold them, as for a name or size beyond what zip allows.
pub fn pack(name: &str, payload: &[u8], companions: &Companions) -> Result<Vec<u8>, ArchiveError> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut write = |path: String, bytes: &[u8]| -> zip::result::ZipResult<()> {
        writer.start_file(path, options)?;
        Ok(writer.write_all(bytes)?)
    };
    write(format!("{MAIN}{name}"), payload)
        .and_then(|()| {
            companions
                .iter()
                .try_for_each(|(name, bytes)| write(format!("{COMPANIONS}{name}"), bytes))
        })
        .and_then(|()| writer.finish())
        .map(Cursor::into_inner)
        .map_err(|e| ArchiveError::Damaged(e.to_string()))
}

/// Whether an archive is a bundle, by the names of its entries.
pub(super) fn is_bundle(names: &[String]) -> bool {
    names.first().is_some_and(|name| name.starts_with(MAIN))
}

/// Splits a bundle's entries into the payload and its companions; `None` when it has no payload.
pub(super) fn split(entries: Vec<ArchiveEntry>) -> Option<(ArchiveEntry, Companions)> {
    let mut main = None;
    let mut companions = Companions::new();
    for entry in entries {
        if let Some(name) = entry.name.strip_prefix(MAIN) {
            main.get_or_insert(ArchiveEntry {
                name: name.to_owned(),
                bytes: entry.bytes,
            });
        } else if let Some(name) = entry.name.strip_prefix(COMPANIONS) {
            companions.insert(name.to_owned(), entry.bytes);
        }
    }
    Some((main?, companions))
}
