//! SERVES: the command line, the configuration, the workers, the one writer of status and HTTP.
//!
//! This crate wires the rooms together. It must never know wire formats, SQL text or formulas.

pub mod api_key;
pub mod attribution;
pub mod call_outs;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod daily_report;
pub mod database;
pub mod demo;
pub mod feed_source;
pub mod http;
pub mod passwords;
pub mod rule_trial;
pub mod segment_row;
pub mod workers;
