//! Ids for records whose source gives none.

use domain::place::Place;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// An id made of where and when something holds: the same record in a later payload has the same id.
/// Positions count to six decimals (0.1 m), so that rewriting a file changes nothing.
pub(crate) fn made_id(place: &Place, when: &str) -> String {
    let mut text = when.to_owned();
    if let Some(route) = &place.route {
        let km = |km: Option<f64>| km.map_or(String::new(), |km| format!("{km:.3}"));
        let words = [&route.section, &route.from_name, &route.to_name];
        let words = words.map(|word| word.as_deref().unwrap_or_default());
        let (from, to) = (km(route.from_km), km(route.to_km));
        // Writing to a String can't fail.
        let _ = write!(
            text,
            "\u{1f}{}\u{1f}{words:?}\u{1f}{from}\u{1f}{to}",
            route.route
        );
    }
    if let Some(zone) = &place.zone {
        let _ = write!(text, "\u{1f}{zone}");
    }
    for at in place
        .lines
        .iter()
        .chain(place.areas.iter().flatten())
        .flatten()
    {
        let _ = write!(text, "\u{1f}{:.6},{:.6}", at.lon, at.lat);
    }
    Sha256::digest(text.as_bytes())
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
