//! What fails each night, so that silence shows: a server that is down for a while, and units whose
//! gateway is.

use super::fleet::Fleet;
use jiff::{SignedDuration, Timestamp};

/// One after another, in seconds after the epoch; again after each `EVERY_S`.
const EVERY_S: i64 = 4 * 3600;
/// The prefecture's server answers with 503.
const SERVER_DOWN_S: std::ops::Range<i64> = 1500..1860;
/// Every other unit of the town isn't heard.
const UNITS_SILENT_S: std::ops::Range<i64> = 4800..6600;
/// When a server that is down asks to be asked again, in seconds.
pub(super) const RETRY_AFTER_S: u32 = 120;

/// Whether a fleet's server is down.
pub(super) fn server_is_down(fleet: Fleet, epoch: Timestamp, now: Timestamp) -> bool {
    fleet == Fleet::Prefecture && is_within(&SERVER_DOWN_S, now.duration_since(epoch))
}

/// Whether what a vehicle reports at a moment gets lost on its way.
pub(super) fn report_is_lost(
    fleet: Fleet,
    vehicle_id: &str,
    epoch: Timestamp,
    at: Timestamp,
) -> bool {
    fleet == Fleet::Town
        && is_within(&UNITS_SILENT_S, at.duration_since(epoch))
        && (1..fleet.most_plows())
            .step_by(2)
            .any(|plow| fleet.vehicle_id(plow) == vehicle_id)
}

fn is_within(span_s: &std::ops::Range<i64>, since_epoch: SignedDuration) -> bool {
    let second = since_epoch.as_secs();
    second >= 0 && span_s.contains(&(second % EVERY_S))
}
