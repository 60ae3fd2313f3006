//! What a decoder understood of one payload, whatever its format.

use domain::closure::Closure;
use domain::fix::{PlowFix, Rejection};
use domain::observation::{Observation, Station};
use domain::plan::Plan;
use domain::snow_forecast::SnowForecast;
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
    /// Snowfall that is foreseen.
    pub snow_forecasts: Vec<SnowForecast>,
    /// Records that were not taken.
    pub rejections: Vec<Rejection>,
    /// What a person should know of the payload as a whole, as of its accuracy.
    pub notes: Vec<String>,
}

impl Decoded {
    /// Adds what another payload, or another file of this one, says.
    pub fn append(&mut self, other: Decoded) {
        // Taken apart, so that a new kind of fact can't be forgotten here.
        let Decoded {
            fixes,
            stations,
            observations,
            orders,
            plans,
            closures,
            work_log,
            snow_forecasts,
            rejections,
            notes,
        } = other;
        self.fixes.extend(fixes);
        self.stations.extend(stations);
        self.observations.extend(observations);
        self.orders.extend(orders);
        self.plans.extend(plans);
        self.closures.extend(closures);
        self.work_log.extend(work_log);
        self.snow_forecasts.extend(snow_forecasts);
        self.rejections.extend(rejections);
        self.notes.extend(notes);
    }
}

/// Why a payload could not be read at all: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DecodeError(pub String);
