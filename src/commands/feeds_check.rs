//! `yukimichi feeds check`: fetches each feed once and shows what was understood.

use super::understood::understood;
use crate::config::{Config, FeedConfig};
use crate::feed_source::FeedSource;
use anyhow::bail;
use ingest::payload::pack;
use ingest::transport::{Fetched, PullRequest, Puller, STEADY_FOR, Validators, WatchedFolder};
use jiff::Timestamp;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

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
        say(&format!(
            "{} ({}, {source})\n",
            feed.id,
            feed.format.as_str()
        ))?;
        if let Err(reason) = check(feed).await {
            all_good = false;
            say(&format!("  FAILED: {reason:#}\n"))?;
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
        FeedSource::Push => say("  nothing to fetch: its manager sends it\n"),
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
        say("  no files\n")?;
    }
    for file in look.ready {
        say(&format!("  {}\n", file.name))?;
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
    say(&understood(decoded, bytes.len()).to_string())
}

/// Prints to a reader that may have seen enough, as `head` has.
fn say(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => Ok(done?),
    }
}
