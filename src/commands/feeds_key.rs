//! `yukimichi feeds key`: a key for a feed that pushes.

use super::feeds_sync::sync_feeds;
use crate::api_key::new_key;
use crate::config::Config;
use crate::database::Database;
use anyhow::bail;
use jiff::Timestamp;
use std::process::ExitCode;
use store::{KeyHolder, Store};

/// Runs the command: prints a new key, or ends all of the feed's keys.
///
/// # Errors
/// A feed that is not configured or does not push; database errors.
pub async fn run(config: &Config, feed_id: &str, revoke: bool) -> anyhow::Result<ExitCode> {
    let Some(feed) = config.feed.iter().find(|feed| feed.id == feed_id) else {
        bail!("no [[feed]] has the id {feed_id:?}");
    };
    if !feed.push {
        bail!("[[feed]] {feed_id}: only a feed with push = true takes a key");
    }
    let holder = KeyHolder::Feed {
        feed_id: feed_id.to_owned(),
    };
    let database = Database::join(config).await?;
    let done = keep_or_revoke(config, &database.store, &holder, revoke).await;
    database.close().await?;
    done?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a new key for the holder, or ends all keys that it has.
///
/// # Errors
/// Database errors.
pub(super) async fn keep_or_revoke(
    config: &Config,
    store: &Store,
    holder: &KeyHolder,
    revoke: bool,
) -> anyhow::Result<()> {
    let now = Timestamp::now();
    if revoke {
        let ended = store.revoke_keys(holder, now).await?;
        println!("{ended} keys revoked");
        return Ok(());
    }
    // The server may not have run yet with this feed or manager. Where it has, a configuration that
    // names fewer feeds than the running server's must not retire them.
    if !is_known(store, holder).await? {
        sync_feeds(config, store).await?;
    }
    let key = new_key();
    store.keep_key(&key, holder, now).await?;
    println!("{key}");
    eprintln!("This key is shown once. Send it as `Authorization: Bearer KEY`.");
    Ok(())
}

async fn is_known(store: &Store, holder: &KeyHolder) -> anyhow::Result<bool> {
    Ok(match holder {
        KeyHolder::Feed { feed_id } => {
            let feeds = store.feeds().await?;
            feeds.iter().any(|feed| feed.entry.id == *feed_id)
        }
        KeyHolder::Operator { manager_code, .. } => {
            let managers = store.road_managers().await?;
            managers.iter().any(|manager| manager.code == *manager_code)
        }
    })
}
