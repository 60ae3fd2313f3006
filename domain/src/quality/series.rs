//! What a station read, in the order of time.

use super::Verdict;
use crate::geometry::LonLat;
use crate::observation::{Observation, QualityFlag, Quantity, Station, StationKey};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// One value of one quantity at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// When it was measured.
    pub observed_at: Timestamp,
    /// In the quantity's unit; `None` where there is none.
    pub value: Option<f64>,
    /// What is believed of it: the source's word before quality control, its verdict after.
    pub flag: QualityFlag,
    /// Why the flag is not `Pass`.
    pub reason: String,
}

/// A station with its readings by quantity, each in the order of time and with one value a time.
#[derive(Debug, Clone, PartialEq)]
pub struct StationSeries {
    /// Which station.
    pub key: StationKey,
    /// Where it stands.
    pub at: Option<LonLat>,
    /// Height above the sea, m.
    pub elevation_m: Option<f64>,
    readings: BTreeMap<Quantity, Vec<Reading>>,
}

impl StationSeries {
    /// A station without readings as yet.
    pub fn new(key: StationKey, at: Option<LonLat>, elevation_m: Option<f64>) -> Self {
        StationSeries {
            key,
            at,
            elevation_m,
            readings: BTreeMap::new(),
        }
    }

    /// The series of a feed's station, without readings as yet.
    pub fn of_station(feed_id: &str, station: &Station) -> Self {
        let key = StationKey::new(feed_id, station.id.clone());
        Self::new(key, station.at, station.elevation_m)
    }

    /// Adds a reading of any time; of two of one time the first stays, unless it has no value.
    pub fn add(&mut self, quantity: Quantity, reading: Reading) {
        let series = self.readings.entry(quantity).or_default();
        let place = series.partition_point(|r| r.observed_at < reading.observed_at);
        match series.get_mut(place) {
            Some(there) if there.observed_at == reading.observed_at => {
                if there.value.is_none() && reading.value.is_some() {
                    *there = reading;
                }
            }
            _ => series.insert(place, reading),
        }
    }

    /// Puts a reading in the place of the one of its time, where there is one.
    pub fn replace(&mut self, quantity: Quantity, reading: Reading) {
        let series = self.readings.entry(quantity).or_default();
        match series.binary_search_by_key(&reading.observed_at, |r| r.observed_at) {
            Ok(place) => series[place] = reading,
            Err(place) => series.insert(place, reading),
        }
    }

    /// Forgets the readings of a time and before.
    pub fn forget_until(&mut self, at: Timestamp) {
        for series in self.readings.values_mut() {
            let old = series.partition_point(|r| r.observed_at <= at);
            series.drain(..old);
        }
    }

    /// Adds an observation as it came.
    pub fn add_observation(&mut self, observation: Observation) {
        let reading = Reading {
            observed_at: observation.observed_at,
            value: observation.value,
            flag: observation.flag,
            reason: observation.reason,
        };
        self.add(observation.quantity, reading);
    }

    /// The readings of a quantity, oldest first.
    pub fn of(&self, quantity: Quantity) -> &[Reading] {
        self.readings.get(&quantity).map_or(&[], Vec::as_slice)
    }

    /// Quantities with their readings.
    pub fn quantities(&self) -> impl Iterator<Item = (Quantity, &[Reading])> {
        self.readings.iter().map(|(q, r)| (*q, r.as_slice()))
    }

    /// Puts verdicts in the place of what was believed before.
    pub fn take_verdicts(&mut self, verdicts: &[Verdict]) {
        for verdict in verdicts {
            let Some(series) = self.readings.get_mut(&verdict.quantity) else {
                continue;
            };
            if let Ok(place) = series.binary_search_by_key(&verdict.observed_at, |r| r.observed_at)
            {
                series[place].flag = verdict.flag;
                series[place].reason.clone_from(&verdict.reason);
            }
        }
    }

    pub(super) fn for_each_series(&mut self, mut each: impl FnMut(Quantity, &mut [Reading])) {
        for (quantity, readings) in &mut self.readings {
            each(*quantity, readings);
        }
    }

    /// The newest reading with a value that is not failed, at or before a time and not older than
    /// `within`.
    pub fn usable_before(
        &self,
        quantity: Quantity,
        at: Timestamp,
        within: SignedDuration,
    ) -> Option<&Reading> {
        let series = self.of(quantity);
        let end = series.partition_point(|r| r.observed_at <= at);
        series[..end]
            .iter()
            .rev()
            .take_while(|r| at.duration_since(r.observed_at) <= within)
            .find(|r| r.is_usable())
    }
}

impl Reading {
    /// Whether it has a value that has not failed.
    pub fn is_usable(&self) -> bool {
        self.value.is_some() && matches!(self.flag, QualityFlag::Pass | QualityFlag::Suspect)
    }

    /// Its value where it is usable.
    pub(super) fn usable_value(&self) -> Option<f64> {
        self.value.filter(|_| self.is_usable())
    }

    /// Makes its flag worse; a flag that is as bad already keeps its reason.
    pub(super) fn object(&mut self, objection: Option<Objection>) {
        if let Some(objection) = objection
            && objection.flag.badness() > self.flag.badness()
        {
            self.flag = objection.flag;
            self.reason = objection.reason;
        }
    }
}

/// What a check has against a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Objection {
    pub(super) flag: QualityFlag,
    pub(super) reason: String,
}

impl Objection {
    pub(super) fn suspect(reason: String) -> Self {
        let flag = QualityFlag::Suspect;
        Objection { flag, reason }
    }

    pub(super) fn fail(reason: String) -> Self {
        let flag = QualityFlag::Fail;
        Objection { flag, reason }
    }
}
