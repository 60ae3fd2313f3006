//! TRANSLATES: transports and formats. Bytes become domain values and rejections.
//!
//! This crate must never know SQL, the network or status. A format is a folder with its wire types
//! and its decoder; a bad record becomes a [`domain::fix::Rejection`] and the rest goes on.

mod decoded;
mod finnish_tasks;
pub mod fixes_csv;
pub mod formats;
pub mod harja;
pub mod http;
mod json_item;
mod line_times;
pub mod maintenance_tracking;
pub mod mapping;
pub mod plow_csv;
pub mod plow_gpx;
pub mod plow_json;
mod position;
pub mod projection;
pub mod roads;
pub mod table;
pub mod text;
pub mod work_log_csv;
pub mod work_words;

pub use decoded::{DecodeError, Decoded};
