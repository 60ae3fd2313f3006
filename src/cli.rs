//! The command line (design §6).

mod export;
mod rules;
mod snow;

pub use export::{ExportArgs, ExportCommand, PmtilesArgs, SelectionArgs};
pub use rules::{RulesCommand, RulesTestArgs};
pub use snow::{SnowDaysArgs, SnowValidateArgs};

use crate::commands;
use crate::config::Config;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use snow::SnowCommand;
use std::path::PathBuf;
use std::process::ExitCode;
use store::KeyHolder;

/// 雪道: one map of who cleared which road when, for national, prefectural and municipal roads.
#[derive(Debug, Parser)]
#[command(name = "yukimichi", version, about, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct GlobalArgs {
    /// Configuration file [default: yukimichi.toml where it exists]
    #[arg(long, global = true, value_name = "F")]
    config: Option<PathBuf>,
    /// Private database cluster and caches [default: ./yukimichi-data]
    #[arg(long, global = true, value_name = "D")]
    data_dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A simulated winter night, from feeds to map, in one process
    Demo(DemoArgs),
    /// Ingest, serve and dispatch in one process
    Run,
    /// Serve the map, tiles and API only
    Serve,
    /// Pull feeds, match fixes and write status only
    Ingest,
    /// Call people out only
    Dispatch,
    /// Firms, their zones, and whom to call
    #[command(subcommand)]
    Contractors(ContractorsCommand),
    /// The road network
    #[command(subcommand)]
    Roads(RoadsCommand),
    /// Tables of kiloposts (距離標), which place work logs, plans and closures
    #[command(subcommand)]
    Kiloposts(KilopostsCommand),
    /// Threshold rules (出動基準) of zones
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Match a CSV of fixes onto a road file, without a database
    Match(MatchArgs),
    /// The feeds
    #[command(subcommand)]
    Feeds(FeedsCommand),
    /// People who sign in to the board
    #[command(subcommand)]
    Admin(commands::admin::AdminCommand),
    /// People who record closures, plans and reports by hand
    #[command(subcommand)]
    Operator(OperatorCommand),
    /// Decode stored payloads again, after the configuration was mended
    Replay(ReplayArgs),
    /// The snow field, and what thresholds would have raised
    #[command(subcommand)]
    Snow(SnowCommand),
    /// Derive passes and status again from the stored facts
    Rebuild,
    /// The map as it is now, in a file
    #[command(subcommand)]
    Export(ExportCommand),
    /// 日報: what each vehicle of a manager did in a night, beside what its work log says
    DailyReport(DailyReportArgs),
}

