//! Road files: OSM extracts and GeoJSON.

mod geojson_file;
mod manager_level;
mod osm;
mod osm_pbf;
mod osm_xml;
mod route_line;

use domain::network::RoadSource;
use std::io::Read;

/// Why a road file could not be read at all. Single bad records are refused, not errors.
#[derive(Debug, thiserror::Error)]
pub enum RoadFileError {
    /// The name ends in none of the known ways.
    #[error("{name}: not a road file; yukimichi reads .osm.pbf, .osm and .geojson")]
    UnknownKind {
        /// The file.
        name: String,
    },
    /// The content is not what the name says.
    #[error("{name}: {what}")]
    Broken {
        /// The file.
        name: String,
        /// What is wrong with it, with the place where it is known.
        what: String,
    },
    /// There is no road in it.
    #[error("{name}: holds no road ({seen})")]
    Empty {
        /// The file.
        name: String,
        /// What it does hold.
        seen: String,
    },
}

/// Reads a road file. `name` decides the format by its ending and is used in messages;
/// `manager` is the code of the road manager to whom its roads belong, where that is known;
/// `progress` is told the bytes read so far and those to read in all.
///
/// # Errors
/// [`RoadFileError`] when nothing of the file can be used.
pub fn decode_roads(
    name: &str,
    bytes: &[u8],
    manager: Option<&str>,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<RoadSource, RoadFileError> {
    let lower = name.to_lowercase();
    let mut source = if lower.ends_with(".pbf") {
        osm_pbf::decode(name, bytes, progress)?
    } else if lower.ends_with(".osm") || lower.ends_with(".osm.xml") {
        osm_xml::decode(name, bytes, progress)?
    } else if lower.ends_with(".geojson") || lower.ends_with(".json") {
        geojson_file::decode(name, bytes, progress)?
    } else {
        return Err(RoadFileError::UnknownKind {
            name: name.to_owned(),
        });
    };
    if source.ways.is_empty() && source.lines.is_empty() {
        let first = source.refused.first();
        return Err(RoadFileError::Empty {
            name: name.to_owned(),
            seen: match first {
                Some(r) => format!(
                    "{} records refused, the first: record {}: {}: {}",
                    source.refused.len(),
                    r.position,
                    r.field,
                    r.reason
                ),
                None => "no record at all".to_owned(),
            },
        });
    }
    if let Some(code) = manager {
        let attributes = source
            .ways
            .iter_mut()
            .map(|way| &mut way.attributes)
            .chain(source.lines.iter_mut().map(|line| &mut line.attributes));
        for attributes in attributes {
            attributes.manager = Some(code.to_owned());
        }
    }
    Ok(source)
}

/// Tells how far a file has been read.
struct Counted<'a> {
    bytes: &'a [u8],
    done: u64,
    total: u64,
    progress: &'a (dyn Fn(u64, u64) + Sync),
}

impl<'a> Counted<'a> {
    /// The `pass`-th of `passes` readings of the same bytes.
    fn new(
        bytes: &'a [u8],
        pass: u64,
        passes: u64,
        progress: &'a (dyn Fn(u64, u64) + Sync),
    ) -> Self {
        let size = bytes.len() as u64;
        Counted {
            bytes,
            done: size * pass,
            total: size * passes,
            progress,
        }
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.bytes.read(buffer)?;
        self.done += n as u64;
        (self.progress)(self.done, self.total);
        Ok(n)
    }
}

fn broken(name: &str, what: impl std::fmt::Display) -> RoadFileError {
    RoadFileError::Broken {
        name: name.to_owned(),
        what: what.to_string(),
    }
}
