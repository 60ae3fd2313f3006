//! By how much the depth rose within an hour, or more.

use super::series::Reading;
use jiff::{SignedDuration, Timestamp};

/// Hourly gauges are not on the second.
const SLACK: SignedDuration = SignedDuration::from_mins(5);

/// The usable value at `at` less the oldest usable one of the time before it; `None` where there are
/// not two of them.
pub(super) fn rise_cm(readings: &[Reading], at: Timestamp, span: SignedDuration) -> Option<f64> {
    let window = window(readings, at, span + SLACK);
    let values = || window.iter().filter_map(Reading::usable_value);
    (values().count() >= 2).then(|| Some(values().next_back()? - values().next()?))?
}

/// Readings at or before `at` that are not older than `span` then.
pub(super) fn window(readings: &[Reading], at: Timestamp, span: SignedDuration) -> &[Reading] {
    let end = readings.partition_point(|r| r.observed_at <= at);
    let begin = readings[..end].partition_point(|r| at.duration_since(r.observed_at) > span);
    &readings[begin..end]
}
