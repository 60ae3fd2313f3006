//! Items of a JSON document, read one by one so that a bad one costs itself alone.

use domain::fix::Rejection;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// Reads an item into its wire type.
///
/// # Errors
/// The rejection, with the path of the field at fault.
pub(crate) fn read_item<T: DeserializeOwned>(
    raw: &RawValue,
    position: u64,
) -> Result<T, Rejection> {
    let mut deserializer = serde_json::Deserializer::from_str(raw.get());
    serde_path_to_error::deserialize(&mut deserializer).map_err(|e| {
        let path = e.path().to_string();
        let field = if path == "." { "" } else { path.as_str() };
        reject(raw, position, field, e.inner().to_string())
    })
}

/// The rejection of an item.
pub(crate) fn reject(
    raw: &RawValue,
    position: u64,
    field: &str,
    reason: impl Into<String>,
) -> Rejection {
    Rejection {
        position,
        field: field.to_owned(),
        reason: reason.into(),
        record: raw.get().to_owned(),
    }
}
