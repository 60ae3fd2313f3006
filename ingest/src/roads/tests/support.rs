//! What the tests of road files share.

use crate::roads::{RoadFileError, decode_roads};
use domain::geometry::{LocalPlane, LonLat, nearest_on_piece};
use domain::network::RoadSource;

/// Decodes without a manager and without showing progress.
pub(super) fn decode(name: &str, bytes: &[u8]) -> Result<RoadSource, RoadFileError> {
    decode_roads(name, bytes, None, &|_, _| {})
}

/// A file of the shared data folder; says so loudly where it is not there.
pub(super) fn shared_file(path: &str) -> Option<Vec<u8>> {
    let full = format!("{}/../../shared/data/{path}", env!("CARGO_MANIFEST_DIR"));
    match std::fs::read(full) {
        Ok(bytes) => Some(bytes),
        Err(e) => {
            // Past the harness, which swallows what a passing test prints.
            let _ = std::io::Write::write_fmt(
                &mut std::io::stderr(),
                format_args!("SKIPPED: ../shared/data/{path} can't be read: {e}\n"),
            );
            None
        }
    }
}

/// Metres from a place to the nearest point of a line.
pub(super) fn distance_m(at: LonLat, line: &[LonLat]) -> f64 {
    let plane = LocalPlane::at(at);
    line.windows(2)
        .map(|ab| {
            let (a, b) = (plane.project(ab[0]), plane.project(ab[1]));
            nearest_on_piece([0.0, 0.0], a, b).distance
        })
        .fold(f64::INFINITY, f64::min)
}
