//! Times along a line that a vehicle drove, where a source times the line and not its vertices.

use domain::geometry::LonLat;
use jiff::{SignedDuration, Timestamp};

/// A step this long between two vertices is a lost signal, not driving.
const JUMP_M: f64 = 500.0;
/// Time that a jump is given, short enough for the matcher to end the trace there.
const JUMP: SignedDuration = SignedDuration::from_secs(1);

/// Spreads `start`–`end` over the vertices by length. Vertices that fall on one millisecond are one.
pub(crate) fn between(
    line: &[LonLat],
    start: Timestamp,
    end: Timestamp,
) -> Vec<(LonLat, Timestamp)> {
    let steps: Vec<f64> = line
        .windows(2)
        .map(|pair| pair[0].geodesic_m(pair[1]))
        .collect();
    spread(line, &steps, end, end.duration_since(start))
}

/// Counts back from `end` at a speed, but not to before `not_before`. A jump takes a second.
pub(crate) fn back_from(
    line: &[LonLat],
    end: Timestamp,
    speed_kmh: f64,
    not_before: Option<Timestamp>,
) -> Vec<(LonLat, Timestamp)> {
    let seconds: Vec<f64> = line
        .windows(2)
        .map(|pair| match pair[0].geodesic_m(pair[1]) {
            far if far > JUMP_M => JUMP.as_secs_f64(),
            metres => metres / speed_kmh * 3.6,
        })
        .collect();
    let total = SignedDuration::from_millis((seconds.iter().sum::<f64>() * 1000.0) as i64);
    let room = not_before.map_or(total, |before| {
        // Not onto the earlier moment itself, which has its own position.
        end.duration_since(before) - SignedDuration::from_millis(1)
    });
    spread(line, &seconds, end, total.min(room))
}

/// Times in proportion to the steps; the last vertex is at `end`.
fn spread(
    line: &[LonLat],
    steps: &[f64],
    end: Timestamp,
    total: SignedDuration,
) -> Vec<(LonLat, Timestamp)> {
    let whole: f64 = steps.iter().sum();
    let total_ms = total.as_millis().max(0) as f64;
    let mut timed: Vec<(LonLat, Timestamp)> = Vec::with_capacity(line.len());
    let mut left = 0.0;
    // From the end, so that of vertices at one moment the last is kept, whose time is known.
    for (i, at) in line.iter().enumerate().rev() {
        if let Some(step) = steps.get(i) {
            left += step;
        }
        let before_ms = if whole > 0.0 {
            (left / whole * total_ms).round() as i64
        } else {
            0
        };
        let Ok(time) = end.checked_sub(SignedDuration::from_millis(before_ms)) else {
            break;
        };
        if timed.last().is_none_or(|(_, last)| time < *last) {
            timed.push((*at, time));
        }
    }
    timed.reverse();
    timed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_768_420_800 + second).unwrap_or(Timestamp::MAX)
    }

    /// 0.001° of latitude is 111 m.
    fn north(thousandths: f64) -> LonLat {
        LonLat::new(140.0, 40.0 + thousandths / 1000.0)
    }

    #[test]
    fn time_follows_length() {
        let timed = between(
            &[north(0.0), north(1.0), north(1.0), north(4.0)],
            at(0),
            at(40),
        );
        let seconds: Vec<i64> = timed
            .iter()
            .map(|(_, t)| t.as_second() - at(0).as_second())
            .collect();
        assert_eq!(seconds, [0, 10, 40]);
        assert_eq!(between(&[north(0.0), north(1.0)], at(5), at(5)).len(), 1);
    }

    #[test]
    fn a_speed_is_counted_back_and_a_jump_takes_a_second() {
        let line = [north(0.0), north(1.0), north(21.0)];
        let timed = back_from(&line, at(60), 40.0, None);
        assert_eq!(timed[2].1, at(60));
        assert_eq!(timed[1].1, at(59));
        let first = at(59).duration_since(timed[0].1).as_secs_f64();
        assert!((first - 10.0).abs() < 0.1, "{first}");
        let squeezed = back_from(&line, at(60), 40.0, Some(at(57)));
        assert!(squeezed[0].1 > at(57) && squeezed.len() == 3);
    }

    proptest! {
        #[test]
        fn times_rise_and_end_at_the_end(
            places in prop::collection::vec((-180.0..180.0, -90.0..90.0), 1..20),
            seconds in 0i64..100_000,
        ) {
            let line: Vec<LonLat> = places.iter().map(|(x, y)| LonLat::new(*x, *y)).collect();
            for timed in [
                between(&line, at(0), at(seconds)),
                back_from(&line, at(seconds), 60.0, Some(at(0))),
                back_from(&line, at(seconds), 60.0, None),
            ] {
                prop_assert!(timed.windows(2).all(|w| w[0].1 < w[1].1));
                prop_assert_eq!(timed.last().map(|t| t.1), Some(at(seconds)));
            }
        }
    }
}
