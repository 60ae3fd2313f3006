//! A station's new snow over time: how much has fallen since the curve began.
//!
//! JMA's 降雪量 is the sum of the rises of the depth from hour to hour. That sum grows with a gauge's noise,
//! so rises are counted between turning points here: settling and noise add nothing, and nothing is ever
//! taken away.

use super::params::FieldParams;
use crate::observation::{QualityFlag, Quantity};
use crate::quality::{Reading, StationSeries};
use jiff::{SignedDuration, Timestamp};

/// Readings nearer than this to each other are smoothed.
const DENSE: SignedDuration = SignedDuration::from_mins(15);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A depth or sum in cm at a time.
pub(super) type Point = (Timestamp, f64);

/// The curve of a station from its passed values: from its depths, or where it has none from its
/// snowfalls in an hour. Times ascend, sums never fall; empty where nothing passed.
pub(super) fn new_snow_curve(station: &StationSeries, params: &FieldParams) -> Vec<Point> {
    let depths: Vec<Point> = passed(station.of(Quantity::DepthCm)).collect();
    if !depths.is_empty() {
        let connected = after_last_gap(depths, params);
        return rises(&smooth(connected), params);
    }
    let falls: Vec<Point> = passed(station.of(Quantity::Snowfall1hCm)).collect();
    after_last_gap(sums(&falls), params)
}

/// Values that quality control has passed.
fn passed(readings: &[Reading]) -> impl Iterator<Item = Point> {
    readings.iter().filter_map(passed_point)
}

/// A value where quality control has passed it.
pub(super) fn passed_point(reading: &Reading) -> Option<Point> {
    let value = reading
        .value
        .filter(|_| reading.flag == QualityFlag::Pass)?;
    Some((reading.observed_at, value))
}

fn after_last_gap(mut points: Vec<Point>, params: &FieldParams) -> Vec<Point> {
    let gap = |pair: &[Point]| pair[1].0.duration_since(pair[0].0) > params.longest_gap;
    if let Some(last) = points.windows(2).rposition(gap) {
        points.drain(..=last);
    }
    points
}

/// Running median of three where readings stand close; the newest is as it was read.
fn smooth(points: Vec<Point>) -> Vec<Point> {
    let mut smoothed = points.clone();
    for (middle, three) in smoothed.iter_mut().skip(1).zip(points.windows(3)) {
        if three[2].0.duration_since(three[0].0) <= DENSE * 2 {
            let mut of = [three[0].1, three[1].1, three[2].1];
            of.sort_by(f64::total_cmp);
            middle.1 = of[1];
        }
    }
    smoothed
}

/// Sums the rises of the depth between its turning points.
fn rises(depths: &[Point], params: &FieldParams) -> Vec<Point> {
    let mut curve: Vec<Point> = Vec::with_capacity(depths.len());
    let mut sum_cm = 0.0;
    let Some((_, first_cm)) = depths.first() else {
        return curve;
    };
    // Either falling from a lowest depth at an index, or rising to a highest one.
    let (mut rising, mut turn, mut turned_at) = (false, *first_cm, 0);
    for (i, (at, cm)) in depths.iter().enumerate() {
        if i > 0 && is_moved(depths[i - 1], (*at, *cm), params) {
            (rising, turn, turned_at) = (false, *cm, i);
        }
        if rising {
            if *cm > turn {
                sum_cm += cm - turn;
                turn = *cm;
            } else if turn - cm >= params.turn_cm {
                (rising, turn, turned_at) = (false, *cm, i);
            }
        } else if *cm <= turn {
            (turn, turned_at) = (*cm, i);
        } else if cm - turn >= params.turn_cm {
            // It fell while that was not sure yet.
            let mut highest = turn;
            for (point, (_, cm)) in curve[turned_at..].iter_mut().zip(&depths[turned_at..]) {
                highest = cm.max(highest);
                point.1 = sum_cm + highest - turn;
            }
            sum_cm += cm - turn;
            (rising, turn) = (true, *cm);
        }
        curve.push((*at, sum_cm));
    }
    curve
}

/// Whether the gauge, rather than the snow, has moved between two readings that are believed.
fn is_moved(from: Point, to: Point, params: &FieldParams) -> bool {
    let hours = to.0.duration_since(from.0).as_secs_f64() / 3600.0;
    // A quick rise of a few centimetres is noise, or snow; the checks have passed it.
    to.1 - from.1 > params.fastest_cm_per_h * hours.max(0.5)
}

/// Sums snowfalls of an hour that do not overlap, backwards from the newest.
fn sums(falls: &[Point]) -> Vec<Point> {
    let mut hours: Vec<Point> = Vec::new();
    for (at, cm) in falls.iter().rev() {
        let apart = SignedDuration::from_mins(55);
        if hours
            .last()
            .is_none_or(|(last, _)| last.duration_since(*at) >= apart)
        {
            hours.push((*at, cm.max(0.0)));
        }
    }
    let Some((oldest, _)) = hours.last() else {
        return Vec::new();
    };
    let mut curve = vec![(oldest.saturating_sub(HOUR).unwrap_or(*oldest), 0.0)];
    let mut sum_cm = 0.0;
    for (at, cm) in hours.into_iter().rev() {
        sum_cm += cm;
        curve.push((at, sum_cm));
    }
    curve
}
