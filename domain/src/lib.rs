//! INFERS: the road network, map matching, coverage, snow and status.
//!
//! Pure functions of their input. This crate must never know async, I/O, the clock (`now` is an
//! argument) or any vendor; `tests/architecture.rs` at the root keeps it so.

#[cfg(test)]
pub(crate) mod ascii_map;
pub mod closure;
pub mod conflation;
pub mod contractor;
pub mod coverage;
pub mod daily_report;
pub mod driver_alert;
pub mod fact;
pub mod fix;
pub mod gazetteer;
pub mod geometry;
pub mod japan_time;
pub mod journey;
pub mod kilopost;
mod linear_reference;
pub mod matching;
pub mod network;
pub mod night;
pub mod observation;
pub mod place;
pub mod placement;
pub mod plan;
pub mod private_address;
pub mod quality;
pub mod road_lengths;
pub mod road_manager;
pub mod route_name;
pub mod rules;
pub mod sign_in;
pub mod snow_field;
pub mod snow_forecast;
pub mod status;
pub mod trust;
pub mod vehicle_type;
pub mod winter_days;
pub mod work;
pub mod work_log;
pub mod zone_extent;
pub mod zone_order;
