//! `yukimichi snow days`: how often a rule on a day's snow would have called out, from a table of days.

use crate::cli::SnowDaysArgs;
use anyhow::{Context, bail};
use comfy_table::{Table, presets};
use domain::japan_time::JST;
use domain::observation::{Observation, Quantity, StationKey};
use domain::quality::{QualityParams, StationSeries, flagged};
use domain::winter_days::{WinterDays, winter_days};
use ingest::snow_csv::SnowCsvMapping;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;
use std::process::ExitCode;

/// Runs the command.
///
/// # Errors
/// A table that can't be read, or has no such columns.
pub fn run(args: &SnowDaysArgs, params: &QualityParams) -> anyhow::Result<ExitCode> {
    let file = args.csv.display();
    let bytes = std::fs::read(&args.csv).with_context(|| format!("{file}: can't be read"))?;
    let mut series = StationSeries::new(StationKey::new("file", "days"), None, None);
    let mut rejected = 0;
    for (quantity, column) in [
        (Quantity::Snowfall24hCm, &args.snowfall_column),
        (Quantity::DepthCm, &args.depth_column),
    ] {
        let (readings, refused) = column_of(&bytes, args, quantity, column)
            .with_context(|| format!("{file}: column {column:?}"))?;
        rejected += refused;
        for reading in readings {
            series.add_observation(reading);
        }
    }
    let judged = flagged(&[series], params);
    let Some(judged) = judged.first() else {
        bail!("{file}: holds no day");
    };
    let winters = winter_days(
        judged.of(Quantity::Snowfall24hCm),
        judged.of(Quantity::DepthCm),
        args.threshold_cm,
        &TimeZone::fixed(JST),
    );
    if winters.is_empty() {
        bail!("{file}: holds no day");
    }
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN);
    table.set_header([
        "winter",
        "days told",
        "raised",
        "raised by depth",
        "unknown",
        "doubted",
        "most cm/day",
        "deepest cm",
    ]);
    for (year, days) in &winters {
        table.add_row(row(
            &format!("{year}/{:02}", (year + 1).rem_euclid(100)),
            days,
        ));
    }
    let sum = |of: fn(&WinterDays) -> u32| winters.values().map(of).sum::<u32>();
    println!("{table}");
    println!(
        "{} cm in a day: raised on {} of {} days told, and on {} by the depth alone; {} days from \
         November to April are unknown, {} doubted; {rejected} records rejected",
        args.threshold_cm,
        sum(|w| w.raised),
        sum(|w| w.told),
        sum(|w| w.raised_by_depth),
        sum(|w| w.unknown),
        sum(|w| w.doubted),
    );
    Ok(ExitCode::SUCCESS)
}

fn row(name: &str, days: &WinterDays) -> [String; 8] {
    let cm = |value: Option<f64>| value.map_or("-".to_owned(), |cm| cm.to_string());
    [
        name.to_owned(),
        days.told.to_string(),
        days.raised.to_string(),
        days.raised_by_depth.to_string(),
        days.unknown.to_string(),
        days.doubted.to_string(),
        cm(days.most_cm),
        cm(days.deepest_cm),
    ]
}

/// The readings of one column, and how many records were refused.
fn column_of(
    bytes: &[u8],
    args: &SnowDaysArgs,
    quantity: Quantity,
    column: &str,
) -> anyhow::Result<(Vec<Observation>, usize)> {
    let mapping: SnowCsvMapping = serde_json::from_value(json!({
        "observed_at": args.time_column,
        "station_columns": quantity.as_str(),
        "stations": { column: {} },
    }))?;
    let decoded = mapping.decode_history(bytes, Timestamp::now())?;
    Ok((decoded.observations.into_facts(), decoded.rejections.len()))
}
