//! Positions as receivers send them.

use domain::geometry::LonLat;

/// A position that can be believed, or the field at fault and the reason.
pub(crate) fn position(lon: f64, lat: f64) -> Result<LonLat, (&'static str, String)> {
    for (field, value, limit) in [("lon", lon, 180.0), ("lat", lat, 90.0)] {
        if value.is_nan() || value.abs() > limit {
            return Err((
                field,
                format!("{value} lies outside -{limit}..{limit} degrees"),
            ));
        }
    }
    if lon == 0.0 && lat == 0.0 {
        // What receivers send before they know where they are.
        return Err(("lon", "position is 0,0".to_owned()));
    }
    Ok(LonLat::new(lon, lat))
}
