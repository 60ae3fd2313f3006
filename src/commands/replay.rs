//! `yukimichi replay`: stored payloads decoded again under the present configuration.

use super::feeds_sync::sync_feeds;
use crate::cli::ReplayArgs;
use crate::config::{Config, FeedConfig};
use crate::database::Database;
use crate::workers::intake::{Races, understand};
use anyhow::bail;
use jiff::Timestamp;
use std::process::ExitCode;
use store::{Store, payload_sha256};

/// What came of a feed's payloads.
#[derive(Debug, Default)]
struct Replayed {
    payloads: usize,
    facts: usize,
    resolved: usize,
    rejected: usize,
}

/// Runs the command. What it adds is matched and laid by the next `run` or `ingest`, or by one that
/// is running.
///
/// # Errors
/// A feed that is not configured; database errors.
pub async fn run(config: &Config, args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    let feeds: Vec<&FeedConfig> = config
        .feed
        .iter()
        .filter(|feed| args.feed.as_ref().is_none_or(|id| *id == feed.id))
        .collect();
    if feeds.is_empty() {
        match &args.feed {
            Some(id) => bail!("no [[feed]] has the id {id:?}"),
            None => bail!("no [[feed]] is configured"),
        }
    }
    let database = Database::join(config).await?;
    let done = replay_all(config, &database.store, &feeds, args).await;
    database.close().await?;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn replay_all(
    config: &Config,
    store: &Store,
    feeds: &[&FeedConfig],
    args: &ReplayArgs,
) -> anyhow::Result<()> {
    sync_feeds(config, store).await?;
    for feed in feeds {
        let replayed = replay(store, feed, args).await?;
        println!(
            "{}: {} payloads decoded again: {} new facts, {} rejections resolved, {} still rejected",
            feed.id, replayed.payloads, replayed.facts, replayed.resolved, replayed.rejected
        );
    }
    Ok(())
}

async fn replay(store: &Store, feed: &FeedConfig, args: &ReplayArgs) -> anyhow::Result<Replayed> {
    let span = (
        args.from.unwrap_or(Timestamp::UNIX_EPOCH),
        args.to.unwrap_or_else(Timestamp::now),
    );
    let mut replayed = Replayed::default();
    let mut after = 0;
    while let Some(payload) = store.next_payload(&feed.id, span, after).await? {
        after = payload.id;
        // As of when it came: what could be believed then, and which year a date without one meant.
        let (bytes, came_at) = (&payload.bytes, payload.received_at);
        let sha256 = payload_sha256(bytes);
        let mut races = Races::default();
        let (understood, kept) = loop {
            let understood = understand(store, feed, bytes, came_at).await?;
            let batch = understood.batch(came_at, bytes, &sha256);
            let now = Timestamp::now();
            let kept = store.keep_replayed(&feed.id, payload.id, &batch, now).await;
            if let Some(kept) = races.settle(kept)? {
                break (understood, kept);
            }
        };
        replayed.payloads += 1;
        replayed.facts += kept.facts;
        replayed.resolved += kept.resolved;
        replayed.rejected += understood.rejections.len();
    }
    Ok(replayed)
}
