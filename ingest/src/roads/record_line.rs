//! On which line of a road file a refused record stands.

use super::{Kind, geojson_file, osm_xml};
use domain::fix::Rejection;

/// The 1-based line of a refused record; `None` where the format has no lines, or the record is not found.
pub fn line_of_record(name: &str, bytes: &[u8], refused: &Rejection) -> Option<u64> {
    let place = match Kind::of_name(&name.to_lowercase())? {
        Kind::Pbf => return None,
        Kind::GeoJson => geojson_file::place_of(bytes, refused.position)?,
        Kind::Xml => {
            // A way's refusal names its id.
            let digits = |c: &char| c.is_ascii_digit() || *c == '-';
            let not_digit = |c: &char| !digits(c);
            let id: String = refused
                .record
                .chars()
                .skip_while(not_digit)
                .take_while(digits)
                .collect();
            let marks = [format!("<way id=\"{id}\""), format!("<way id='{id}'")];
            let found = marks.iter().find_map(|mark| find(bytes, mark.as_bytes()));
            found.filter(|_| !id.is_empty())?
        }
    };
    Some(osm_xml::line_of(bytes, place as u64) as u64)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}
