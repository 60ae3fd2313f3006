//! All numbers of quality control in one place, with their units; `[quality]` sets them.

use serde::Deserialize;

/// Limits of the checks. The defaults are those of design §7, where it names them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QualityParams {
    /// Numbers that gauges send for "no value".
    pub invalid_codes: Vec<f64>,
    /// A depth below this fails; a little below 0 is an uneven floor.
    pub depth_min_cm: f64,
    /// A depth above this fails; 1,182 cm (伊吹山, 14 February 1927) is the highest ever measured.
    pub depth_max_cm: f64,
    /// A step of the depth within 10 min over this is suspect …
    pub step_suspect_cm: f64,
    /// … and over this fails.
    pub step_fail_cm: f64,
    /// Steps over a longer silence than this are not judged.
    pub step_longest_min: i64,
    /// An excursion of the depth by more than this …
    pub spike_cm: f64,
    /// … that comes back to within this …
    pub spike_back_cm: f64,
    /// … in this time fails.
    pub spike_within_min: i64,
    /// A rise of the depth within an hour over this is suspect …
    pub hour_rise_suspect_cm: f64,
    /// … and over this fails, where no neighbour rose by …
    pub hour_rise_fail_cm: f64,
    /// … more than this in the same hour.
    pub hour_rise_neighbour_cm: f64,
    /// A depth that has not moved by more than this …
    pub flat_band_cm: f64,
    /// … for this long …
    pub flat_hours: i64,
    /// … while its neighbours rose by this (median) is suspect; it fails with two or more of them.
    pub flat_neighbours_rose_cm: f64,
    /// A rise of the depth within an hour by more than this …
    pub warm_rise_cm: f64,
    /// … is suspect with air above this.
    pub warm_air_c: f64,
    /// Neighbours stand within this distance …
    pub neighbour_km: f64,
    /// … and within this height.
    pub neighbour_height_m: f64,
    /// The buddy check needs so many of them.
    pub buddies_min: usize,
    /// Smallest spread (standard deviation) of buddies' depths that is believed …
    pub buddy_spread_min_cm: f64,
    /// … which is also at least this share of their median.
    pub buddy_spread_share: f64,
    /// A depth that many spreads off the median of its buddies is suspect …
    pub buddy_suspect_spreads: f64,
    /// … and so many off fails.
    pub buddy_fail_spreads: f64,
    /// A station whose newest value is older than that many of its intervals is suspect …
    pub stale_suspect_intervals: i32,
    /// … and so many fails.
    pub stale_fail_intervals: i32,
    /// A shorter interval than this is taken as this.
    pub interval_least_min: i64,
    /// Interval of a station that has not told two values yet.
    pub default_interval_min: i64,
}

impl Default for QualityParams {
    fn default() -> Self {
        QualityParams {
            invalid_codes: vec![-9999.0, -999.0, 999.0, 9999.0, 32767.0, 65535.0],
            depth_min_cm: -3.0,
            depth_max_cm: 1200.0,
            step_suspect_cm: 5.0,
            step_fail_cm: 15.0,
            step_longest_min: 60,
            spike_cm: 5.0,
            spike_back_cm: 3.0,
            spike_within_min: 30,
            hour_rise_suspect_cm: 10.0,
            hour_rise_fail_cm: 20.0,
            hour_rise_neighbour_cm: 5.0,
            flat_band_cm: 0.5,
            flat_hours: 24,
            flat_neighbours_rose_cm: 5.0,
            // An ultrasonic gauge errs by so much in wind.
            warm_rise_cm: 3.0,
            warm_air_c: 3.0,
            neighbour_km: 20.0,
            neighbour_height_m: 200.0,
            buddies_min: 3,
            buddy_spread_min_cm: 15.0,
            buddy_spread_share: 0.3,
            buddy_suspect_spreads: 3.0,
            buddy_fail_spreads: 5.0,
            stale_suspect_intervals: 2,
            stale_fail_intervals: 6,
            interval_least_min: 10,
            default_interval_min: 60,
        }
    }
}
