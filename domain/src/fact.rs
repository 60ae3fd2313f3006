//! Facts that come more than once: what repeats is no news, and what contradicts what came first is
//! quarantined (design §5.1).

use crate::closure::Closure;
use crate::fix::{PlowFix, Rejection};
use crate::observation::{Observation, Quantity, Station};
use crate::plan::Plan;
use crate::snow_forecast::SnowForecast;
use crate::work_log::WorkLogEntry;
use crate::zone_order::ZoneOrder;
use jiff::Timestamp;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

/// A fact with a name of its own within its feed: two of one name must say the same.
pub trait Fact: Sized {
    /// What names it.
    type Key: Eq + Hash;
    /// The field that a contradiction is blamed on.
    const FIELD: &'static str;

    /// What names it.
    fn key(&self) -> Self::Key;

    /// Whether the other says the same.
    fn agrees(&self, other: &Self) -> bool;

    /// Whether the other may take this one's place: it tells what this one left open.
    fn is_completed_by(&self, _other: &Self) -> bool {
        false
    }

    /// Its name and what it says, for a person.
    fn words(&self) -> (String, String);
}

/// Facts that are news, with their positions among those given; the rest of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Sifted<F> {
    /// The news, in the order given.
    pub news: Vec<(u64, F)>,
    /// What contradicts something that came before.
    pub conflicts: Vec<Rejection>,
    /// How many said again what was known.
    pub repeats: usize,
}

/// Leaves out repeats of earlier ones of these and of those that are stored; what contradicts them
/// becomes a rejection. The first one to come counts.
pub fn sift<F: Fact>(facts: Vec<(u64, F)>, stored: Vec<F>) -> Sifted<F> {
    let known: HashMap<F::Key, F> = stored.into_iter().map(|f| (f.key(), f)).collect();
    let mut sifted = Sifted {
        news: Vec::<(u64, F)>::with_capacity(facts.len()),
        conflicts: Vec::new(),
        repeats: 0,
    };
    let mut seen: HashMap<F::Key, usize> = HashMap::with_capacity(facts.len());
    for (position, fact) in facts {
        let key = fact.key();
        let stored = known.get(&key);
        match seen.entry(key) {
            Entry::Occupied(slot) => {
                let first = &mut sifted.news[*slot.get()].1;
                if first.agrees(&fact) {
                    sifted.repeats += 1;
                } else if first.is_completed_by(&fact) {
                    *first = fact;
                } else {
                    sifted.conflicts.push(conflict(first, &fact, position));
                }
            }
            Entry::Vacant(slot) => match stored {
                Some(first) if first.agrees(&fact) => sifted.repeats += 1,
                Some(first) if !first.is_completed_by(&fact) => {
                    sifted.conflicts.push(conflict(first, &fact, position));
                }
                _ => {
                    slot.insert(sifted.news.len());
                    sifted.news.push((position, fact));
                }
            },
        }
    }
    sifted
}

fn conflict<F: Fact>(first: &F, second: &F, position: u64) -> Rejection {
    let ((name, said), (_, says)) = (first.words(), second.words());
    Rejection {
        position,
        field: F::FIELD.to_owned(),
        reason: format!("{name} was told before: first {said}, now {says}"),
        record: format!("{name}: {says}"),
    }
}

impl Fact for PlowFix {
    type Key = (String, Timestamp);
    const FIELD: &'static str = "observed_at";

    fn key(&self) -> Self::Key {
        (self.vehicle_id.clone(), self.observed_at)
    }

    fn agrees(&self, other: &Self) -> bool {
        self == other
    }

    fn words(&self) -> (String, String) {
        let mut says = format!("{}, {}", self.at.lon, self.at.lat);
        for (name, value) in [("heading", self.heading_deg), ("km/h", self.speed_kmh)] {
            if let Some(value) = value {
                says.push_str(&format!(", {name} {value}"));
            }
        }
        if let Some(work) = self.work {
            says.push_str(&format!(", {}", work.as_str()));
        }
        (
            format!("vehicle {} at {}", self.vehicle_id, self.observed_at),
            says,
        )
    }
}

impl Fact for Observation {
    type Key = (String, Quantity, Timestamp);
    const FIELD: &'static str = "value";

    fn key(&self) -> Self::Key {
        (self.station_id.clone(), self.quantity, self.observed_at)
    }

    fn agrees(&self, other: &Self) -> bool {
        (self.value, self.flag) == (other.value, other.flag)
    }

    /// Sources publish a map before every station has reported.
    fn is_completed_by(&self, other: &Self) -> bool {
        self.value.is_none() && other.value.is_some()
    }

    fn words(&self) -> (String, String) {
        let name = format!(
            "{} of station {} at {}",
            self.quantity.as_str(),
            self.station_id,
            self.observed_at
        );
        let value = self.value.map_or("nothing".to_owned(), |v| v.to_string());
        (name, format!("{value} ({})", self.flag.as_str()))
    }
}

impl Fact for Station {
    type Key = String;
    const FIELD: &'static str = "id";

    fn key(&self) -> Self::Key {
        self.id.clone()
    }

    fn agrees(&self, other: &Self) -> bool {
        self == other
    }

    fn words(&self) -> (String, String) {
        let place = self
            .at
            .map_or("nowhere".to_owned(), |at| format!("{}, {}", at.lon, at.lat));
        (
            format!("station {}", self.id),
            format!("{} at {place}", self.name.ja),
        )
    }
}

impl Fact for ZoneOrder {
    type Key = (String, Timestamp);
    const FIELD: &'static str = "state";

    fn key(&self) -> Self::Key {
        (self.zone.clone(), self.as_of)
    }

