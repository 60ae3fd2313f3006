//! The night's snow and the gauges that measure it: three good ones, one that is stuck, and one under
//! which something moves now and then.
//!
//! It began to snow before the plows set out, passes 10 cm soon after, pauses, and comes back before
//! dawn; each day of a demo that goes on is like the first.

use jiff::{SignedDuration, Timestamp};

/// How often the gauges read.
const STEP: SignedDuration = SignedDuration::from_mins(10);
/// Since when it snows, before the epoch.
const BEFORE_EPOCH: SignedDuration = SignedDuration::from_mins(210);
/// How long before that nothing fell: what a field must see of a road that was never cleared.
pub(super) const DRY_DAYS: SignedDuration = SignedDuration::from_hours(84);
/// Depth when it began, cm.
const BASE_CM: f64 = 42.0;
/// Until which hour of a day's snow how much falls or settles per hour, cm.
const DAY: [(f64, f64); 4] = [(7.5, 2.3), (9.5, -0.3), (15.0, 2.4), (24.0, -1.5)];
/// The stuck gauge's depth, cm.
const STUCK_CM: f64 = 41.0;
/// What moves under the gauge that spikes is so high, cm …
const SPIKE_CM: f64 = 38.0;
/// … and comes by each so many readings.
const SPIKE_EACH: i64 = 7;

/// How a gauge fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    Stuck,
    Spikes,
}

/// A gauge of the demo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gauge {
    pub id: &'static str,
    pub name: &'static str,
    /// Metres east and north of the middle of the plows' area.
    pub east_north_m: [f64; 2],
    pub elevation_m: f64,
    /// How much falls here for a centimetre in the middle.
    share: f64,
    pub fault: Fault,
}

/// The gauges.
pub(super) const GAUGES: [Gauge; 5] = [
    gauge("G-1", "模擬・中央", [300.0, -200.0], 24.0, 1.0, Fault::None),
    gauge(
        "G-2",
        "模擬・山手",
        [2600.0, -2900.0],
        71.0,
        1.12,
        Fault::None,
    ),
    gauge(
        "G-3",
        "模擬・浜町",
        [-2400.0, 2700.0],
        6.0,
        0.9,
        Fault::None,
    ),
    gauge(
        "G-4",
        "模擬・橋詰",
        [1700.0, 1500.0],
        15.0,
        1.0,
        Fault::Stuck,
    ),
    gauge(
        "G-5",
        "模擬・公園",
        [-1500.0, -1200.0],
        31.0,
        1.0,
        Fault::Spikes,
    ),
];

const fn gauge(
    id: &'static str,
    name: &'static str,
    east_north_m: [f64; 2],
    elevation_m: f64,
    share: f64,
    fault: Fault,
) -> Gauge {
    Gauge {
        id,
        name,
        east_north_m,
        elevation_m,
        share,
        fault,
    }
}

/// What a gauge reads at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct GaugeReading {
    pub at: Timestamp,
    pub depth_cm: f64,
    /// The stuck one's thermometer is gone as well.
    pub air_c: Option<f64>,
    pub wind_m_per_s: f64,
}

/// What a gauge reads after `from` and at or before `until`, in a night that begins at `epoch`.
pub(super) fn readings(
    gauge: &Gauge,
    epoch: Timestamp,
    from: Timestamp,
    until: Timestamp,
) -> Vec<GaugeReading> {
    let first = from.as_second().div_euclid(STEP.as_secs()) + 1;
    let last = until.as_second().div_euclid(STEP.as_secs());
    (first..=last)
        .filter_map(|step| {
            let at = Timestamp::from_second(step * STEP.as_secs()).ok()?;
            Some(read(gauge, epoch, at, step))
        })
        .collect()
}

fn read(gauge: &Gauge, epoch: Timestamp, at: Timestamp, step: i64) -> GaugeReading {
    let began = epoch.saturating_sub(BEFORE_EPOCH).unwrap_or(epoch);
    let hours = at.duration_since(began).as_secs_f64() / 3600.0;
    let true_cm = BASE_CM + gauge.share * fallen_cm(hours);
    let depth_cm = match gauge.fault {
        Fault::None => true_cm,
        Fault::Stuck => STUCK_CM,
        Fault::Spikes if step % SPIKE_EACH == 0 => true_cm + SPIKE_CM,
        Fault::Spikes => true_cm,
    };
    GaugeReading {
        at,
        depth_cm: depth_cm.round(),
        air_c: (gauge.fault != Fault::Stuck).then_some(-3.5),
        wind_m_per_s: if (9.5..15.0).contains(&hours.rem_euclid(24.0)) {
            8.5
        } else {
            2.5
        },
    }
}

/// Depth over that at the beginning, cm; before it the snow only settles.
fn fallen_cm(hours: f64) -> f64 {
    if hours <= 0.0 {
        return -0.05 * hours;
    }
    let within = |hours: f64| {
        let mut from = 0.0;
        let mut cm = 0.0;
        for (until, per_hour) in DAY {
            cm += per_hour * (hours.min(until) - from).max(0.0);
            from = until;
        }
        cm
    };
    (hours / 24.0).floor() * within(24.0) + within(hours.rem_euclid(24.0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn three_gauges_rise_past_ten_centimetres_and_two_are_wrong() {
        let epoch: Timestamp = "2026-01-15T05:12:00+09:00".parse().unwrap();
        let at = |hours: i64| epoch + SignedDuration::from_hours(hours);
        let rise = |gauge: &Gauge, from: i64, until: i64| {
            let told = readings(gauge, epoch, at(from), at(until));
            told.last().unwrap().depth_cm - told[0].depth_cm
        };
        for gauge in &GAUGES[..3] {
            assert!(rise(gauge, -80, -4) <= 0.0, "nothing for days");
            let by_epoch = rise(gauge, -4, 0);
            assert!((5.0..10.0).contains(&by_epoch), "{}: {by_epoch}", gauge.id);
            assert!(rise(gauge, -4, 3) > 10.0, "{}", gauge.id);
            assert!(rise(gauge, 6, 11) > 9.0, "a second round: {}", gauge.id);
        }
        assert_eq!(rise(&GAUGES[3], -80, 11), 0.0);
        let spiky = readings(&GAUGES[4], epoch, at(0), at(3));
        let steps = spiky
            .windows(2)
            .map(|two| two[1].depth_cm - two[0].depth_cm);
        let up = steps.clone().filter(|cm| *cm > 30.0).count();
        let down = steps.filter(|cm| *cm < -30.0).count();
        assert!(up >= 2 && up.abs_diff(down) <= 1, "{up} up, {down} down");
        assert_eq!(spiky.len(), 18);
    }
}