/// Arguments of `daily-report`.
#[derive(Debug, Clone, Args)]
pub struct DailyReportArgs {
    /// Code of the road manager
    #[arg(long, value_name = "CODE")]
    pub manager: String,
    /// The date on which the night begins; it ends at 15:00 JST of the next day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub night: Date,
    /// A table for spreadsheets, or a page to print
    #[arg(long, value_enum, default_value_t)]
    pub format: DailyReportFormat,
    /// File to write; standard output where it is left out
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Form of a 日報.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum DailyReportFormat {
    /// CSV that Excel opens as it is.
    #[default]
    Csv,
    /// A page to print.
    Html,
}

/// Arguments of `demo`.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Port of the web server on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Names the night: the same seed gives the same night
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many times faster than life the night passes
    #[arg(long, default_value_t = 10.0, value_parser = speed)]
    pub speed: f64,
    /// A real road network (.osm.pbf, .osm or .geojson) instead of the made-up town
    #[arg(long, value_name = "FILE")]
    pub roads: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum RoadsCommand {
    /// Import road files; a file of the same name is replaced, others stay
    Import(ImportArgs),
    /// List the files that the network is made of
    List,
    /// List the records that the last import refused, with their reasons
    Refused,
    /// Take imported files out of the network
    Remove {
        /// Names as `roads list` shows them
        #[arg(required = true)]
        names: Vec<String>,
    },
}

/// Arguments of `roads import`.
#[derive(Debug, Clone, Args)]
pub struct ImportArgs {
    /// .osm.pbf, .osm or .geojson
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Code of the road manager to whom the roads of these files belong
    #[arg(long, value_name = "CODE")]
    pub manager: Option<String>,
    /// Whom to name beside the map [default for OSM files: © OpenStreetMap contributors]
    #[arg(long, value_name = "TEXT")]
    pub attribution: Option<String>,
    /// Distance in metres within which plans' lines are joined and laid onto roads, in the whole
    /// network from now on [default: that of the last import, at first 15]
    #[arg(long, value_name = "METRES", value_parser = tolerance)]
    pub tolerance_m: Option<f64>,
}

#[derive(Debug, Subcommand)]
enum KilopostsCommand {
    /// Import a CSV with the columns route, km, lon, lat and optionally carriageway and name
    Import {
        /// The CSV
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Code of the road manager whose posts these are
        #[arg(long, value_name = "CODE")]
        manager: String,
    },
}

#[derive(Debug, Subcommand)]
enum ContractorsCommand {
    /// Import a book (.toml or .csv) as the manager's whole book; what is not in it is withdrawn
    Import {
        /// The book
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Code of the road manager whose book it is
        #[arg(long, value_name = "CODE")]
        manager: String,
    },
}

/// Arguments of `match`.
#[derive(Debug, Clone, Args)]
pub struct MatchArgs {
    /// Road file: .osm.pbf, .osm or .geojson
    #[arg(long, value_name = "FILE")]
    pub roads: PathBuf,
    /// CSV with header vehicle_id,observed_at,lon,lat and optional heading_deg,speed_kmh,working,work_kind,vehicle_type
    #[arg(long, value_name = "FILE.csv")]
    pub fixes: PathBuf,
    /// Where to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// What to write
    #[arg(long, value_enum, default_value_t = SpanFormat::Jsonl)]
    pub format: SpanFormat,
    /// Write nothing when a row is bad
    #[arg(long)]
    pub strict: bool,
}

/// Output of `match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SpanFormat {
    /// A JSON object per line
    Jsonl,
    /// A GeoJSON FeatureCollection
    Geojson,
}

#[derive(Debug, Subcommand)]
enum FeedsCommand {
    /// Fetch each feed once and print what was understood; writes nothing
    Check {
        /// Only this feed
        #[arg(long, value_name = "ID")]
        feed: Option<String>,
    },
    /// Print a new key with which a feed pushes
    Key {
        /// Id of a feed with push = true
        #[arg(value_name = "FEED")]
        feed: String,
        /// End all keys of the feed instead
        #[arg(long)]
        revoke: bool,
    },
    /// List the records that were not taken, newest first
    Rejected(RejectedArgs),
}

/// Arguments of `feeds rejected`.
#[derive(Debug, Clone, Args)]
pub struct RejectedArgs {
    /// Only of this feed
    #[arg(long, value_name = "ID")]
    pub feed: Option<String>,
    /// Only those seen since, as 2026-01-15T00:00:00+09:00
    #[arg(long, value_name = "T")]
    pub since: Option<Timestamp>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: u32,
    /// Also those that a mended configuration has resolved
    #[arg(long)]
    pub all: bool,
}

/// Arguments of `replay`.
#[derive(Debug, Clone, Args)]
pub struct ReplayArgs {
    /// Only this feed
    #[arg(long, value_name = "ID")]
    pub feed: Option<String>,
    /// Only payloads that came from here on, as 2026-01-15T00:00:00+09:00
    #[arg(long, value_name = "T")]
    pub from: Option<Timestamp>,
    /// Only payloads that came until here
    #[arg(long, value_name = "T")]
    pub to: Option<Timestamp>,
}

