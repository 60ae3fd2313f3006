//! Records from a table.

use super::geometry::Geometry;
use super::{FieldNames, Record, wkt};
use crate::decoded::DecodeError;
use crate::table::{Column, ColumnNames, Table, TableSettings};
use crate::text::is_missing;
use domain::fix::Rejection;

pub(super) fn read(
    text: &str,
    settings: &TableSettings,
    names: &FieldNames,
) -> Result<Vec<Result<Record, Rejection>>, DecodeError> {
    let mut columns = ColumnNames::default();
    let fields: Vec<Column> = names
        .wanted
        .iter()
        .map(|(key, name)| columns.add(key, name))
        .collect();
    let geometry = columns.add_optional("geometry", names.geometry.as_deref());
    let mut rows = Table::open(text, settings, &columns)?.rows();
    let mut records = Vec::new();
    while let Some(row) = rows.next_row() {
        records.push(row.and_then(|row| {
            let geometry = match row.get_optional(geometry).filter(|cell| !is_missing(cell)) {
                None => Geometry::default(),
                Some(text) => wkt::read(text).map_err(|reason| row.reject("geometry", reason))?,
            };
            Ok(Record {
                position: row.line(),
                geometry,
                values: fields.iter().map(|f| row.get(*f).to_owned()).collect(),
                record: row.reject("", "").record,
            })
        }));
    }
    Ok(records)
}
