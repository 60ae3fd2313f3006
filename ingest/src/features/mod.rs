//! Records with fields and, maybe, a geometry: the same whether a manager gives them as CSV, GeoJSON or
//! KML. What they mean is their format's business.

mod csv;
mod geojson;
mod geometry;
mod json;
mod kml;
mod made_id;
mod place;
mod wkt;

#[cfg(test)]
mod tests;

pub use geometry::Geometry;
pub(crate) use made_id::made_id;
pub use place::{PlaceColumns, PlaceFields};

use crate::decoded::DecodeError;
use crate::table::TableSettings;
use crate::text::{decode_text, is_missing, normalize};
use domain::fix::Rejection;

/// A field that was asked for; its value is taken from a [`Record`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field(usize);

/// The fields that a format asks for, by configuration key and by name in the data. Names are compared in
/// their normal form.
#[derive(Debug, Clone, Default)]
pub struct FieldNames {
    wanted: Vec<(String, String)>,
    geometry: Option<String>,
}

impl FieldNames {
    /// Asks for a field; `key` is what the configuration calls it.
    pub fn add(&mut self, key: &str, name: &str) -> Field {
        self.wanted.push((key.to_owned(), normalize(name)));
        Field(self.wanted.len() - 1)
    }

    /// Asks for a field that the configuration may leave out.
    pub fn add_optional(&mut self, key: &str, name: Option<&str>) -> Option<Field> {
        name.map(|name| self.add(key, name))
    }

    /// The column of a CSV that holds geometry as WKT; GeoJSON and KML have their own.
    pub fn geometry(&mut self, name: Option<&str>) {
        self.geometry = name.map(str::to_owned);
    }

    fn key(&self, field: Field) -> &str {
        self.wanted.get(field.0).map_or("", |(key, _)| key)
    }

    /// The values of the wanted fields, found by name.
    fn values<'v>(&self, find: impl Fn(&str) -> Option<&'v str>) -> Vec<String> {
        self.wanted
            .iter()
            .map(|(_, name)| find(name).unwrap_or_default().trim().to_owned())
            .collect()
    }
}

/// One record.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// 1-based line of a CSV, or 0-based number of a feature or placemark.
    pub position: u64,
    /// Its geometry.
    pub geometry: Geometry,
    values: Vec<String>,
    record: String,
}

/// What is wrong with a record: the configuration's key and the reason.
pub type Bad = (String, String);

impl Record {
    /// A wanted field's value; `None` when it is not configured, empty or only a dash.
    pub fn get(&self, field: impl Into<Option<Field>>) -> Option<&str> {
        self.text(field).filter(|value| !is_missing(value))
    }

    /// Like [`Record::get`], but a dash is a value of its own.
    pub fn text(&self, field: impl Into<Option<Field>>) -> Option<&str> {
        let value = self.values.get(field.into()?.0)?;
        (!value.is_empty()).then_some(value.as_str())
    }

    /// A wanted field's value.
    ///
    /// # Errors
    /// When there is none.
    pub fn need(&self, names: &FieldNames, field: Field) -> Result<&str, Bad> {
        self.get(field)
            .ok_or_else(|| (names.key(field).to_owned(), "is missing".to_owned()))
    }

    /// The rejection of this record.
    pub fn reject(&self, (field, reason): Bad) -> Rejection {
        Rejection {
            position: self.position,
            field,
            reason,
            record: self.record.clone(),
        }
    }
}

/// Reads all records of a file: KML where it begins with `<`, GeoJSON where it begins with `{`, else a
/// table. A record that can't be read is a rejection among the others.
///
/// # Errors
/// When the file as a whole can't be read, or a wanted column of a table is not there.
pub fn read_records(
    payload: &[u8],
    table: &TableSettings,
    names: &FieldNames,
) -> Result<Vec<Result<Record, Rejection>>, DecodeError> {
    let text = decode_text(payload, table.encoding)?;
    match text.trim_start().chars().next() {
        Some('<') => kml::read(&text, names),
        Some('{') => geojson::read(&text, names),
        _ => csv::read(&text, table, names),
    }
}

/// Reads all records of a file that is JSON: the objects of the list at a JSON pointer.
///
/// # Errors
/// When the file as a whole can't be read, or there is no list.
pub fn read_items(
    payload: &[u8],
    items: &str,
    names: &FieldNames,
) -> Result<Vec<Result<Record, Rejection>>, DecodeError> {
    json::read(&decode_text(payload, None)?, items, names)
}
