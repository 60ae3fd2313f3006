//! A driver's way between places, and the state of each stretch of it.
//!
//! The way is the one that usually takes the least time in winter, by the kind of each road, and never
//! leads over what is closed. It serves the question whether a way is open, not navigation: there are no
//! turn restrictions and no traffic in it.

mod ends;
mod open_way;
mod search;
mod stretches;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

pub use open_way::{OpenWay, open_way};
pub use stretches::{JourneyStretch, stretches};

use crate::geometry::LonLat;
use crate::network::{DirectedSegment, RoadNetwork};
use crate::work::Direction;
use ends::End;

/// How far from a road a place may lie.
pub const FARTHEST_FROM_ROAD_M: f64 = 1000.0;

/// Ways whose places lie farther apart by air are not looked for.
pub const LONGEST_LEG_M: f64 = 150_000.0;

/// Part of a segment on the way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Travelled {
    /// The segment and the direction in which it is driven.
    pub directed: DirectedSegment,
    /// Start measure in the order of the segment's line.
    pub from_m: f64,
    /// End measure; never less than `from_m`.
    pub to_m: f64,
}

impl Travelled {
    /// Metres driven.
    pub fn length_m(&self) -> f64 {
        self.to_m - self.from_m
    }

    /// Its line in the direction of travel.
    pub fn line(&self, network: &RoadNetwork) -> Vec<LonLat> {
        let mut line = network.line_between(self.directed.segment(), self.from_m, self.to_m);
        if self.directed.direction() == Direction::Backward {
            line.reverse();
        }
        line
    }
}

/// A way through all the places, in the order of travel.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Journey {
    /// What is driven.
    pub travelled: Vec<Travelled>,
    /// How long it usually takes, by the kind of road alone.
    pub usual_s: f64,
}

impl Journey {
    /// Metres driven.
    pub fn length_m(&self) -> f64 {
        self.travelled.iter().map(Travelled::length_m).sum()
    }
}

/// Why there is no way. Places are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoJourney {
    /// A way needs two ends.
    #[error("a way needs two places or more")]
    TooFewPlaces,
    /// No road is near the place.
    #[error("place {place}: no road within {FARTHEST_FROM_ROAD_M} m")]
    OffRoad {
        /// Which place.
        place: usize,
    },
    /// All roads near the place are closed.
    #[error("place {place}: the roads there are closed")]
    ClosedIn {
        /// Which place.
        place: usize,
    },
    /// The places lie too far apart.
    #[error("places {place} and the next lie more than {} km apart", LONGEST_LEG_M / 1000.0)]
    TooFar {
        /// The earlier of them.
        place: usize,
    },
    /// No open road leads from the place to the next.
    #[error("no open road leads from place {place} to the next")]
    Apart {
        /// The earlier of them.
        place: usize,
    },
}

/// The way through the places that usually takes the least time and takes nothing that `is_closed`.
///
/// # Errors
/// When there is none; the error says at which place.
pub fn find(
    network: &RoadNetwork,
    places: &[LonLat],
    is_closed: &dyn Fn(DirectedSegment) -> bool,
) -> Result<Journey, NoJourney> {
    if places.len() < 2 {
        return Err(NoJourney::TooFewPlaces);
    }
    for (place, pair) in places.windows(2).enumerate() {
        if pair[0].geodesic_m(pair[1]) > LONGEST_LEG_M {
            return Err(NoJourney::TooFar { place });
        }
    }
    let ends = places
        .iter()
        .enumerate()
        .map(|(place, at)| ends::near(network, *at, place, is_closed))
        .collect::<Result<Vec<Vec<End>>, NoJourney>>()?;
    let mut journey = Journey::default();
    for (place, pair) in ends.windows(2).enumerate() {
        let towards = places[place + 1];
        let leg = search::quickest(network, &pair[0], &pair[1], towards, is_closed)
            .ok_or(NoJourney::Apart { place })?;
        journey.travelled.extend(leg.travelled);
        journey.usual_s += leg.usual_s;
    }
    Ok(journey)
}
