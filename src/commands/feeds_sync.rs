//! Brings the database's managers and feeds to those of the configuration.

use crate::config::{Config, FeedConfig};
use jiff::SignedDuration;
use store::{FeedEntry, Store};

/// Makes the stored managers and feeds those that are configured.
///
/// # Errors
/// Database errors, an interval too long to be a time, or an area's file that can't be read.
pub async fn sync_feeds(config: &Config, store: &Store) -> anyhow::Result<()> {
    let entries = config
        .feed
        .iter()
        .map(entry_of)
        .collect::<anyhow::Result<Vec<_>>>()?;
    store.sync_feeds(&config.manager, &entries).await?;
    Ok(())
}

fn entry_of(feed: &FeedConfig) -> anyhow::Result<FeedEntry> {
    Ok(FeedEntry {
        id: feed.id.clone(),
        manager_code: feed.manager.clone(),
        format: feed.format.as_str().to_owned(),
        interval: SignedDuration::try_from(feed.every)?,
        scope: feed.covers().scope()?,
        attribution: feed.attribution.clone(),
        licence: feed.licence.clone(),
        push: feed.push,
        units_on_duty: feed.units_on_duty.map(i32::from),
    })
}