    /// Of the zone's own drawing the zone itself keeps versions.
    fn agrees(&self, other: &Self) -> bool {
        (self.state, &self.name) == (other.state, &other.name)
    }

    fn words(&self) -> (String, String) {
        let state = self.state.map_or("no state", |state| state.as_str());
        let says = format!("{state} ({})", self.name);
        (
            format!("order of zone {} as of {}", self.zone, self.as_of),
            says,
        )
    }
}

impl Fact for Plan {
    type Key = String;
    const FIELD: &'static str = "id";

    fn key(&self) -> Self::Key {
        self.id.clone()
    }

    fn agrees(&self, other: &Self) -> bool {
        self == other
    }

    fn words(&self) -> (String, String) {
        let says = format!(
            "{} {} from {} until {}",
            self.state.as_str(),
            self.work.as_str(),
            self.from,
            self.until
        );
        (format!("plan {}", self.id), says)
    }
}

impl Fact for Closure {
    type Key = String;
    const FIELD: &'static str = "id";

    fn key(&self) -> Self::Key {
        self.id.clone()
    }

    fn agrees(&self, other: &Self) -> bool {
        self == other
    }

    fn words(&self) -> (String, String) {
        let until = self
            .until
            .map_or("further notice".to_owned(), |at| at.to_string());
        let says = format!("{} from {} until {until}", self.kind.as_str(), self.since);
        (format!("closure {}", self.id), says)
    }
}

impl Fact for WorkLogEntry {
    type Key = (String, Timestamp, String);
    const FIELD: &'static str = "started_at";

    fn key(&self) -> Self::Key {
        (
            self.vehicle_id.clone(),
            self.started_at,
            format!("{:?}", self.stretch),
        )
    }

    fn agrees(&self, other: &Self) -> bool {
        self == other
    }

    fn words(&self) -> (String, String) {
        let name = format!(
            "work of {} on {} from {}",
            self.vehicle_id, self.stretch.route, self.started_at
        );
        (
            name,
            format!("{} until {}", self.work.as_str(), self.ended_at),
        )
    }
}

impl Fact for SnowForecast {
    type Key = (String, Timestamp, Timestamp, Timestamp);
    const FIELD: &'static str = "new_snow_cm";

    fn key(&self) -> Self::Key {
        (self.place.clone(), self.issued_at, self.from, self.until)
    }

    fn agrees(&self, other: &Self) -> bool {
        self == other
    }

    fn words(&self) -> (String, String) {
        let name = format!(
            "snow at {} from {} until {} as of {}",
            self.place, self.from, self.until, self.issued_at
        );
        (name, format!("{} cm", self.new_snow_cm))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::observation::QualityFlag;
    use proptest::prelude::*;

    fn reading(second: i64, value: Option<f64>) -> Observation {
        Observation {
            station_id: "31482".to_owned(),
            observed_at: Timestamp::from_second(second).unwrap(),
            quantity: Quantity::DepthCm,
            value,
            flag: match value {
                Some(_) => QualityFlag::Pass,
                None => QualityFlag::Missing,
            },
            reason: String::new(),
        }
    }

    #[test]
    fn the_first_counts_repeats_are_no_news_and_contradictions_are_named() {
        // Stored value, values that come, then: news, conflicts, repeats.
        let cases = [
            (vec![], vec![Some(5.0)], (1, 0, 0)),
            (vec![], vec![Some(5.0), Some(5.0)], (1, 0, 1)),
            (vec![], vec![Some(5.0), Some(6.0)], (1, 1, 0)),
            (vec![Some(5.0)], vec![Some(5.0), Some(5.0)], (0, 0, 2)),
            (vec![Some(5.0)], vec![Some(6.0)], (0, 1, 0)),
            (vec![None], vec![Some(6.0), Some(6.0)], (1, 0, 1)),
            (vec![None], vec![None], (0, 0, 1)),
            (vec![Some(6.0)], vec![None], (0, 1, 0)),
            (vec![], vec![None, Some(6.0)], (1, 0, 0)),
        ];
        for (stored, come, expected) in cases {
            let stored_facts = stored.iter().map(|v| reading(0, *v)).collect();
            let facts = (0u64..).zip(come.iter().map(|v| reading(0, *v))).collect();
            let sifted = sift(facts, stored_facts);
            assert_eq!(
                (sifted.news.len(), sifted.conflicts.len(), sifted.repeats),
                expected,
                "{stored:?} then {come:?}"
            );
        }
        let conflicts = sift(
            vec![(7, reading(0, Some(6.0)))],
            vec![reading(0, Some(5.0))],
        )
        .conflicts;
        assert_eq!(conflicts[0].position, 7);
        for word in ["depth_cm", "31482", "first 5 (pass)", "now 6 (pass)"] {
            assert!(
                conflicts[0].reason.contains(word),
                "{}",
                conflicts[0].reason
            );
        }
    }

    proptest! {
        #[test]
        fn every_fact_is_news_or_a_repeat_or_a_conflict_and_a_second_time_no_news(
            rows in prop::collection::vec((0..5i64, prop::option::of(0..3u8)), 0..30),
        ) {
            let facts: Vec<(u64, Observation)> = (0u64..)
                .zip(rows.iter().map(|(at, v)| reading(*at, v.map(f64::from))))
                .collect();
            let first = sift(facts.clone(), Vec::new());
            // A completed reading takes the place of the one that it completes.
            let all = first.news.len() + first.conflicts.len() + first.repeats;
            prop_assert!(all <= facts.len());
            let stored = first.news.into_iter().map(|(_, fact)| fact).collect();
            prop_assert_eq!(sift(facts, stored).news, vec![]);
        }
    }
}
