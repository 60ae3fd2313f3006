//! Records from KML 2.2 (OGC 07-147r2), as Google My Maps exports it: a placemark is a record.
//!
//! Its fields are its extended data, then `name`, `folder` (of the folder or layer it lies in) and
//! `document` (the map's name), then lines such as `ステータス: 作業中` of its description.

use super::geometry::Geometry;
use super::{FieldNames, Record};
use crate::decoded::DecodeError;
use crate::text::normalize;
use domain::fix::Rejection;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

pub(super) fn read(
    text: &str,
    names: &FieldNames,
) -> Result<Vec<Result<Record, Rejection>>, DecodeError> {
    let mut reader = Reader::from_str(text);
    let mut kml = Kml {
        names,
        open: Vec::new(),
        text: String::new(),
        folders: Vec::new(),
        placemark: None,
        records: Vec::new(),
        link: None,
    };
    let mut saw_kml = false;
    loop {
        let before = reader.buffer_position();
        let event = reader.read_event().map_err(|e| {
            DecodeError(format!(
                "line {}: {e}",
                line_of(text, reader.error_position())
            ))
        })?;
        let after = reader.buffer_position();
        match event {
            Event::Eof => break,
            Event::Start(tag) => {
                saw_kml |= kml.open.is_empty() && tag.local_name().as_ref() == "kml";
                kml.start(&tag, before);
            }
            Event::Empty(tag) => {
                kml.start(&tag, before);
                kml.end(text, after);
            }
            Event::End(_) => kml.end(text, after),
            Event::Text(words) => kml.text.push_str(&words.xml10_content()),
            Event::CData(words) => kml.text.push_str(&words.xml10_content()),
            Event::GeneralRef(reference) => {
                let char = reference.resolve_char_ref().ok().flatten();
                let entity = resolve_predefined_entity(&reference);
                match (char, entity) {
                    (Some(c), _) => kml.text.push(c),
                    (None, Some(text)) => kml.text.push_str(text),
                    (None, None) => {
                        let line = line_of(text, after);
                        return Err(DecodeError(format!("line {line}: an unknown entity")));
                    }
                }
            }
            _ => {}
        }
    }
    if !kml.open.is_empty() {
        return Err(DecodeError("the KML ends too early".to_owned()));
    }
    if !saw_kml {
        return Err(DecodeError("not KML: it has no <kml> element".to_owned()));
    }
    match kml.link {
        Some(link) if kml.records.is_empty() => Err(DecodeError(format!(
            "the file has no placemarks, it only links to {link}; that is the address to configure"
        ))),
        _ => Ok(kml.records),
    }
}

struct Kml<'n> {
    names: &'n FieldNames,
    /// Local names of the open elements, with the `name` attribute of data.
    open: Vec<(String, Option<String>)>,
    /// Text since the last tag.
    text: String,
    /// Names of the open documents and folders.
    folders: Vec<(String, String)>,
    placemark: Option<Placemark>,
    records: Vec<Result<Record, Rejection>>,
    /// Where a network link leads.
    link: Option<String>,
}

#[derive(Default)]
struct Placemark {
    start: u64,
    data: Vec<(String, String)>,
    name: String,
    description: String,
    geometry: Geometry,
    rings: Vec<Vec<Vec<f64>>>,
    bad: Option<String>,
}

