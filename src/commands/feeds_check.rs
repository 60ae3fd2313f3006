//! `yukimichi feeds check`: fetches each feed once and shows what was understood.

use crate::config::{Config, FeedConfig};
use crate::feed_source::FeedSource;
use anyhow::bail;
use domain::fix::unique_fixes;
use domain::work::WorkKind;
use indicatif::HumanBytes;
use ingest::payload::pack;
use ingest::transport::{Fetched, PullRequest, Puller, STEADY_FOR, Validators, WatchedFolder};
use jiff::Timestamp;
use std::path::Path;
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
        let source = feed.source()?;
        println!("{} ({}, {source})", feed.id, feed.format.as_str());
        if let Err(reason) = check(feed).await {
            all_good = false;
            println!("  FAILED: {reason:#}");
        }
    }
    Ok(if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn check(feed: &FeedConfig) -> anyhow::Result<()> {
    match feed.source()? {
        FeedSource::Url(url) => {
            let request = PullRequest {
                url,
                companions: &feed.companions,
                validators: &Validators::default(),
                max_bytes: feed.max_bytes,
            };
            let fetched = puller(feed)?.pull(request).await?;
            let Fetched::Body { bytes, .. } = fetched else {
                bail!("the server answered 304 to a request without conditions");
            };
            show(feed, &bytes)
        }
        FeedSource::Folder(path) => check_folder(feed, path).await,
        FeedSource::Push => {
            println!("  nothing to fetch: its manager sends it");
            Ok(())
        }
    }
}

fn puller(feed: &FeedConfig) -> anyhow::Result<Puller> {
    Ok(Puller::new(feed.allow_private_address)?)
}

/// Reads the files that lie in the folder now, and leaves them there.
async fn check_folder(feed: &FeedConfig, path: &Path) -> anyhow::Result<()> {
    let mut folder = WatchedFolder::new(path);
    // As if it had been looked at before: whoever asks knows whether the files are complete.
    folder.look(Timestamp::UNIX_EPOCH)?;
    let look = folder.look(Timestamp::UNIX_EPOCH.saturating_add(STEADY_FOR)?)?;
    if look.ready.is_empty() {
        println!("  no files");
    }
    for file in look.ready {
        println!("  {}", file.name);
        let bytes = folder.read(&file, feed.max_bytes)?;
        if feed.companions.is_empty() {
            show(feed, &bytes)?;
        } else {
            let companions = puller(feed)?
                .gather(&feed.companions, feed.max_bytes)
                .await?;
            show(feed, &pack(&file.name, &bytes, &companions)?)?;
        }
    }
    Ok(())
}

/// Prints what is understood of a payload.
fn show(feed: &FeedConfig, bytes: &[u8]) -> anyhow::Result<()> {
    let decoded = feed.decode(bytes, Timestamp::now())?;
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
