//! Road files: OSM extracts and GeoJSON.

mod geojson_file;
mod manager_level;
mod osm;
mod osm_pbf;
mod osm_xml;
mod record_line;
mod route_line;
#[cfg(test)]
mod tests;

pub use record_line::line_of_record;

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
    let Some(kind) = Kind::of_name(&lower) else {
        return Err(RoadFileError::UnknownKind {
            name: name.to_owned(),
        });
    };
    if let Some(what) = kind.mistaken(bytes) {
        return Err(broken(name, what));
    }
    let mut source = match kind {
        Kind::Pbf => osm_pbf::decode(name, bytes, progress)?,
        Kind::Xml => osm_xml::decode(name, bytes, progress)?,
        Kind::GeoJson => geojson_file::decode(name, bytes, progress)?,
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

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Pbf,
    Xml,
    GeoJson,
}

impl Kind {
    fn of_name(lower: &str) -> Option<Self> {
        let ends = |endings: &[&str]| endings.iter().any(|e| lower.ends_with(e));
        if ends(&[".pbf"]) {
            Some(Kind::Pbf)
        } else if ends(&[".osm", ".osm.xml"]) {
            Some(Kind::Xml)
        } else if ends(&[".geojson", ".json"]) {
            Some(Kind::GeoJson)
        } else {
            None
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Kind::Pbf => "OSM PBF",
            Kind::Xml => "OSM XML",
            Kind::GeoJson => "GeoJSON",
        }
    }

    /// What the content plainly is, where that is something else than the name says.
    fn mistaken(self, bytes: &[u8]) -> Option<String> {
        let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let start = start.trim_ascii_start();
        let begins =
            |with: &[u8]| (start.get(..with.len())).is_some_and(|s| s.eq_ignore_ascii_case(with));
        let found = if start.is_empty() {
            return Some("is empty".to_owned());
        } else if bytes.get(4..15) == Some(b"\x0A\x09OSMHeader") {
            (
                Some(Kind::Pbf),
                "an OSM PBF file; its name must end in .osm.pbf",
            )
        } else if begins(b"<!doctype html") || begins(b"<html") {
            (None, "a web page, not what was asked for")
        } else if begins(b"\x1F\x8B") || begins(b"BZh") || begins(b"PK\x03\x04") {
            (None, "a compressed file; unpack it first")
        } else if begins(b"<?xml") || begins(b"<osm") {
            (Some(Kind::Xml), "XML; the name of OSM XML must end in .osm")
        } else if begins(b"{") {
            (
                Some(Kind::GeoJson),
                "JSON; the name of GeoJSON must end in .geojson",
            )
        } else {
            return None;
        };
        (found.0 != Some(self))
            .then(|| format!("line 1: not {}: it is {}", self.expected(), found.1))
    }
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
