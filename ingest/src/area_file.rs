//! A GeoJSON file that says where something is: polygons, lines, or both.

use crate::features::{FieldNames, read_records};
use crate::table::TableSettings;
use domain::place::Place;

/// Reads the polygons and lines of all features.
///
/// # Errors
/// A file that is no FeatureCollection, a feature that can't be read, and a file without any polygon
/// or line; points say nothing of an extent.
pub fn read_area(bytes: &[u8]) -> Result<Place, String> {
    let records = read_records(bytes, &TableSettings::default(), &FieldNames::default());
    let mut place = Place::default();
    for record in records.map_err(|e| e.0)? {
        let record =
            record.map_err(|r| format!("feature {}: {}: {}", r.position, r.field, r.reason))?;
        place.lines.extend(record.geometry.lines);
        place.areas.extend(record.geometry.areas);
    }
    if place == Place::default() {
        return Err("has neither a polygon nor a line".to_owned());
    }
    Ok(place)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn collection(geometry: &str) -> String {
        format!(
            r#"{{"type":"FeatureCollection","features":[
                {{"type":"Feature","properties":{{}},"geometry":{geometry}}}]}}"#
        )
    }

    #[test]
    fn polygons_and_lines_are_read_and_the_rest_is_refused() {
        let line = collection(r#"{"type":"LineString","coordinates":[[140.6,40.7],[140.7,40.7]]}"#);
        assert_eq!(read_area(line.as_bytes()).unwrap().lines.len(), 1);
        let ring = "[[140.6,40.7],[140.7,40.7],[140.7,40.8],[140.6,40.7]]";
        let polygon = collection(&format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#));
        assert_eq!(read_area(polygon.as_bytes()).unwrap().areas.len(), 1);
        let bad = [
            (
                collection(r#"{"type":"Point","coordinates":[140.6,40.7]}"#),
                "neither a polygon",
            ),
            (
                collection(r#"{"type":"LineString","coordinates":[[140.6,140.7],[1,2]]}"#),
                "feature 0: geometry",
            ),
            (
                r#"{"type":"FeatureCollection","features":[]}"#.to_owned(),
                "neither a polygon",
            ),
            ("{".to_owned(), "FeatureCollection"),
        ];
        for (file, reason) in bad {
            let error = read_area(file.as_bytes()).unwrap_err();
            assert!(error.contains(reason), "{file}: {error}");
        }
    }
}
