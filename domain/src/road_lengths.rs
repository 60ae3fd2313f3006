//! How much road is in which state: what the board counts by owner, zone and priority.

use crate::network::RoadNetwork;
use crate::status::{State, StatusColumns};
use crate::work::Direction;
use std::collections::BTreeMap;

/// Metres of road in each state. A road with two directions counts half of its length for each.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LengthByState([f64; State::ALL.len()]);

/// Part of a segment that counts for something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CountedStretch {
    /// Index of the segment.
    pub segment: u32,
    /// Its metres.
    pub length_m: f64,
    /// The direction that counts; both where none is named.
    pub direction: Option<Direction>,
}

impl CountedStretch {
    /// A whole segment.
    pub fn whole(network: &RoadNetwork, segment: u32) -> Self {
        CountedStretch {
            segment,
            length_m: network.segments()[segment as usize].length_m,
            direction: None,
        }
    }
}

impl LengthByState {
    /// Metres in a state.
    pub fn metres(&self, state: State) -> f64 {
        self.0[state.code() as usize]
    }

    /// Metres in all states.
    pub fn total_m(&self) -> f64 {
        self.0.iter().sum()
    }

    /// Metres of which a plow is expected and something is known: what is closed, off plan, melting,
    /// silent or without data is neither done nor missed (design §2).
    pub fn known_m(&self) -> f64 {
        [
            State::Cleared,
            State::BelowThreshold,
            State::Working,
            State::Uncleared,
        ]
        .into_iter()
        .map(|state| self.metres(state))
        .sum()
    }

    /// The share of [`Self::known_m`] that needs no plow now; `None` where nothing is known.
    pub fn done_share(&self) -> Option<f64> {
        let done_m = self.metres(State::Cleared) + self.metres(State::BelowThreshold);
        let known_m = self.known_m();
        (known_m > 0.0).then(|| done_m / known_m)
    }

    /// Counts a stretch by the states of its directions.
    pub fn add(&mut self, status: &StatusColumns, stretch: CountedStretch) {
        let known = status.status(stretch.segment);
        match stretch.direction {
            Some(direction) => self.0[known.state(direction).code() as usize] += stretch.length_m,
            None => {
                for direction in [Direction::Forward, Direction::Backward] {
                    self.0[known.state(direction).code() as usize] += stretch.length_m / 2.0;
                }
            }
        }
    }
}

/// The lengths of groups of stretches.
pub fn by_group<K: Ord>(
    status: &StatusColumns,
    stretches: impl IntoIterator<Item = (K, CountedStretch)>,
) -> BTreeMap<K, LengthByState> {
    let mut groups: BTreeMap<K, LengthByState> = BTreeMap::new();
    for (group, stretch) in stretches {
        groups.entry(group).or_default().add(status, stretch);
    }
    groups
}

/// A road that new snow calls a plow to, and none came.
#[derive(Debug, Clone, PartialEq)]
pub struct MissedRoad {
    /// Index of its longest missed segment: name and owner are the same for all.
    pub segment: u32,
    /// Metres that are not cleared, as [`LengthByState`] counts them.
    pub missed_m: f64,
    /// Minutes since 1970 when the part cleared longest ago was cleared; 0 where one never was.
    pub cleared_min: u32,
}

/// The missed roads among segments, one for each name, number, owner and priority; the most important
/// first, then the longest.
pub fn missed(
    network: &RoadNetwork,
    status: &StatusColumns,
    segments: impl IntoIterator<Item = u32>,
) -> Vec<MissedRoad> {
    let mut roads: BTreeMap<_, MissedRoad> = BTreeMap::new();
    for segment in segments {
        let known = status.status(segment);
        let missed: Vec<u32> = [
            (Direction::Forward, known.cleared_fwd_min),
            (Direction::Backward, known.cleared_rev_min),
        ]
        .into_iter()
        .filter(|(direction, _)| known.state(*direction) == State::Uncleared)
        .map(|(_, cleared_min)| cleared_min)
        .collect();
        let Some(cleared_min) = missed.iter().copied().min() else {
            continue;
        };
        let length_m = network.segments()[segment as usize].length_m;
        let missed_m = length_m * missed.len() as f64 / 2.0;
        let a = &network.road(segment).attributes;
        let key = (
            importance(a.emergency, a.priority_class),
            &a.name,
            &a.reference,
            &a.manager,
            a.manager_level,
        );
        let road = roads.entry(key).or_insert(MissedRoad {
            segment,
            missed_m: 0.0,
            cleared_min,
        });
        if length_m > network.segments()[road.segment as usize].length_m {
            road.segment = segment;
        }
        road.missed_m += missed_m;
        road.cleared_min = road.cleared_min.min(cleared_min);
    }
    let mut roads: Vec<_> = roads.into_iter().collect();
    roads.sort_by(|((a, ..), x), ((b, ..), y)| a.cmp(b).then(y.missed_m.total_cmp(&x.missed_m)));
    roads.into_iter().map(|(_, road)| road).collect()
}