impl Kml<'_> {
    fn start(&mut self, tag: &BytesStart<'_>, position: u64) {
        let local = tag.local_name();
        let local: &str = local.as_ref();
        self.text.clear();
        match local {
            "Placemark" if self.placemark.is_none() => {
                self.placemark = Some(Placemark {
                    start: position,
                    ..Placemark::default()
                });
            }
            "Document" | "Folder" => self.folders.push((local.to_owned(), String::new())),
            "Polygon" => {
                if let Some(placemark) = &mut self.placemark {
                    placemark.rings.clear();
                }
            }
            _ => {}
        }
        let name = match local {
            "Data" | "SimpleData" => tag.try_get_attribute("name").ok().flatten(),
            _ => None,
        };
        let name = name.and_then(|attribute| {
            let value = quick_xml::escape::unescape(&attribute.value).ok()?;
            Some(normalize(&value))
        });
        self.open.push((local.to_owned(), name));
    }

    fn end(&mut self, whole: &str, position: u64) {
        let Some((local, name)) = self.open.pop() else {
            return;
        };
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        let parent = self.open.last().map_or("", |(parent, _)| parent.as_str());
        match (local.as_str(), &mut self.placemark) {
            ("Placemark", Some(_)) => self.take(whole, position),
            ("Document" | "Folder", _) => drop(self.folders.pop()),
            ("href", None) if self.open.iter().any(|(name, _)| name == "NetworkLink") => {
                self.link = Some(text.to_owned());
            }
            ("name", None) => {
                if let Some((kind, folder)) = self.folders.last_mut()
                    && kind == parent
                {
                    *folder = text.to_owned();
                }
            }
            ("name", Some(p)) if parent == "Placemark" => p.name = text.to_owned(),
            ("description", Some(p)) if parent == "Placemark" => p.description = text.to_owned(),
            ("value", Some(p)) if parent == "Data" => {
                let name = self.open.last().and_then(|(_, name)| name.clone());
                p.data.extend(name.map(|name| (name, text.to_owned())));
            }
            ("SimpleData", Some(p)) => p.data.extend(name.map(|name| (name, text.to_owned()))),
            ("coordinates", Some(p)) => p.coordinates(parent, text),
            ("Polygon", Some(p)) => p.polygon(),
            _ => {}
        }
    }

    fn take(&mut self, whole: &str, end: u64) {
        let Some(placemark) = self.placemark.take() else {
            return;
        };
        let position = self.records.len() as u64;
        let range = placemark.start as usize..end as usize;
        let record = whole.get(range).unwrap_or_default().to_owned();
        if let Some(reason) = placemark.bad {
            self.records.push(Err(Rejection {
                position,
                field: "geometry".to_owned(),
                reason,
                record,
            }));
            return;
        }
        let folder = |kind: &str| {
            let mut inner = self.folders.iter().rev().filter(|(k, _)| k == kind);
            inner.next().map(|(_, name)| name.as_str())
        };
        let described = described(&placemark.description);
        let by_name =
            |fields: &'_ [(String, String)], name: &str| fields.iter().position(|(n, _)| n == name);
        let values = self.names.values(|name| {
            if let Some(at) = by_name(&placemark.data, name) {
                return Some(placemark.data[at].1.as_str());
            }
            match name {
                "name" => Some(placemark.name.as_str()),
                "folder" => folder("Folder"),
                "document" => folder("Document"),
                _ => by_name(&described, name).map(|at| described[at].1.as_str()),
            }
        });
        self.records.push(Ok(Record {
            position,
            geometry: placemark.geometry,
            values,
            record,
        }));
    }
}

impl Placemark {
    fn coordinates(&mut self, parent: &str, text: &str) {
        let positions: Result<Vec<Vec<f64>>, String> = text
            .split_whitespace()
            .map(|tuple| {
                tuple
                    .split(',')
                    .map(|n| n.parse().map_err(|_| format!("{tuple:?} is no position")))
                    .collect()
            })
            .collect();
        let added = positions.and_then(|positions| match parent {
            "Point" => positions
                .iter()
                .try_for_each(|point| self.geometry.add_point(point)),
            "LineString" => self.geometry.add_line(&positions),
            "LinearRing" => {
                self.rings.push(positions);
                Ok(())
            }
            _ => Ok(()),
        });
        self.keep_first(added);
    }

    fn polygon(&mut self) {
        let rings = std::mem::take(&mut self.rings);
        let added = self.geometry.add_area(&rings);
        self.keep_first(added);
    }

    fn keep_first(&mut self, result: Result<(), String>) {
        if let Err(reason) = result {
            self.bad.get_or_insert(reason);
        }
    }
}

/// `key: value` lines of a description, which may be HTML.
fn described(description: &str) -> Vec<(String, String)> {
    let mut text = description.to_owned();
    for tag in [
        "<br>", "<br/>", "<br />", "</div>", "</p>", "</tr>", "</li>",
    ] {
        text = text.replace(tag, "\n");
    }
    text.lines()
        .filter_map(|line| {
            let line = normalize(&without_tags(line));
            let (key, value) = line.split_once(':')?;
            Some((key.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

fn without_tags(html: &str) -> String {
    let mut inside = false;
    html.chars()
        .filter(|c| match c {
            '<' => {
                inside = true;
                false
            }
            '>' if inside => {
                inside = false;
                false
            }
            _ => !inside,
        })
        .collect()
}

fn line_of(text: &str, position: u64) -> usize {
    let end = usize::try_from(position).map_or(text.len(), |p| p.min(text.len()));
    1 + text.as_bytes()[..end]
        .iter()
        .filter(|b| **b == b'\n')
        .count()
}
