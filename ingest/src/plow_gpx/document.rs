//! The GPX document: tracks and their points, as they are written.
//!
//! Source: GPX 1.0 and 1.1 schemas (topografix.com), Garmin's TrackPointExtension v1 and v2. Speeds are
//! m/s in all of them. Elements are known by their names without prefix, since prefixes vary.

use crate::decoded::DecodeError;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

/// Deepest that anyone nests elements; what goes on for ever is no track.
const DEEPEST: usize = 64;

/// One `<trkpt>`.
#[derive(Debug, Default)]
pub(super) struct Point {
    /// 1-based line where it begins.
    pub(super) line: u64,
    /// Its text.
    pub(super) record: String,
    /// Attributes and texts of elements within it, by name.
    pub(super) fields: BTreeMap<String, String>,
    /// Number of its track.
    pub(super) track: usize,
}

/// What a document holds.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// Texts of each track's own elements (`name`, `type`, …).
    pub(super) tracks: Vec<BTreeMap<String, String>>,
    pub(super) points: Vec<Point>,
    /// Waypoints and points of routes, which say where someone wants to go.
    pub(super) others: usize,
    /// Where the document breaks off, and why.
    pub(super) broken: Option<(u64, String)>,
}

/// Reads a document as far as it goes.
pub(super) fn read(text: &str) -> Result<Document, DecodeError> {
    let mut reader = Reader::from_str(text);
    let mut document = Document::default();
    let mut lines = LineCount {
        text,
        at: 0,
        line: 1,
    };
    let mut open: Vec<String> = Vec::new();
    let mut point: Option<(usize, Point)> = None;
    let mut written = String::new();
    let mut saw_root = false;
    loop {
        let begin = position(&reader, text);
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(e) if saw_root => {
                let at = usize::try_from(reader.error_position()).unwrap_or(text.len());
                document.broken = Some((lines.at(at.max(lines.at)), e.to_string()));
                break;
            }
            Err(e) => return Err(DecodeError(format!("not XML: {e}"))),
        };
        match event {
            Event::Eof => {
                if saw_root && !open.is_empty() {
                    let line = lines.at(text.len());
                    document.broken = Some((line, "the file ends too early".to_owned()));
                }
                break;
            }
            Event::Start(tag) => {
                let name = tag.local_name().as_ref().to_owned();
                saw_root |= name == "gpx";
                match name.as_str() {
                    "trk" => document.tracks.push(BTreeMap::new()),
                    "trkpt" => {
                        let track = document.tracks.len().saturating_sub(1);
                        let (line, fields) = (lines.at(begin), attributes(&tag));
                        point = Some((
                            begin,
                            Point {
                                line,
                                fields,
                                track,
                                ..Point::default()
                            },
                        ));
                    }
                    "wpt" | "rtept" => document.others += 1,
                    _ => {}
                }
                written.clear();
                if open.len() == DEEPEST {
                    let reason = format!("elements are nested deeper than {DEEPEST}");
                    document.broken = Some((lines.at(begin), reason));
                    break;
                }
                open.push(name);
            }
            Event::Empty(tag) => match tag.local_name().as_ref() {
                "trkpt" => document.points.push(Point {
                    line: lines.at(begin),
                    record: text[begin..position(&reader, text)].trim().to_owned(),
                    fields: attributes(&tag),
                    track: document.tracks.len().saturating_sub(1),
                }),
                "gpx" => saw_root = true,
                "wpt" | "rtept" => document.others += 1,
                _ => {}
            },
            Event::Text(text) => written.push_str(&text),
            Event::CData(text) => written.push_str(&text),
            Event::GeneralRef(entity) => {
                // Of entities only XML's own five and numbers mean anything; others are left as written.
                let entity = format!("&{};", &*entity);
                let plain = quick_xml::escape::unescape(&entity);
                written.push_str(plain.as_deref().unwrap_or(&entity));
            }
            Event::End(_) => {
                let name = open.pop().unwrap_or_default();
                let value = written.trim();
                if name == "trkpt" {
                    if let Some((begin, mut done)) = point.take() {
                        done.record = text[begin..position(&reader, text)].trim().to_owned();
                        document.points.push(done);
                    }
                } else if value.is_empty() {
                    // An element of elements.
                } else if let Some((_, point)) = &mut point {
                    point.fields.entry(name).or_insert_with(|| value.to_owned());
                } else if open
                    .last()
                    .is_some_and(|parent| parent == "trk" || parent == "extensions")
                    && let Some(track) = document.tracks.last_mut()
                {
                    track.entry(name).or_insert_with(|| value.to_owned());
                }
                written.clear();
            }
            _ => {}
        }
    }
    if !saw_root {
        return Err(DecodeError(
            "not a GPX file: it has no <gpx> element".to_owned(),
        ));
    }
    Ok(document)
}

fn position(reader: &Reader<&[u8]>, text: &str) -> usize {
    let at = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
    // Tags begin and end at characters; what an error leaves behind may not.
    (at.min(text.len())..=text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}

fn attributes(tag: &BytesStart<'_>) -> BTreeMap<String, String> {
    tag.attributes()
        .filter_map(Result::ok)
        .map(|a| (a.key.local_name().as_ref().to_owned(), a.value.to_string()))
        .collect()
}

/// Counts lines once over the whole text.
struct LineCount<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl LineCount<'_> {
    /// The 1-based line of a byte; calls must not go back.
    fn at(&mut self, byte: usize) -> u64 {
        let byte = byte.min(self.text.len());
        if let Some(passed) = self.text.as_bytes().get(self.at..byte) {
            self.line += passed.iter().filter(|b| **b == b'\n').count() as u64;
            self.at = byte;
        }
        self.line
    }
}