/// Emergency routes first, then by class; roads without one last.
fn importance(emergency: bool, priority_class: Option<u8>) -> u8 {
    if emergency {
        0
    } else {
        priority_class.unwrap_or(u8::MAX)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::ascii_map;
    use crate::status::{SegmentStatus, StatusChange};
    use proptest::prelude::*;

    fn columns(digits: &[u32]) -> StatusColumns {
        let mut columns = StatusColumns::new(digits.len());
        for (segment, status) in (0..).zip(digits) {
            let status = SegmentStatus {
                status: *status,
                cleared_fwd_min: 100 + segment,
                cleared_rev_min: 0,
            };
            columns.set(StatusChange {
                segment,
                status,
                sequence: i64::from(segment) + 1,
            });
        }
        columns
    }

    fn stretch(segment: u32, length_m: f64, direction: Option<Direction>) -> CountedStretch {
        CountedStretch {
            segment,
            length_m,
            direction,
        }
    }

    #[test]
    fn a_direction_counts_half_and_silence_counts_for_nothing() {
        // 34: forward cleared, backward uncleared; 11: unconfirmed; 66: closed.
        let status = columns(&[34, 11, 66]);
        let all = (0..3).map(|i| ("all", stretch(i, 100.0, None)));
        let found = by_group(&status, all)["all"];
        assert_eq!(found.metres(State::Cleared), 50.0);
        assert_eq!(found.metres(State::Uncleared), 50.0);
        assert_eq!((found.total_m(), found.known_m()), (300.0, 100.0));
        assert_eq!(found.done_share(), Some(0.5));
        let backward = [("b", stretch(0, 100.0, Some(Direction::Backward)))];
        assert_eq!(by_group(&status, backward)["b"].done_share(), Some(0.0));
        let silent = [("s", stretch(1, 100.0, None))];
        assert_eq!(by_group(&status, silent)["s"].done_share(), None);
    }

    #[test]
    fn missed_roads_are_one_by_name_the_most_important_first() {
        let map = "A---B---C---D\n    |\n    E";
        let network = ascii_map::network_of(
            map,
            100.0,
            &[
                ("AB", &[("name", "市道1号")]),
                ("BC", &[("name", "市道1号")]),
                ("CD", &[("name", "市道2号")]),
                ("BE", &[("name", "市道3号")]),
            ],
        );
        let n = network.segments().len();
        assert_eq!(n, 4);
        let named = |missed: &MissedRoad| {
            let name = network.road(missed.segment).attributes.name.clone();
            (name.unwrap(), missed.missed_m.round(), missed.cleared_min)
        };
        let all = || 0..n as u32;
        // 33: both ways missed; 34: only backward, which was never cleared.
        let found = missed(&network, &columns(&[33, 34, 44, 33]), all());
        let found: Vec<_> = found.iter().map(named).collect();
        let metres = |i: usize| network.segments()[i].length_m;
        assert_eq!(
            found,
            [
                (
                    "市道1号".to_owned(),
                    (metres(0) + metres(1) / 2.0).round(),
                    0
                ),
                ("市道3号".to_owned(), metres(3).round(), 0),
            ]
        );
        assert_eq!(missed(&network, &columns(&[44, 11, 0, 66]), all()), []);
        assert!(importance(true, None) < importance(false, Some(1)));
        assert!(importance(false, Some(2)) < importance(false, None));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_between_states(
            roads in prop::collection::vec((0u32..9, 0u32..9, 0.0f64..5000.0), 1..40),
        ) {
            let digits: Vec<u32> = roads.iter().map(|(f, b, _)| f + 10 * b).collect();
            let status = columns(&digits);
            let counted = (0..).zip(&roads).map(|(i, (_, _, m))| ((), stretch(i, *m, None)));
            let found = by_group(&status, counted)[&()];
            let sum: f64 = roads.iter().map(|(_, _, m)| m).sum();
            prop_assert!((found.total_m() - sum).abs() < 1e-6 * sum.max(1.0));
            prop_assert!(found.known_m() <= found.total_m() + 1e-9);
            prop_assert!(found.done_share().is_none_or(|share| (0.0..=1.0 + 1e-9).contains(&share)));
        }
    }
}
