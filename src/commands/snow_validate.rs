//! `yukimichi snow validate`: how well the field tells each station's value from the others alone, beside
//! taking the nearest station's.

use crate::cli::SnowValidateArgs;
use crate::config::Config;
use crate::database::Database;
use anyhow::{Context, bail};
use comfy_table::{Table, presets};
use domain::observation::{QualityFlag, Quantity, StationKey};
use domain::quality::{QualityParams, Reading, StationSeries, flagged};
use domain::snow_field::{ErrorFigures, FieldParams, Measured, Spot, Validation, leave_one_out};
use ingest::amedas::map_time;
use ingest::formats::FeedFormat;
use ingest::payload::{Companions, PayloadFile};
use jiff::{SignedDuration, Timestamp};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use store::ObservationFilter;

/// Values older than this are not those of the moment that is asked for.
const OF_THE_MOMENT: SignedDuration = SignedDuration::from_mins(70);

/// Runs the command.
///
/// # Errors
/// Files that can't be read, database errors, or no values to go by.
pub async fn run(config: &Config, args: &SnowValidateArgs) -> anyhow::Result<ExitCode> {
    let Some(quantity) = Quantity::parse(&args.quantity) else {
        let names = Quantity::ALL.map(Quantity::as_str).join(", ");
        bail!("--quantity {:?} is none of {names}", args.quantity);
    };
    let (stations, whence) = match (&args.map, &args.stations) {
        (Some(map), Some(table)) => (
            of_files(map, table, &config.quality)?,
            map.display().to_string(),
        ),
        _ => {
            let at = args.at.unwrap_or_else(Timestamp::now);
            (
                of_database(config, at).await?,
                format!("the database at {at}"),
            )
        }
    };
    let measured = measured(&stations, quantity);
    if measured.len() < 2 {
        bail!(
            "{whence}: {} stations with a place tell a {} that passes; at least two are needed. {}",
            measured.len(),
            quantity.as_str(),
            what_is_told(&stations)
        );
    }
    let found = leave_one_out(&measured, &FieldParams::default());
    println!("{}", report(&found, quantity, &whence));
    Ok(ExitCode::SUCCESS)
}

/// Stations with one flagged reading of each quantity, from a JMA map file and its station table.
fn of_files(
    map: &Path,
    table: &Path,
    params: &QualityParams,
) -> anyhow::Result<Vec<StationSeries>> {
    let read = |path: &Path| {
        std::fs::read(path).with_context(|| format!("{}: can't be read", path.display()))
    };
    let file = PayloadFile {
        name: map
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned()),
        bytes: Cow::Owned(read(map)?),
    };
    // However old the file is: as of its own time.
    let at = map_time(&file.name)?;
    let companions = Companions::from([("stations".to_owned(), read(table)?)]);
    let decoder = FeedFormat::Amedas
        .without_section()
        .context("amedas needs no section")?;
    let decoded = decoder
        .decode_file(&file, &companions, at)
        .with_context(|| map.display().to_string())?;
    let mut stations: BTreeMap<String, StationSeries> = decoded
        .stations
        .iter()
        .map(|s| (s.id.clone(), StationSeries::of_station("file", s)))
        .collect();
    for reading in decoded.observations {
        if let Some(station) = stations.get_mut(&reading.station_id) {
            station.add_observation(reading);
        }
    }
    let stations: Vec<StationSeries> = stations.into_values().collect();
    Ok(flagged(&stations, params))
}

/// Stations with their newest readings under the verdicts that stood at a moment.
async fn of_database(config: &Config, at: Timestamp) -> anyhow::Result<Vec<StationSeries>> {
    let database = Database::join(config).await?;
    let filter = ObservationFilter {
        at,
        within: OF_THE_MOMENT,
        feed_id: None,
        station_id: None,
        quantity: None,
        area: None,
        all: false,
        after: None,
        limit: i64::MAX,
    };
    let described = database.store.stations_at(at).await;
    let readings = database.store.observations(&filter).await;
    database.close().await?;
    let mut stations: BTreeMap<StationKey, StationSeries> = described?
        .iter()
        .map(|r| StationSeries::of_station(&r.feed_id, &r.station))
        .map(|s| (s.key.clone(), s))
        .collect();
    for record in readings? {
        // What was not judged yet is not believed yet.
        let Some(verdict) = record.verdict else {
            continue;
        };
        let told = record.observation;
        let key = StationKey::new(record.feed_id, told.station_id);
        if let Some(station) = stations.get_mut(&key) {
            let reading = Reading {
                observed_at: told.observed_at,
                value: told.value,
                flag: verdict.flag,
                reason: verdict.reason,
            };
            station.add(told.quantity, reading);
        }
    }
    Ok(stations.into_values().collect())
}

fn passed(station: &StationSeries, quantity: Quantity) -> Option<f64> {
    let newest = station.of(quantity).last()?;
    newest.value.filter(|_| newest.flag == QualityFlag::Pass)
}

fn measured(stations: &[StationSeries], quantity: Quantity) -> Vec<Measured> {
    stations
        .iter()
        .filter_map(|station| {
            let spot = Spot {
                at: station.at?,
                elevation_m: station.elevation_m,
            };
            let value = passed(station, quantity)?;
            Some(Measured { spot, value })
        })
        .collect()
}

fn what_is_told(stations: &[StationSeries]) -> String {
    let told: Vec<String> = Quantity::ALL
        .into_iter()
        .filter_map(|quantity| {
            let count = stations
                .iter()
                .filter(|s| passed(s, quantity).is_some())
                .count();
            (count > 0).then(|| format!("{} by {count}", quantity.as_str()))
        })
        .collect();
    match &told[..] {
        [] => "Nothing is told at all".to_owned(),
        told => format!("Told are {}", told.join(", ")),
    }
}

fn report(found: &Validation, quantity: Quantity, whence: &str) -> String {
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN);
    table.set_header(["method", "bias", "mean abs. error", "RMS error"]);
    let row = |name: &str, of: &ErrorFigures| {
        let figure = |value: f64| format!("{value:.2}");
        [
            name.to_owned(),
            figure(of.bias),
            figure(of.mean_abs),
            figure(of.root_mean_square),
        ]
    };
    table.add_row(row("snow field", &found.field));
    table.add_row(row("nearest station", &found.nearest));
    let (field, nearest) = (found.field.root_mean_square, found.nearest.root_mean_square);
    let verdict = if nearest == 0.0 {
        "the values are all alike: nothing to tell apart".to_owned()
    } else {
        format!(
            "RMS error {:+.0} % against the nearest station",
            100.0 * (field / nearest - 1.0)
        )
    };
    format!(
        "{} of {whence}: {} stations left out once each, {} of them with no other within reach\n\
         {table}\n{verdict}",
        quantity.as_str(),
        found.told + found.unknown,
        found.unknown
    )
}
