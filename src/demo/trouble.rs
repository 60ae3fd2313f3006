//! What goes wrong in a night beside single records: a server that fails for a while, and units of
//! which nothing is heard.

use super::fleet::Fleet;
use jiff::{SignedDuration, Timestamp};
use std::ops::Range;

/// The same troubles come again after this long.
const EVERY_MIN: i64 = 180;
/// The national road office's server is down, in minutes after the night's beginning.
const SERVER_DOWN_MIN: Range<i64> = 25..40;
/// Half of the town's units are not heard of: long enough for their silence to show.
const UNITS_SILENT_MIN: Range<i64> = 55..100;

/// Whether the fleet's server fails.
pub(super) fn server_is_down(fleet: Fleet, epoch: Timestamp, now: Timestamp) -> bool {
    fleet == Fleet::National && SERVER_DOWN_MIN.contains(&minute(epoch, now))
}

/// Whether nothing of the vehicle's reports gets through: every second one of the town's.
pub(super) fn unit_is_silent(
    fleet: Fleet,
    vehicle_id: &str,
    epoch: Timestamp,
    at: Timestamp,
) -> bool {
    let number = vehicle_id.bytes().rfind(u8::is_ascii_digit);
    fleet == Fleet::Town
        && number.is_some_and(|digit| digit % 2 == 0)
        && UNITS_SILENT_MIN.contains(&minute(epoch, at))
}

fn minute(epoch: Timestamp, at: Timestamp) -> i64 {
    match at.duration_since(epoch) {
        before if before < SignedDuration::ZERO => -1,
        since => since.as_mins().rem_euclid(EVERY_MIN),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn troubles_come_and_go() {
        let epoch: Timestamp = "2026-01-15T05:12:00+09:00".parse().unwrap();
        let at = |minutes| epoch + SignedDuration::from_mins(minutes);
        let cases = [
            (-10, false, false),
            (0, false, false),
            (25, true, false),
            (39, true, false),
            (40, false, false),
            (55, false, true),
            (99, false, true),
            (100, false, false),
            (205, true, false),
            (235, false, true),
        ];
        for (minutes, down, silent) in cases {
            let now = at(minutes);
            assert_eq!(
                server_is_down(Fleet::National, epoch, now),
                down,
                "{minutes}"
            );
            assert!(!server_is_down(Fleet::Town, epoch, now));
            let of = |fleet, id| unit_is_silent(fleet, id, epoch, now);
            assert_eq!(of(Fleet::Town, "除雪車10号"), silent, "{minutes}");
            assert!(!of(Fleet::Town, "除雪車3号") && !of(Fleet::Prefecture, "P-02"));
        }
    }
}
