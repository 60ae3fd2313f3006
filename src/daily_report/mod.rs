//! 日報 of a manager's vehicles for a night, gathered from the store.

pub mod page;
pub mod table;

use domain::daily_report::{Difference, ReportLine, ReportedPass, TimeBands, differences, lines};
use domain::network::RoadNetwork;
use domain::night::Night;
use domain::road_manager::{RoadManager, owner_among};
use domain::work_log::WorkLogEntry;
use jiff::Timestamp;
use std::collections::BTreeMap;
use store::{HeardVehicle, PassKey, Store, StoreError, Vehicle};

/// Rows of work logs that are compared in one night.
const MOST_LOGGED: i64 = 20_000;

/// What one vehicle did in the night.
#[derive(Debug, Clone, PartialEq)]
pub struct VehicleNight {
    /// The vehicle.
    pub vehicle: Vehicle,
    /// The contractor, as its work log names it; empty where nothing does.
    pub contractor: String,
    /// When its positions came; `None` where only a log tells of it.
    pub heard: Option<HeardVehicle>,
    /// Its work by owner of the road and kind.
    pub lines: Vec<ReportLine>,
    /// The passes that the lines are made of.
    pub passes: Vec<(PassKey, ReportedPass)>,
    /// The rows that were handed in.
    pub log: Vec<WorkLogEntry>,
    /// What they say otherwise.
    pub differences: Vec<Difference>,
}

/// The reports of one manager for one night.
#[derive(Debug, Clone, PartialEq)]
pub struct NightReport {
    /// The night.
    pub night: Night,
    /// Whose vehicles.
    pub manager: RoadManager,
    /// When it was drawn up; before the night's end it is not whole.
    pub drawn_up_at: Timestamp,
    /// By feed and vehicle.
    pub vehicles: Vec<VehicleNight>,
}

impl NightReport {
    /// Gathers it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn gather(
        store: &Store,
        network: &RoadNetwork,
        manager: &RoadManager,
        night: Night,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let span = night.span();
        let owners = store.road_managers().await?;
        let feed_managers = store.feed_managers().await?;
        let mut vehicles: BTreeMap<Vehicle, VehicleNight> = BTreeMap::new();
        for heard in store.heard_vehicles(&manager.code, span).await? {
            let night = entry(&mut vehicles, heard.vehicle.clone());
            night.heard = Some(heard);
        }
        for (key, made) in store.passes_begun(&manager.code, span).await? {
            let owner = network.find(made.segment).and_then(|segment| {
                let road = &network.road(segment).attributes;
                owner_among(owners.iter(), road.manager.as_deref(), road.manager_level)
            });
            let pass = ReportedPass {
                segment: made.segment,
                owner: owner.map(|owner| owner.code.clone()),
                pass: made.pass,
            };
            entry(&mut vehicles, key.vehicle.clone())
                .passes
                .push((key, pass));
        }
        for record in store.work_log(span, false, MOST_LOGGED).await? {
            let is_own = feed_managers
                .get(&record.feed_id)
                .is_some_and(|owner| owner.code == manager.code);
            if is_own {
                let vehicle = seen_elsewhere(&vehicles, record.feed_id, &record.entry.vehicle_id);
                let night = entry(&mut vehicles, vehicle);
                if night.contractor.is_empty() {
                    night.contractor.clone_from(&record.entry.contractor);
                }
                night.log.push(record.entry);
            }
        }
        let bands = TimeBands::default();
        for night in vehicles.values_mut() {
            let passes: Vec<ReportedPass> =
                night.passes.iter().map(|(_, pass)| pass.clone()).collect();
            night.lines = lines(&passes, &bands);
            if !night.log.is_empty() {
                night.differences = differences(&passes, &night.log);
            }
        }
        Ok(NightReport {
            night,
            manager: manager.clone(),
            drawn_up_at: now,
            vehicles: vehicles.into_values().collect(),
        })
    }
}

/// Logs come by a feed of their own; the vehicle is the one that was heard under the same name.
fn seen_elsewhere(
    vehicles: &BTreeMap<Vehicle, VehicleNight>,
    feed_id: String,
    vehicle_id: &str,
) -> Vehicle {
    let mut named = vehicles.keys().filter(|v| v.vehicle_id == vehicle_id);
    match (named.next(), named.next()) {
        (Some(only), None) => only.clone(),
        _ => Vehicle {
            feed_id,
            vehicle_id: vehicle_id.to_owned(),
        },
    }
}

fn entry(vehicles: &mut BTreeMap<Vehicle, VehicleNight>, vehicle: Vehicle) -> &mut VehicleNight {
    vehicles
        .entry(vehicle.clone())
        .or_insert_with(|| VehicleNight {
            vehicle,
            contractor: String::new(),
            heard: None,
            lines: Vec::new(),
            passes: Vec::new(),
            log: Vec::new(),
            differences: Vec::new(),
        })
}
