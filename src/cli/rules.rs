//! `yukimichi rules …`.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use std::path::PathBuf;

/// What is done with rules.
#[derive(Debug, Clone, Subcommand)]
pub enum RulesCommand {
    /// Import rules from TOML or CSV; a rule of the same name is replaced, others stay
    Import {
        /// .toml, .csv or .tsv
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Code of the road manager, where the file does not say it
        #[arg(long, value_name = "CODE")]
        manager: Option<String>,
    },
    /// List the rules that hold, and how each zone was last found
    List {
        /// Only of this road manager
        #[arg(long, value_name = "CODE")]
        manager: Option<String>,
    },
    /// Withdraw a rule
    Remove {
        /// Its name
        #[arg(value_name = "ID")]
        id: String,
        /// Code of its road manager
        #[arg(long, value_name = "CODE")]
        manager: String,
    },
    /// What last night, or any past night, would have raised; raises nothing
    Test(RulesTestArgs),
}

/// Arguments of `rules test`.
#[derive(Debug, Clone, Args)]
pub struct RulesTestArgs {
    /// Only rules of this road manager
    #[arg(long, value_name = "CODE")]
    pub manager: Option<String>,
    /// The night that begins on this day, as 2026-01-12 [default: last night]
    #[arg(long, value_name = "DATE")]
    pub night: Option<Date>,
    /// From here on instead, as 2026-01-15T00:00:00+09:00
    #[arg(long, value_name = "T")]
    pub from: Option<Timestamp>,
    /// Until here [default: now]
    #[arg(long, value_name = "T")]
    pub to: Option<Timestamp>,
}
