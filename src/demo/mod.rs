//! The demo night: a made-up town, its plows and its snow, served as three managers' feeds over HTTP.
//!
//! The simulator has its own map, routes and motion and shares nothing with the matcher, so that
//! what the product makes of the feeds can be held against what was really driven.

mod area;
mod beat;
mod call_rules;
mod chance;
mod config;
mod dirt;
mod feeds;
mod fleet;
mod gauges;
mod night;
mod osm_file;
mod plow;
mod receiver;
mod road_map;
mod routing;
mod schedule;
mod tour;
mod town;
mod trouble;
mod truth;

#[cfg(test)]
mod night_tests;

pub use call_rules::call_rules;
pub use config::config_toml_on;
pub use feeds::{router, serve};
pub use fleet::{Fleet, Ground};
pub use night::Night;
pub use osm_file::osm_xml;
pub use town::town;
pub use truth::{PlowTruth, TrueLeg};
