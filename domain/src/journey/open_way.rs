//! A way as things stand: the usual one, and what is open instead where something on it is closed.

use super::{Journey, JourneyStretch, NoJourney, find, stretches};
use crate::geometry::LonLat;
use crate::network::{DirectedSegment, RoadNetwork};
use crate::status::{State, StatusTable};

/// A way, with what is closed on the one that would else be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenWay {
    /// Closed stretches of the way that is taken when nothing is closed.
    pub closed_on_usual: Vec<JourneyStretch>,
    /// The way that is open, with its stretches in the order of travel; why there is none.
    pub way: Result<(Journey, Vec<JourneyStretch>), NoJourney>,
}

/// The way through the places that is open as the roads' states are now.
///
/// # Errors
/// When there would be no way if nothing were closed.
pub fn open_way(
    network: &RoadNetwork,
    status: &StatusTable,
    places: &[LonLat],
) -> Result<OpenWay, NoJourney> {
    let is_closed = |directed: DirectedSegment| {
        let status = status.status(directed.segment());
        status.state(directed.direction()) == State::Closed
    };
    let told = |journey: &Journey| stretches(network, &status.read(), journey);
    let usual = find(network, places, &|_| false)?;
    let usual_stretches = told(&usual);
    let closed_on_usual: Vec<JourneyStretch> = usual_stretches
        .iter()
        .filter(|stretch| stretch.state == State::Closed)
        .cloned()
        .collect();
    let way = if closed_on_usual.is_empty() {
        Ok((usual, usual_stretches))
    } else {
        find(network, places, &is_closed).map(|journey| {
            let stretches = told(&journey);
            (journey, stretches)
        })
    };
    Ok(OpenWay {
        closed_on_usual,
        way,
    })
}
