//! What a decoder understood of one payload, whatever its format.

use domain::closure::Closure;
use domain::fix::{PlowFix, Rejection};
use domain::observation::{Observation, Station};
use domain::plan::Plan;
use domain::work_log::WorkLogEntry;
use domain::zone_order::ZoneOrder;

/// Facts in the payload's order, repeats included, and the records that were not taken.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decoded {
    /// Positions of plows.
    pub fixes: Vec<PlowFix>,
    /// Stations that the payload describes.
    pub stations: Vec<Station>,
    /// Readings.
    pub observations: Vec<Observation>,
    /// States of orders.
    pub orders: Vec<ZoneOrder>,
    /// Announced works.
    pub plans: Vec<Plan>,
    /// Closures.
    pub closures: Vec<Closure>,
    /// Rows of a work log.
    pub work_log: Vec<WorkLogEntry>,
    /// Records that were not taken.
    pub rejections: Vec<Rejection>,
    /// What a person should know of the payload as a whole, as of its accuracy.
    pub notes: Vec<String>,
}

/// Why a payload could not be read at all: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DecodeError(pub String);