#[derive(Debug, Subcommand)]
enum OperatorCommand {
    /// Print a new key with which a person records by hand
    Key {
        /// Code of the road manager
        #[arg(value_name = "MANAGER")]
        manager: String,
        /// Name of the person; stands beside what is recorded
        #[arg(long)]
        name: String,
        /// May record on roads of any manager, as the police may by telephone
        #[arg(long)]
        any_manager: bool,
        /// End all keys of that person instead
        #[arg(long)]
        revoke: bool,
    },
}

impl Cli {
    /// Does what the command says.
    ///
    /// # Errors
    /// What went wrong, for the person who typed it.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let load = || -> anyhow::Result<Config> {
            let mut config = Config::load(self.global.config.as_deref())?;
            if let Some(data_dir) = &self.global.data_dir {
                config.data_dir.clone_from(data_dir);
            }
            Ok(config)
        };
        match self.command {
            Command::Match(args) => commands::match_fixes::run(&args),
            Command::Demo(args) => commands::demo::run(load()?, args).await,
            Command::Run => commands::run::run(load()?, commands::run::Parts::ALL).await,
            Command::Serve => commands::run::run(load()?, commands::run::Parts::SERVE).await,
            Command::Ingest => commands::run::run(load()?, commands::run::Parts::INGEST).await,
            Command::Dispatch => commands::run::run(load()?, commands::run::Parts::DISPATCH).await,
            Command::Contractors(ContractorsCommand::Import { file, manager }) => {
                commands::contractors::import(&load()?, &manager, &file).await
            }
            Command::Roads(RoadsCommand::Import(args)) => {
                commands::roads::import(&load()?, &args).await
            }
            Command::Roads(RoadsCommand::List) => commands::roads::list(&load()?).await,
            Command::Roads(RoadsCommand::Refused) => commands::roads::refused(&load()?).await,
            Command::Roads(RoadsCommand::Remove { names }) => {
                commands::roads::remove(&load()?, &names).await
            }
            Command::Kiloposts(KilopostsCommand::Import { file, manager }) => {
                commands::kiloposts::import(&load()?, &manager, &file).await
            }
            Command::Rules(command) => commands::rules::run(&load()?, command).await,
            Command::Feeds(FeedsCommand::Check { feed }) => {
                commands::feeds_check::run(&load()?, feed.as_deref()).await
            }
            Command::Feeds(FeedsCommand::Key { feed, revoke }) => {
                commands::feeds_key::run(&load()?, &feed, revoke).await
            }
            Command::Feeds(FeedsCommand::Rejected(args)) => {
                commands::feeds_rejected::run(&load()?, &args).await
            }
            Command::Admin(command) => commands::admin::run(&load()?, command).await,
            Command::Operator(OperatorCommand::Key {
                manager,
                name,
                any_manager,
                revoke,
            }) => {
                let holder = KeyHolder::Operator {
                    manager_code: manager,
                    name: name.trim().to_owned(),
                    any_manager,
                };
                commands::operator_key::run(&load()?, &holder, revoke).await
            }
            Command::Replay(args) => commands::replay::run(&load()?, &args).await,
            Command::Snow(SnowCommand::Validate(args)) => {
                commands::snow_validate::run(&load()?, &args).await
            }
            Command::Snow(SnowCommand::Days(args)) => {
                commands::snow_days::run(&args, &load()?.quality)
            }
            Command::Rebuild => commands::rebuild::run(&load()?).await,
            Command::Export(command) => commands::export::run(&load()?, &command).await,
            Command::DailyReport(args) => commands::daily_report::run(&load()?, &args).await,
        }
    }
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if (0.1..=600.0).contains(&x) => Ok(x),
        _ => Err("a number from 0.1 to 600".to_owned()),
    }
}

fn tolerance(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(m) if (0.0..=100.0).contains(&m) => Ok(m),
        _ => Err("metres from 0 to 100".to_owned()),
    }
}
