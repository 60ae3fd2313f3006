//! All numbers of the snow field in one place, with their units.

use jiff::SignedDuration;

/// Parameters of the field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldParams {
    /// L of the correlation (1 + r/L) exp(−r/L) between places r apart.
    pub horizontal_scale_km: f64,
    /// H of the correlation exp(−(Δz/H)²) between heights Δz apart.
    pub vertical_scale_m: f64,
    /// How far off in height a place is taken to be whose height, or whose station's, is unknown.
    pub unknown_height_m: f64,
    /// Variance of what differs from one yard to the next, as a share of the whole.
    pub nugget: f64,
    /// A place with no station within this distance …
    pub reach_km: f64,
    /// … and this height is unknown.
    pub reach_height_m: f64,
    /// So many of the best correlated stations are asked.
    pub most_stations: usize,
    /// Standard deviation of the field around a place: this share of the value …
    pub spread_share: f64,
    /// … and at least this.
    pub spread_min_cm: f64,
    /// Standard deviation of a gauge's own reading.
    pub gauge_sd_cm: f64,
    /// A rise counts as snow when it reaches this above the lowest depth before it, and ends with a fall
    /// by as much below its highest: what is less is the gauge's noise.
    pub turn_cm: f64,
    /// A rise faster than this over readings that were not believed is a gauge that was moved.
    pub fastest_cm_per_h: f64,
    /// A longer silence cuts a station's curve.
    pub longest_gap: SignedDuration,
    /// How far back the field reaches.
    pub horizon: SignedDuration,
    /// A snowfall ends when nothing fell for this long.
    pub dry_spell: SignedDuration,
    /// A station whose newest value is older than that many of its intervals tells nothing of now.
    pub stale_intervals: i32,
    /// Wind from this speed on moves snow that has fallen …
    pub drift_wind_m_per_s: f64,
    /// … in air no warmer than this …
    pub drift_air_c: f64,
    /// … where at least this fell in the last 24 h …
    pub drift_snowfall_24h_cm: f64,
    /// … and the wind was measured within this distance.
    pub drift_reach_km: f64,
}

impl Default for FieldParams {
    fn default() -> Self {
        FieldParams {
            horizontal_scale_km: 15.0,
            vertical_scale_m: 400.0,
            unknown_height_m: 150.0,
            nugget: 0.05,
            reach_km: 30.0,
            reach_height_m: 400.0,
            most_stations: 8,
            spread_share: 0.5,
            spread_min_cm: 2.0,
            gauge_sd_cm: 1.0,
            turn_cm: 2.0,
            fastest_cm_per_h: 15.0,
            longest_gap: SignedDuration::from_hours(12),
            horizon: SignedDuration::from_hours(7 * 24),
            dry_spell: SignedDuration::from_hours(6),
            stale_intervals: 2,
            drift_wind_m_per_s: 8.0,
            drift_air_c: 0.0,
            drift_snowfall_24h_cm: 5.0,
            drift_reach_km: 15.0,
        }
    }
}
