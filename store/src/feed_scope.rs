//! What a feed speaks for.

use crate::database::StoreError;
use crate::facts::{from_json, json_of};
use domain::place::Place;

/// The segments that a feed speaks for: when it is not heard, nothing is known of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum FeedScope {
    /// None but those that its plows pass.
    #[default]
    Passes,
    /// All of its manager.
    Manager,
    /// Those of these zones of its manager, by their normalised names.
    Zones(Vec<String>),
    /// Those under lines, and its manager's in polygons.
    Area(Place),
}

impl FeedScope {
    pub(crate) fn zones(&self) -> Option<&[String]> {
        match self {
            FeedScope::Zones(zones) => Some(zones),
            _ => None,
        }
    }

    pub(crate) fn area(&self) -> Result<Option<serde_json::Value>, StoreError> {
        match self {
            FeedScope::Area(place) => json_of("area", place).map(Some),
            _ => Ok(None),
        }
    }

    pub(crate) fn read(
        manager: bool,
        zones: Option<Vec<String>>,
        area: Option<serde_json::Value>,
    ) -> Result<Self, StoreError> {
        Ok(match (zones, area) {
            (Some(zones), _) => FeedScope::Zones(zones),
            (None, Some(area)) => FeedScope::Area(from_json("area", area)?),
            (None, None) if manager => FeedScope::Manager,
            (None, None) => FeedScope::Passes,
        })
    }
}
