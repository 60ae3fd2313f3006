//! `yukimichi snow …`.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum SnowCommand {
    /// Leave each station out once, tell it from the others, and hold that against the nearest station
    Validate(SnowValidateArgs),
    /// Days of past winters on which a threshold of snow in a day would have called out
    Days(SnowDaysArgs),
}

/// Arguments of `snow validate`.
#[derive(Debug, Clone, Args)]
pub struct SnowValidateArgs {
    /// As of this moment, as 2026-01-15T05:00:00+09:00 [default: now]
    #[arg(long, value_name = "T", conflicts_with = "map")]
    pub at: Option<Timestamp>,
    /// What is told
    #[arg(long, value_name = "NAME", default_value = "depth_cm")]
    pub quantity: String,
    /// Stations of this JMA map file instead of the database's
    #[arg(long, value_name = "FILE", requires = "stations")]
    pub map: Option<PathBuf>,
    /// JMA's station table, amedastable.json
    #[arg(long, value_name = "FILE", requires = "map")]
    pub stations: Option<PathBuf>,
}

/// Arguments of `snow days`.
#[derive(Debug, Clone, Args)]
pub struct SnowDaysArgs {
    /// A table with a row for each day
    #[arg(long, value_name = "F")]
    pub csv: PathBuf,
    /// Snow in a day from which on somebody is called out, cm
    #[arg(long, value_name = "CM", default_value_t = 10.0)]
    pub threshold_cm: f64,
    /// Column of the day
    #[arg(long, value_name = "NAME", default_value = "obs_date")]
    pub time_column: String,
    /// Column of the day's snowfall, cm
    #[arg(long, value_name = "NAME", default_value = "snowfall")]
    pub snowfall_column: String,
    /// Column of the depth, cm
    #[arg(long, value_name = "NAME", default_value = "snowdepth")]
    pub depth_column: String,
}
