//! What a decoder understood of one payload, whatever its format.

use crate::told::Told;
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
    pub fixes: Told<PlowFix>,
    /// Stations that the payload describes.
    pub stations: Told<Station>,
    /// Readings.
    pub observations: Told<Observation>,
    /// States of orders.
    pub orders: Told<ZoneOrder>,
    /// Announced works.
    pub plans: Told<Plan>,
    /// Closures.
    pub closures: Told<Closure>,
    /// Rows of a work log.
    pub work_log: Told<WorkLogEntry>,
    /// Snowfall that is foreseen.
    pub snow_forecasts: Told<SnowForecast>,
    /// Records that were not taken.
    pub rejections: Vec<Rejection>,
    /// Values that can't be, of records that were taken without them.
    pub dropped_values: Vec<Rejection>,
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
            dropped_values,
            notes,
        } = other;
        self.fixes.append(fixes);
        self.stations.append(stations);
        self.observations.append(observations);
        self.orders.append(orders);
        self.plans.append(plans);
        self.closures.append(closures);
        self.work_log.append(work_log);
        self.snow_forecasts.append(snow_forecasts);
        self.rejections.extend(rejections);
        self.dropped_values.extend(dropped_values);
        self.notes.extend(notes);
    }

    /// Adds the fix that the record at `position` told, without a course or speed that can't be: that
    /// costs the value and not the fix.
    pub(crate) fn take_fix(
        &mut self,
        position: u64,
        mut fix: PlowFix,
        record: impl Fn() -> String,
    ) {
        for (field, reason) in fix.drop_impossible_motion() {
            self.dropped_values.push(Rejection {
                position,
                field: field.to_owned(),
                reason,
                record: record(),
            });
        }
        self.fixes.push(position, fix);
    }
}

/// Why a payload could not be read at all: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DecodeError(pub String);
