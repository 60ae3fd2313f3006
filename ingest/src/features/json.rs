//! Records from any JSON document that lists objects.

use super::geojson::text_of;
use super::geometry::Geometry;
use super::{FieldNames, Record};
use crate::decoded::DecodeError;
use crate::text::normalize;
use domain::fix::Rejection;
use serde_json::Value;

/// Reads the objects of the list at a JSON pointer; an object's members are its fields.
pub(super) fn read(
    text: &str,
    items: &str,
    names: &FieldNames,
) -> Result<Vec<Result<Record, Rejection>>, DecodeError> {
    let document: Value = serde_json::from_str(text.trim_start())
        .map_err(|e| DecodeError(format!("not a whole JSON document: {e}")))?;
    let Some(Value::Array(items)) = document.pointer(items) else {
        return Err(DecodeError(format!(
            "items: there is no array at {items:?}"
        )));
    };
    Ok((0u64..)
        .zip(items)
        .map(|(position, item)| match item {
            Value::Object(members) => {
                let fields: Vec<(String, String)> = members
                    .iter()
                    .map(|(name, value)| (normalize(name), text_of(value)))
                    .collect();
                let find = |name: &str| {
                    let mut found = fields.iter().filter(|(own, _)| own == name);
                    found.next().map(|(_, value)| value.as_str())
                };
                Ok(Record {
                    position,
                    geometry: Geometry::default(),
                    values: names.values(find),
                    record: item.to_string(),
                })
            }
            other => Err(Rejection {
                position,
                field: String::new(),
                reason: "is no object".to_owned(),
                record: other.to_string(),
            }),
        })
        .collect())
}
