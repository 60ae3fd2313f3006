//! The status of several segments that are drawn as one line.

use super::{SegmentStatus, State};

/// What a merged line shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MergedStatus {
    /// Per direction the state that matters most to a driver; its cleared time is the oldest among the
    /// segments in that state.
    pub status: SegmentStatus,
    /// Share of the length, both directions alike, that is cleared or melts by itself, in percent,
    /// rounded down: 100 says all of it.
    pub cleared_percent: u32,
}

impl State {
    /// How much it matters to somebody who has to drive there; higher hides lower.
    pub fn driver_weight(self) -> u8 {
        match self {
            State::Closed => 8,
            State::Uncleared => 7,
            State::Working => 6,
            State::Unconfirmed => 5,
            State::OffPlan => 4,
            State::NoData => 3,
            State::BelowThreshold => 2,
            State::Cleared => 1,
            State::Melting => 0,
        }
    }
}

/// One direction of the line, as far as it was seen.
#[derive(Clone, Copy)]
struct Side {
    state: State,
    cleared_min: u32,
}

impl Side {
    fn add(seen: Option<Side>, other: Side) -> Side {
        match seen {
            None => other,
            Some(one) => match one.state.driver_weight().cmp(&other.state.driver_weight()) {
                std::cmp::Ordering::Greater => one,
                std::cmp::Ordering::Less => other,
                std::cmp::Ordering::Equal => Side {
                    state: one.state,
                    cleared_min: one.cleared_min.min(other.cleared_min),
                },
            },
        }
    }
}

/// Merges the statuses of segments with their lengths; a segment that runs against the line says so
/// with `reversed`. Work kind and dispatch are the highest digits among them, as are snow and
/// confidence: what is least sure counts.
pub fn merged_status(
    members: impl Iterator<Item = (SegmentStatus, f64, bool)>,
) -> Option<MergedStatus> {
    let (mut forward, mut backward) = (None, None);
    let mut digits = [0u32; 4];
    let (mut cleared_m, mut whole_m) = (0.0, 0.0);
    for (status, length_m, reversed) in members {
        let sides = [
            (status.status % 10, status.cleared_fwd_min),
            (status.status / 10 % 10, status.cleared_rev_min),
        ]
        .map(|(code, cleared_min)| Side {
            state: State::from_code(code).unwrap_or_default(),
            cleared_min,
        });
        let [along, against] = if reversed {
            [sides[1], sides[0]]
        } else {
            sides
        };
        forward = Some(Side::add(forward, along));
        backward = Some(Side::add(backward, against));
        for side in sides {
            whole_m += length_m;
            if matches!(side.state, State::Cleared | State::Melting) {
                cleared_m += length_m;
            }
        }
        for (digit, power) in digits.iter_mut().zip([100, 1_000, 10_000, 100_000]) {
            *digit = (*digit).max(status.status / power % 10);
        }
    }
    let (forward, backward) = (forward?, backward?);
    let [work, snow, dispatch, confidence] = digits;
    let share = if whole_m > 0.0 {
        cleared_m / whole_m
    } else {
        0.0
    };
    Some(MergedStatus {
        status: SegmentStatus {
            cleared_fwd_min: forward.cleared_min,
            cleared_rev_min: backward.cleared_min,
            status: forward.state.code()
                + 10 * backward.state.code()
                + 100 * work
                + 1_000 * snow
                + 10_000 * dispatch
                + 100_000 * confidence,
        },
        // A hair above, so that sums of lengths that are all cleared say 100.
        cleared_percent: (share * 100.0 + 1e-9).floor() as u32,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(cleared_fwd_min: u32, cleared_rev_min: u32, status: u32) -> SegmentStatus {
        SegmentStatus {
            cleared_fwd_min,
            cleared_rev_min,
            status,
        }
    }

    #[test]
    fn the_worst_is_shown_with_the_share_that_is_cleared() {
        let cases = [
            // (members, expected status, percent)
            (
                vec![(status(9, 8, 144), 100.0, false)],
                status(9, 8, 144),
                100,
            ),
            (
                vec![
                    (status(9, 9, 44), 300.0, false),
                    (status(5, 0, 34), 100.0, false),
                ],
                // Reverse: one stretch was never cleared.
                status(5, 0, 34),
                87,
            ),
            (
                // The second runs against the line: its forward is the line's reverse.
                vec![
                    (status(9, 9, 44), 100.0, false),
                    (status(5, 7, 43), 100.0, true),
                ],
                status(7, 5, 34),
                75,
            ),
            (
                vec![
                    (status(0, 0, 66), 1.0, false),
                    (status(3, 3, 44), 999.0, false),
                ],
                status(0, 0, 66),
                99,
            ),
            (
                vec![
                    (status(3, 4, 301_144), 10.0, false),
                    (status(5, 2, 20_088), 10.0, false),
                ],
                status(3, 4, 321_144),
                100,
            ),
        ];
        for (members, expected, percent) in cases {
            let merged = merged_status(members.iter().copied()).unwrap_or_default();
            assert_eq!(merged.status, expected, "{members:?}");
            assert_eq!(merged.cleared_percent, percent, "{members:?}");
        }
        assert_eq!(merged_status(std::iter::empty()), None);
    }
}
