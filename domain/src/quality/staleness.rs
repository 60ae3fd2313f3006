//! Staleness: what a station said long ago tells nothing of now.
//!
//! A value does not get worse by growing old; what gets stale is the station as a witness of `now`. So
//! this is worked out where it is asked for, and never stored with a value.

use super::params::QualityParams;
use super::series::Reading;
use crate::observation::QualityFlag;
use jiff::{SignedDuration, Timestamp};

/// How fresh a station's series of one quantity is.
#[derive(Debug, Clone, PartialEq)]
pub struct Freshness {
    /// `Pass` while it is heard in time, `Suspect` and `Fail` when it is late, `Missing` when it has
    /// never told a value.
    pub flag: QualityFlag,
    /// Why it is not `Pass`.
    pub reason: String,
    /// When its newest value was measured.
    pub newest_at: Option<Timestamp>,
    /// Its usual interval: the median of those between its values, but not less than 10 min.
    pub interval: SignedDuration,
}

/// Judges a series by the age of its newest value.
pub fn freshness(readings: &[Reading], now: Timestamp, params: &QualityParams) -> Freshness {
    let told: Vec<Timestamp> = readings
        .iter()
        .filter(|r| r.value.is_some())
        .map(|r| r.observed_at)
        .collect();
    let mut gaps: Vec<SignedDuration> = told
        .windows(2)
        .map(|pair| pair[1].duration_since(pair[0]))
        .collect();
    gaps.sort();
    let interval = gaps
        .get(gaps.len() / 2)
        .copied()
        .unwrap_or(SignedDuration::from_mins(params.default_interval_min))
        .max(SignedDuration::from_mins(params.interval_least_min));
    let newest_at = told.last().copied();
    let age = newest_at.map(|at| now.duration_since(at));
    let (flag, reason) = match age {
        None => (QualityFlag::Missing, "no value as yet".to_owned()),
        Some(age) => {
            let late = |intervals: i32| age > interval * intervals;
            let reason = || {
                let (age_min, every_min) = (age.as_secs() / 60, interval.as_secs() / 60);
                format!("silent for {age_min} min, reads each {every_min} min")
            };
            if late(params.stale_fail_intervals) {
                (QualityFlag::Fail, reason())
            } else if late(params.stale_suspect_intervals) {
                (QualityFlag::Suspect, reason())
            } else {
                (QualityFlag::Pass, String::new())
            }
        }
    };
    Freshness {
        flag,
        reason,
        newest_at,
        interval,
    }
}
