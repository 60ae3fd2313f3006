//! What the field keeps of one station.

use super::curve::{Point, new_snow_curve, passed_point};
use super::kriging::Spot;
use super::params::FieldParams;
use crate::observation::Quantity;
use crate::quality::{QualityParams, StationSeries, freshness};
use jiff::{SignedDuration, Timestamp};

/// Step of the curves.
pub(super) const STEP_S: i64 = 600;

/// One station: its newest depth, its new snow on a grid of time, its weather.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FieldStation {
    pub(super) spot: Spot,
    /// Its newest depth, while it speaks for now.
    pub(super) depth: Option<Point>,
    /// New snow in cm summed since the curve began, at each step of the field's time.
    sums_cm: Vec<f32>,
    /// The first step that the curve reaches; the ones before it are unknown.
    first: usize,
    /// When the newest value of the curve was measured, while it speaks for now.
    pub(super) newest_at: Option<Timestamp>,
    /// When the newest snowfall began; `None` where the curve has none.
    pub(super) began_at: Option<Timestamp>,
    pub(super) wind_m_per_s: Option<f64>,
    pub(super) air_c: Option<f64>,
}

impl FieldStation {
    /// A station at `now`; `None` where nobody knows where it stands.
    pub(super) fn new(
        series: &StationSeries,
        start: Timestamp,
        now: Timestamp,
        params: &FieldParams,
    ) -> Option<Self> {
        let spot = Spot {
            at: series.at?,
            elevation_m: series.elevation_m,
        };
        let newest = |quantity| {
            let readings = series.of(quantity);
            let mut told = readings.iter().filter(|r| r.observed_at <= now);
            // One that has just been doubted may have been wrong before: it is not asked.
            let (at, value) = told.rfind(|r| r.value.is_some()).and_then(passed_point)?;
            let interval = freshness(readings, now, &QualityParams::default()).interval;
            (now.duration_since(at) <= interval * params.stale_intervals).then_some((at, value))
        };
        let mut curve = new_snow_curve(series, params);
        curve.retain(|(at, _)| *at <= now);
        let depth = newest(Quantity::DepthCm);
        let by_depth = series
            .of(Quantity::DepthCm)
            .iter()
            .any(|r| r.value.is_some());
        let speaks = if by_depth {
            depth
        } else {
            newest(Quantity::Snowfall1hCm)
        };
        let steps = usize::try_from(now.duration_since(start).as_secs() / STEP_S).ok()? + 1;
        let (first, sums_cm) = on_grid(&curve, start, steps);
        Some(FieldStation {
            spot,
            depth,
            newest_at: speaks.map(|(at, _)| at).filter(|_| !sums_cm.is_empty()),
            began_at: began_at(first, &sums_cm, start, params),
            sums_cm,
            first,
            wind_m_per_s: newest(Quantity::WindSpeedMPerS).map(|(_, speed)| speed),
            air_c: newest(Quantity::TemperatureC).map(|(_, air)| air),
        })
    }

    /// Whether its curve speaks for now and reaches back to a step, give or take one.
    pub(super) fn reaches(&self, step: f64) -> bool {
        self.newest_at.is_some() && self.first as f64 <= step + 1.0
    }

    /// New snow since a step, counted with its fraction; 0 where the curve does not reach.
    pub(super) fn since_cm(&self, step: f64) -> f64 {
        let last = self.sums_cm.last().copied().unwrap_or_default();
        let place = (step - self.first as f64).max(0.0);
        let before = place.floor() as usize;
        let Some(sum) = self.sums_cm.get(before) else {
            return 0.0;
        };
        let after = self.sums_cm.get(before + 1).unwrap_or(sum);
        f64::from(last) - (f64::from(*sum) + f64::from(after - sum) * place.fract())
    }
}

/// A curve at each step, straight between its points and level after the last of them.
fn on_grid(curve: &[Point], start: Timestamp, steps: usize) -> (usize, Vec<f32>) {
    let place = |at: Timestamp| at.duration_since(start).as_secs_f64() / STEP_S as f64;
    let Some((first_at, _)) = curve.first() else {
        return (0, Vec::new());
    };
    let first = place(*first_at).ceil().max(0.0) as usize;
    let mut next = 0;
    let mut sums = Vec::with_capacity(steps.saturating_sub(first));
    for step in first..steps {
        while next < curve.len() && place(curve[next].0) <= step as f64 {
            next += 1;
        }
        let (from_at, from_cm) = curve[next.saturating_sub(1)];
        let sum = match curve.get(next) {
            Some((to_at, to_cm)) if next > 0 => {
                let (from, to) = (place(from_at), place(*to_at));
                from_cm + (to_cm - from_cm) * (step as f64 - from) / (to - from)
            }
            _ => from_cm,
        };
        sums.push(sum as f32);
    }
    (first, sums)
}

/// The beginning of the newest snowfall: the last step before it rose after a dry spell.
fn began_at(
    first: usize,
    sums_cm: &[f32],
    start: Timestamp,
    params: &FieldParams,
) -> Option<Timestamp> {
    let dry = (params.dry_spell.as_secs() / STEP_S) as usize;
    let mut began: Option<usize> = None;
    for (i, pair) in sums_cm.windows(2).enumerate().rev() {
        if pair[1] > pair[0] {
            if began.is_some_and(|later| later - i > dry) {
                break;
            }
            began = Some(i);
        }
    }
    let steps = (first + began?) as i64;
    start
        .checked_add(SignedDuration::from_secs(steps * STEP_S))
        .ok()
}
