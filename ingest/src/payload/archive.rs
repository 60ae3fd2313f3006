//! Reads zip archives from strangers: everything is counted while it is read, nothing is written
//! anywhere by an entry's name.

use std::io::{Cursor, Read};
use zip::ZipArchive;

/// How much an archive may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// Entries, directories included.
    pub entries: usize,
    /// Bytes of one entry, unpacked.
    pub entry_bytes: usize,
    /// Bytes of all entries together, unpacked.
    pub total_bytes: usize,
    /// Unpacked bytes per packed byte of an entry.
    pub ratio: usize,
}

/// Entries below this size may be packed as tightly as they like.
const RATIO_FREE_BYTES: usize = 1024 * 1024;

impl ArchiveLimits {
    /// The limits that go with a feed's limit on one payload: 1,000 entries, of which none is larger
    /// than that limit and all together are no larger than four times it, packed at most 200 : 1
    /// (text of tables packs 5–30 : 1, a bomb 1,000 : 1).
    pub fn for_payload(max_bytes: usize) -> Self {
        ArchiveLimits {
            entries: 1000,
            entry_bytes: max_bytes,
            total_bytes: max_bytes.saturating_mul(4),
            ratio: 200,
        }
    }
}

/// One unpacked file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveEntry {
    /// Its name in the archive, for people only.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why an archive was not read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Cut short, damaged or of a kind that is not read.
    #[error("not a readable zip archive: {0}")]
    Damaged(String),
    /// More entries than allowed.
    #[error("the archive has {found} entries; at most {limit} are read")]
    TooManyEntries {
        /// How many there are.
        found: usize,
        /// How many may be.
        limit: usize,
    },
    /// An entry that unpacks to more than allowed, whatever its header says.
    #[error("{name}: unpacks to more than {limit} bytes")]
    EntryTooLarge {
        /// The entry.
        name: String,
        /// The limit.
        limit: usize,
    },
    /// All entries together unpack to more than allowed.
    #[error("the archive unpacks to more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// Packed more tightly than any honest data.
    #[error("{name}: unpacks to more than {limit} times its packed size")]
    Bomb {
        /// The entry.
        name: String,
        /// The limit.
        limit: usize,
    },
    /// An archive within the archive.
    #[error("{name}: an archive within the archive is not read")]
    Nested {
        /// The entry.
        name: String,
    },
    /// Protected by a password.
    #[error("{name}: is encrypted")]
    Encrypted {
        /// The entry.
        name: String,
    },
}

/// Whether bytes begin as a zip archive does, an empty one included.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Unpacks the files of an archive, in its order, whose names `wanted` accepts; it and `limits` are told
/// all names, as what an archive is shows in them.
///
/// # Errors
/// The first limit that is passed; then nothing of the archive is taken.
pub(super) fn read_archive(
    bytes: &[u8],
    limits: impl Fn(&[String]) -> ArchiveLimits,
    wanted: impl Fn(&str, &[String]) -> bool,
) -> Result<Vec<ArchiveEntry>, ArchiveError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let names: Vec<String> = archive.file_names_raw().map(name_of).collect();
    let limits = limits(&names);
    if archive.len() > limits.entries {
        return Err(ArchiveError::TooManyEntries {
            found: archive.len(),
            limit: limits.entries,
        });
    }
    // Entries that share their packed bytes are how small archives unpack to petabytes.
    if archive.has_overlapping_files().map_err(damaged)? {
        return Err(ArchiveError::Damaged("its entries overlap".to_owned()));
    }
    let mut total = 0;
    let mut entries = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let (encrypted, is_file) = {
            let entry = archive.by_index_raw(index).map_err(damaged)?;
            (entry.encrypted(), entry.is_file())
        };
        if !is_file || !wanted(name, &names) {
            continue;
        }
        let name = name.clone();
        if encrypted {
            return Err(ArchiveError::Encrypted { name });
        }
        let bytes = unpack(&mut archive, index, &name, limits, total)?;
        total += bytes.len();
        entries.push(ArchiveEntry { name, bytes });
    }
    Ok(entries)
}

fn unpack(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    name: &str,
    limits: ArchiveLimits,
    total_before: usize,
) -> Result<Vec<u8>, ArchiveError> {
    let mut entry = archive.by_index(index).map_err(damaged)?;
    let packed = usize::try_from(entry.compressed_size()).unwrap_or(usize::MAX);
    let by_ratio = packed.saturating_mul(limits.ratio).max(RATIO_FREE_BYTES);
    let left = limits.total_bytes.saturating_sub(total_before);
    // One byte past the least limit tells that it is passed; no header is believed.
    let most = by_ratio.min(limits.entry_bytes).min(left);
    let mut unpacked = Vec::new();
    entry
        .by_ref()
        .take(most as u64 + 1)
        .read_to_end(&mut unpacked)
        .map_err(|e| ArchiveError::Damaged(format!("{name}: {e}")))?;
    if unpacked.len() <= most {
        return Ok(unpacked);
    }
    let name = name.to_owned();
    Err(if most == left {
        ArchiveError::TooLarge {
            limit: limits.total_bytes,
        }
    } else if most == limits.entry_bytes {
        ArchiveError::EntryTooLarge {
            name,
            limit: limits.entry_bytes,
        }
    } else {
        ArchiveError::Bomb {
            name,
            limit: limits.ratio,
        }
    })
}

/// A name for people: UTF-8, or else CP932, which Japanese Windows writes.
fn name_of(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::SHIFT_JIS.decode(raw).0.into_owned(),
    }
}

fn damaged(error: zip::result::ZipError) -> ArchiveError {
    ArchiveError::Damaged(error.to_string())
}
