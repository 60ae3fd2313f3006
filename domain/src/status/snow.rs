//! What new snow makes of a state, and its digit in a tile (design §2 and §6).

use super::State;
use jiff::Timestamp;

/// New snow on one direction of a segment, where the field tells it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DirectionSnow {
    /// Fallen since it was last cleared, cm; within the field's horizon where it never was.
    pub new_cm: f64,
    /// When the newest snowfall began; `None` where none fell within the field's horizon.
    pub began_at: Option<Timestamp>,
}

/// New snow on a segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SegmentSnow {
    /// From this much new snow on it is to be cleared, cm.
    pub threshold_cm: f64,
    /// In the order of the line; `None` where the field knows nothing.
    pub forward: Option<DirectionSnow>,
    /// Against it.
    pub backward: Option<DirectionSnow>,
}

impl SegmentSnow {
    /// A segment of which nothing is known.
    pub const UNKNOWN: SegmentSnow = SegmentSnow {
        threshold_cm: f64::INFINITY,
        forward: None,
        backward: None,
    };

    /// The digit of a tile, of the direction with more snow; `before` is the digit that it had since the
    /// same clearing.
    pub(super) fn digit(&self, before: u32) -> u32 {
        let new_cm = |snow: Option<DirectionSnow>| snow.map(|snow| snow.new_cm);
        match new_cm(self.forward)
            .into_iter()
            .chain(new_cm(self.backward))
            .max_by(f64::total_cmp)
        {
            None => 0,
            Some(cm) => snow_digit(cm, before),
        }
    }
}

impl DirectionSnow {
    /// The state of a road that plows clear, is heard of and is not being worked on.
    pub(super) fn state(&self, cleared_at: Option<Timestamp>, threshold_cm: f64) -> State {
        let since_it_began = |cleared| self.began_at.is_none_or(|began| cleared >= began);
        if self.new_cm >= threshold_cm {
            State::Uncleared
        } else if cleared_at.is_some_and(since_it_began) {
            State::Cleared
        } else {
            State::BelowThreshold
        }
    }
}

/// Lower ends of the digits 2 to 7, cm; below is 1.
const STEPS_CM: [f64; 6] = [1.0, 5.0, 10.0, 15.0, 20.0, 30.0];
/// A step is left downwards only this far below its lower end.
const HYSTERESIS_CM: f64 = 1.0;

/// The digit of new snow (design §6). Snow only grows until it is cleared, so that only a new estimate
/// can take a little of it back; then the digit stays.
fn snow_digit(cm: f64, before: u32) -> u32 {
    let of = |cm: f64| 1 + STEPS_CM.iter().filter(|step| cm >= **step).count() as u32;
    let digit = of(cm);
    if before == digit + 1 && of(cm + HYSTERESIS_CM) == before {
        before
    } else {
        digit
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn digits_change_on_crossing_with_a_centimetre_of_hysteresis() {
        let cases = [
            (0.0, 0, 1),
            (0.9, 0, 1),
            (1.0, 1, 2),
            (4.9, 2, 2),
            (5.0, 2, 3),
            (4.0, 3, 3),
            (3.9, 3, 2),
            (9.5, 4, 4),
            (14.9, 4, 4),
            (15.0, 4, 5),
            (20.0, 5, 6),
            (29.9, 6, 6),
            (30.0, 6, 7),
            (28.9, 7, 6),
            (0.2, 7, 1),
            // Cleared: nothing is left of it.
            (0.2, 0, 1),
        ];
        for (cm, before, expected) in cases {
            assert_eq!(snow_digit(cm, before), expected, "{cm} cm after {before}");
        }
        assert_eq!(SegmentSnow::UNKNOWN.digit(5), 0);
    }

    #[test]
    fn the_deeper_direction_is_shown() {
        let snow = |new_cm| {
            Some(DirectionSnow {
                new_cm,
                began_at: None,
            })
        };
        let segment = SegmentSnow {
            threshold_cm: 10.0,
            forward: snow(3.0),
            backward: snow(12.0),
        };
        assert_eq!(segment.digit(0), 4);
    }

    #[test]
    fn new_snow_decides_between_three_states() {
        let at = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
        let cases = [
            (
                "over the threshold",
                10.0,
                Some(at(5)),
                Some(at(4)),
                State::Uncleared,
            ),
            (
                "over it, never cleared",
                12.0,
                None,
                Some(at(4)),
                State::Uncleared,
            ),
            (
                "cleared while it snowed",
                9.9,
                Some(at(5)),
                Some(at(4)),
                State::Cleared,
            ),
            (
                "no pass since it began",
                9.9,
                Some(at(3)),
                Some(at(4)),
                State::BelowThreshold,
            ),
            (
                "never cleared, little snow",
                2.0,
                None,
                Some(at(4)),
                State::BelowThreshold,
            ),
            (
                "never cleared, no snow at all",
                0.0,
                None,
                None,
                State::BelowThreshold,
            ),
            (
                "cleared days ago, no snow since",
                0.0,
                Some(at(-90)),
                None,
                State::Cleared,
            ),
        ];
        for (name, new_cm, cleared_at, began_at, expected) in cases {
            let snow = DirectionSnow { new_cm, began_at };
            assert_eq!(snow.state(cleared_at, 10.0), expected, "{name}");
        }
    }
}
