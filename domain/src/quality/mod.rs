//! Quality control: what is believed of each reading, and why.
//!
//! Each check is a pure function in a file of its own, and gives each value at most one objection; a
//! value keeps the worst, with its reason, and no value is ever changed or taken away. A verdict depends
//! on the set of readings alone, never on the order in which they came: later ones (a spike that comes
//! back) and late neighbours may change it, which the store keeps as a newer verdict beside the old.
//! The checks follow WMO-No. 8 (range, step, consistency) and titanlib's spatial ones (Båserud et al.
//! 2020); the limits are those of design §7.

mod buddy;
mod flat;
mod hour_rise;
mod neighbours;
mod params;
mod range;
mod rise;
mod series;
mod spike;
mod staleness;
mod step;
mod warm_rise;

#[cfg(test)]
mod tests;

pub use neighbours::neighbours_of;
pub use params::QualityParams;
pub use series::{Reading, StationSeries};
pub use staleness::{Freshness, freshness};

use crate::observation::{QualityFlag, Quantity};
use jiff::Timestamp;

/// What is believed of one reading of a station.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What was measured.
    pub quantity: Quantity,
    /// When.
    pub observed_at: Timestamp,
    /// What is believed.
    pub flag: QualityFlag,
    /// Why the flag is not `Pass`; empty otherwise.
    pub reason: String,
}

/// Judges the readings of stations: of each the ones at or after `judge_from(index)`, none where that is
/// `None`. The verdicts come per station in its order, by quantity and time.
///
/// The series hold the source's flags. What came before `judge_from`, and stations that are not judged,
/// are what the others are held against; a day of both suffices for every check.
pub fn assess(
    stations: &[StationSeries],
    judge_from: impl Fn(usize) -> Option<Timestamp>,
    params: &QualityParams,
) -> Vec<Vec<Verdict>> {
    let alone: Vec<StationSeries> = stations
        .iter()
        .map(|station| judge_alone(station, params))
        .collect();
    (0..alone.len())
        .map(|index| match judge_from(index) {
            None => Vec::new(),
            Some(since) => judge_among(index, &alone, since, params),
        })
        .collect()
}

/// The same stations with their readings flagged; all of them.
pub fn flagged(stations: &[StationSeries], params: &QualityParams) -> Vec<StationSeries> {
    let verdicts = assess(stations, |_| Some(Timestamp::MIN), params);
    stations
        .iter()
        .zip(verdicts)
        .map(|(station, verdicts)| {
            let mut flagged = station.clone();
            flagged.take_verdicts(&verdicts);
            flagged
        })
        .collect()
}

/// The checks that need nobody else, in their order: each looks only at what has not failed before it.
fn judge_alone(station: &StationSeries, params: &QualityParams) -> StationSeries {
    let mut station = station.clone();
    station.for_each_series(|quantity, readings| {
        for reading in readings.iter_mut() {
            match reading.value {
                None => {
                    reading.flag = QualityFlag::Missing;
                    if reading.reason.is_empty() {
                        reading.reason = "no value".to_owned();
                    }
                }
                Some(_) if reading.flag == QualityFlag::Missing => {
                    reading.flag = QualityFlag::Fail;
                }
                Some(value) => reading.object(range::range(quantity, value, params)),
            }
        }
        if quantity == Quantity::DepthCm {
            spike::spike(readings, params);
            step::step(readings, params);
        }
    });
    station
}

/// The checks of one station's readings among the others'.
fn judge_among(
    index: usize,
    stations: &[StationSeries],
    since: Timestamp,
    params: &QualityParams,
) -> Vec<Verdict> {
    let station = &stations[index];
    let neighbours: Vec<&StationSeries> = neighbours_of(index, stations, params)
        .into_iter()
        .map(|i| &stations[i])
        .collect();
    let mut verdicts = Vec::new();
    for (quantity, readings) in station.quantities() {
        let from = readings.partition_point(|r| r.observed_at < since);
        for reading in &readings[from..] {
            let mut judged = reading.clone();
            if quantity == Quantity::DepthCm
                && let Some(depth_cm) = reading.usable_value()
            {
                let at = reading.observed_at;
                judged.object(warm_rise::warm_rise(station, at, params));
                judged.object(hour_rise::hour_rise(readings, at, &neighbours, params));
                judged.object(flat::flat(readings, at, &neighbours, params));
                judged.object(buddy::buddy(depth_cm, at, &neighbours, params));
            }
            verdicts.push(Verdict {
                quantity,
                observed_at: judged.observed_at,
                flag: judged.flag,
                reason: judged.reason,
            });
        }
    }
    verdicts
}
