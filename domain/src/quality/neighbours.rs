//! Which stations can be asked about each other.

use super::params::QualityParams;
use super::series::StationSeries;

/// Degrees of latitude per kilometre, a little more than on any ellipsoid: only to pass over the far
/// ones before their distance is worked out.
const DEG_PER_KM: f64 = 1.0 / 110.0;

/// Indices of the stations within the distance and height of a station; one whose place or height is
/// unknown has no neighbours and is nobody's.
pub fn neighbours_of(
    station: usize,
    stations: &[StationSeries],
    params: &QualityParams,
) -> Vec<usize> {
    let own = &stations[station];
    let (Some(at), Some(height_m)) = (own.at, own.elevation_m) else {
        return Vec::new();
    };
    (0..stations.len())
        .filter(|i| *i != station)
        .filter(|i| {
            let other = &stations[*i];
            let (Some(there), Some(other_m)) = (other.at, other.elevation_m) else {
                return false;
            };
            (there.lat - at.lat).abs() <= params.neighbour_km * DEG_PER_KM
                && (other_m - height_m).abs() <= params.neighbour_height_m
                && at.geodesic_m(there) <= 1000.0 * params.neighbour_km
        })
        .collect()
}
