//! One position of one plow, and what becomes of records that cannot be believed.

use crate::geometry::LonLat;
use crate::work::WorkKind;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// One GPS position of one plow at one time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlowFix {
    /// The manager's name for the vehicle, unique within its feed.
    pub vehicle_id: String,
    /// When the position was taken.
    pub observed_at: Timestamp,
    /// Where, WGS84 degrees.
    pub at: LonLat,
    /// Course over ground, degrees clockwise from north.
    pub heading_deg: Option<f64>,
    /// Ground speed in km/h.
    pub speed_kmh: Option<f64>,
    /// What it was doing; `Transit` = known not to work, `None` = the feed does not say.
    pub work: Option<WorkKind>,
}

/// Faster than any vehicle that clears snow, km/h.
const MOST_KMH: f64 = 200.0;

impl PlowFix {
    /// Takes away a course outside 0–360° and a speed below 0 or over 200 km/h, which receivers send
    /// where they know none; returns each field's name and what was wrong with it.
    pub fn drop_impossible_motion(&mut self) -> Vec<(&'static str, String)> {
        let mut dropped = Vec::new();
        let mut check = |field, value: &mut Option<f64>, most: f64, unit: &str| {
            if let Some(n) = value.take_if(|n| !(0.0..=most).contains(n)) {
                let reason =
                    format!("{n} lies outside 0..{most} {unit}; the fix is kept without it");
                dropped.push((field, reason));
            }
        };
        check("heading_deg", &mut self.heading_deg, 360.0, "degrees");
        check("speed_kmh", &mut self.speed_kmh, MOST_KMH, "km/h");
        dropped
    }
}

/// A record that was not taken, kept with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Where in the payload: a 1-based line or a 0-based item number, as the format counts.
    pub position: u64,
    /// The field at fault; empty when the whole record is.
    pub field: String,
    /// What is wrong with it, for a person.
    pub reason: String,
    /// The record as it came.
    pub record: String,
}

/// How long ago a fix may lie and still be believed.
pub const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 400);
/// How far ahead of our clock a fix may lie.
pub const MAX_AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// Why a time can't be believed, or `None` when it can.
///
/// Times outside retention and times more than 5 min ahead are quarantined (design §5.1).
pub fn disbelieve_time(observed_at: Timestamp, now: Timestamp) -> Option<String> {
    let ahead = observed_at.duration_since(now);
    if ahead > MAX_AHEAD {
        return Some(format!(
            "{observed_at} is {} min ahead of the server's clock ({now})",
            ahead.as_secs() / 60
        ));
    }
    if -ahead > RETENTION {
        return Some(format!(
            "{observed_at} is {} days old, outside the {} days that are kept",
            -ahead.as_hours() / 24,
            RETENTION.as_hours() / 24
        ));
    }
    None
}

/// Splits fixes into the first of each (vehicle, time) and the later copies that say something else.
///
/// A copy that says the same is a repeat of an earlier poll. The first one to come counts.
pub fn unique_fixes(fixes: Vec<PlowFix>) -> (Vec<PlowFix>, Vec<Rejection>) {
    let sifted = crate::fact::sift((0u64..).zip(fixes).collect(), Vec::new());
    let unique = sifted.news.into_iter().map(|(_, fix)| fix).collect();
    (unique, sifted.conflicts)
}
