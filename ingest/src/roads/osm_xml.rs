//! `.osm` XML (OSM API 0.6).

use super::osm::{OsmData, OsmWay, Tags, is_road, to_source};
use super::{Counted, RoadFileError, broken};
use domain::geometry::LonLat;
use domain::network::RoadSource;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::BufReader;

#[derive(Default)]
struct Relation {
    tags: Tags,
    ways: Vec<i64>,
}

enum Open {
    Nothing,
    Way(OsmWay),
    Relation(Relation),
}

pub(super) fn decode(
    name: &str,
    bytes: &[u8],
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<RoadSource, RoadFileError> {
    let mut reader = Reader::from_reader(BufReader::new(Counted::new(bytes, 0, 1, progress)));
    let mut data = OsmData::default();
    let mut open = Open::Nothing;
    let mut buffer = Vec::new();
    let mut saw_root = false;
    let mut depth = 0usize;
    loop {
        let event = reader.read_event_into(&mut buffer).map_err(|e| {
            let at = reader.error_position();
            broken(name, format!("line {}: {e}", line_of(bytes, at)))
        })?;
        let position = reader.buffer_position();
        let bad = |what: String| broken(name, format!("line {}: {what}", line_of(bytes, position)));
        match &event {
            Event::Eof if depth > 0 => return Err(bad("the file ends too early".to_owned())),
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => {
                let is_open = matches!(event, Event::Start(_));
                depth += usize::from(is_open);
                match tag.local_name().as_ref() {
                    "osm" => saw_root = true,
                    "node" => {
                        let id = number(tag, "id").map_err(&bad)?;
                        let at = LonLat::new(
                            number(tag, "lon").map_err(&bad)?,
                            number(tag, "lat").map_err(&bad)?,
                        );
                        if !at.is_valid() {
                            return Err(bad(format!("node {id} lies outside the globe")));
                        }
                        data.places.insert(id, at);
                    }
                    "way" if is_open => {
                        open = Open::Way(OsmWay {
                            id: number(tag, "id").map_err(&bad)?,
                            ..OsmWay::default()
                        });
                    }
                    "relation" if is_open => open = Open::Relation(Relation::default()),
                    "nd" => {
                        if let Open::Way(way) = &mut open {
                            way.nodes.push(number(tag, "ref").map_err(&bad)?);
                        }
                    }
                    "member" => {
                        if let Open::Relation(relation) = &mut open
                            && text(tag, "type").map_err(&bad)? == "way"
                        {
                            relation.ways.push(number(tag, "ref").map_err(&bad)?);
                        }
                    }
                    "tag" => {
                        let (key, value) =
                            (text(tag, "k").map_err(&bad)?, text(tag, "v").map_err(&bad)?);
                        match &mut open {
                            Open::Way(way) => drop(way.tags.insert(key, value)),
                            Open::Relation(relation) => drop(relation.tags.insert(key, value)),
                            Open::Nothing => {}
                        }
                    }
                    _ => {}
                }
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                match tag.local_name().as_ref() {
                    "way" | "relation" => {
                        take(&mut data, std::mem::replace(&mut open, Open::Nothing));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        buffer.clear();
    }
    if !saw_root {
        return Err(broken(name, "not an OSM XML file: it has no <osm> element"));
    }
    to_source(name, data)
}

fn take(data: &mut OsmData, open: Open) {
    match open {
        Open::Way(way) if is_road(&way.tags) => data.ways.push(way),
        Open::Relation(relation) if relation.tags.get("route").is_some_and(|v| v == "road") => {
            if let Some(network) = relation.tags.get("network") {
                for way in relation.ways {
                    data.networks.entry(way).or_default().push(network.clone());
                }
            }
        }
        _ => {}
    }
}

fn text(tag: &BytesStart<'_>, key: &str) -> Result<String, String> {
    let element = tag.local_name().as_ref().to_owned();
    let attribute = tag
        .try_get_attribute(key)
        .map_err(|e| format!("<{element}>: {e}"))?
        .ok_or_else(|| format!("<{element}> has no {key}"))?;
    quick_xml::escape::unescape(&attribute.value)
        .map(std::borrow::Cow::into_owned)
        .map_err(|e| format!("<{element} {key}>: {e}"))
}

fn number<T: std::str::FromStr>(tag: &BytesStart<'_>, key: &str) -> Result<T, String> {
    let value = text(tag, key)?;
    value
        .parse()
        .map_err(|_| format!("{key}=\"{value}\" is not a number"))
}

pub(super) fn line_of(bytes: &[u8], position: u64) -> usize {
    let end = usize::try_from(position).map_or(bytes.len(), |p| p.min(bytes.len()));
    1 + bytes[..end].iter().filter(|b| **b == b'\n').count()
}
