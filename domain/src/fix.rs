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

/// Splits fixes into the first of each (vehicle, time) and the later copies.
///
/// A copy that says the same is a repeat of an earlier poll; one that says something else is a
/// conflict and comes back as a rejection. The first one to come counts.
pub fn unique_fixes(fixes: Vec<PlowFix>) -> (Vec<PlowFix>, Vec<Rejection>) {
    let mut seen = std::collections::HashMap::with_capacity(fixes.len());
    let mut unique: Vec<PlowFix> = Vec::with_capacity(fixes.len());
    let mut conflicts = Vec::new();
    for (position, fix) in fixes.into_iter().enumerate() {
        match seen.entry((fix.vehicle_id.clone(), fix.observed_at)) {
            std::collections::hash_map::Entry::Vacant(slot) => {
                slot.insert(unique.len());
                unique.push(fix);
            }
            std::collections::hash_map::Entry::Occupied(slot) => {
                let first = &unique[*slot.get()];
                if let Some(rejection) = conflict(first, &fix, position as u64) {
                    conflicts.push(rejection);
                }
            }
        }
    }
    (unique, conflicts)
}

/// The rejection for a second fix of the same vehicle and time that says something else.
pub fn conflict(first: &PlowFix, second: &PlowFix, position: u64) -> Option<Rejection> {
    (first != second).then(|| Rejection {
        position,
        field: "observed_at".to_owned(),
        reason: format!(
            "vehicle {} has another fix at {}: first {}, {} now {}, {}",
            first.vehicle_id,
            first.observed_at,
            first.at.lon,
            first.at.lat,
            second.at.lon,
            second.at.lat
        ),
        record: as_row(second),
    })
}

/// The fix as a short text; the payload itself is kept raw beside it.
fn as_row(fix: &PlowFix) -> String {
    format!(
        "{},{},{},{}",
        fix.vehicle_id, fix.observed_at, fix.at.lon, fix.at.lat
    )
}
