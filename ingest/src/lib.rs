//! TRANSLATES: transports and formats. Bytes become domain values and rejections.
//!
//! This crate must never know SQL, the network or status. A format is a folder with its wire types
//! and its decoder; a bad record becomes a [`domain::fix::Rejection`] and the rest goes on.

pub mod amedas;
pub mod area_file;
pub mod closures;
pub mod contractors;
mod decoded;
pub mod features;
mod finnish_tasks;
pub mod fixes_csv;
pub mod formats;
pub mod harja;
mod json_item;
pub mod kiloposts;
mod line_times;
pub mod maintenance_tracking;
pub mod mapping;
pub mod mesh;
pub mod payload;
pub mod plans;
pub mod plow_csv;
pub mod plow_gpx;
pub mod plow_json;
mod position;
pub mod projection;
pub mod push_json;
pub mod roads;
pub mod rules;
pub mod snow_csv;
pub mod snow_forecast;
pub mod table;
pub mod text;
mod told;
pub mod transport;
pub mod vehicle_words;
mod word_table;
pub mod work_log_csv;
pub mod work_words;
pub mod zone_orders;

pub use decoded::{DecodeError, Decoded};
pub use told::Told;
