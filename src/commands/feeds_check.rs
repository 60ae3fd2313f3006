//! `yukimichi feeds check`: fetches each feed once and shows what was understood.

use crate::config::{Config, FeedConfig};
use anyhow::bail;
use domain::fix::unique_fixes;
use domain::work::WorkKind;
use indicatif::HumanBytes;
use ingest::http::{Fetched, Puller, Validators};
use jiff::Timestamp;
use std::process::ExitCode;

const SAMPLE: usize = 5;

/// Runs the command. Exit code 1 when a feed can't be read.
///
/// # Errors
/// A feed id that is not configured.
pub async fn run(config: &Config, only: Option<&str>) -> anyhow::Result<ExitCode> {
    let feeds: Vec<&FeedConfig> = config
        .feed
        .iter()
        .filter(|feed| only.is_none_or(|id| feed.id == id))
        .collect();
    if feeds.is_empty() {
        match only {
            Some(id) => bail!("no [[feed]] has the id {id:?}"),
            None => bail!("no [[feed]] is configured; docs/ shows how one is written"),
        }
    }
    let mut all_good = true;
    for feed in feeds {
        println!("{} ({}, {})", feed.id, feed.format.as_str(), feed.url);
        if let Err(reason) = check(feed).await {
            all_good = false;
            println!("  FAILED: {reason}");
        }
    }
    Ok(if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn check(feed: &FeedConfig) -> Result<(), String> {
    let puller = Puller::new(feed.allow_private_address).map_err(|e| e.to_string())?;
    let fetched = puller
        .fetch(&feed.url, &Validators::default())
        .await
        .map_err(|e| e.to_string())?;
    let Fetched::Body { bytes, .. } = fetched else {
        return Err("the server answered 304 to a request without conditions".to_owned());
    };
    let decoded = feed
        .decode(&bytes, Timestamp::now())
        .map_err(|e| e.to_string())?;
    let total = decoded.fixes.len();
    let (fixes, conflicts) = unique_fixes(decoded.fixes);
    println!(
        "  {}: {total} fixes, {} of them unique, {} rejected, {} in conflict",
        HumanBytes(bytes.len() as u64),
        fixes.len(),
        decoded.rejections.len(),
        conflicts.len()
    );
    if !fixes.is_empty() {
        println!(
            "  {:<16} {:<24} {:>11} {:>10} {:>7} {:>6}  work",
            "vehicle_id", "observed_at", "lon", "lat", "heading", "km/h"
        );
    }
    let or_dash = |value: Option<f64>| value.map_or("-".to_owned(), |v| format!("{v:.0}"));
    for fix in fixes.iter().take(SAMPLE) {
        println!(
            "  {:<16} {:<24} {:>11.6} {:>10.6} {:>7} {:>6}  {}",
            fix.vehicle_id,
            fix.observed_at.to_string(),
            fix.at.lon,
            fix.at.lat,
            or_dash(fix.heading_deg),
            or_dash(fix.speed_kmh),
            fix.work.map_or("unknown", WorkKind::as_str)
        );
    }
    for rejection in decoded.rejections.iter().chain(&conflicts).take(SAMPLE) {
        println!(
            "  rejected: item {}: {}: {}",
            rejection.position, rejection.field, rejection.reason
        );
    }
    Ok(())
}
