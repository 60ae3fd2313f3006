//! Where a feed's payloads come from.

use crate::config::FeedConfig;
use anyhow::bail;
use ingest::transport::check_address;
use std::fmt;
use std::path::Path;

/// The one source that a feed has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedSource<'a> {
    /// It is pulled from this address.
    Url(&'a str),
    /// Its files are dropped into this folder.
    Folder(&'a Path),
    /// Its manager sends it.
    Push,
}

impl<'a> FeedSource<'a> {
    /// The source that a feed's configuration names.
    ///
    /// # Errors
    /// When it names none or several, or an address with a companion that is not there.
    pub fn of(feed: &'a FeedConfig) -> anyhow::Result<Self> {
        let push = feed.push.then_some(FeedSource::Push);
        let url = feed.url.as_deref().map(FeedSource::Url);
        let path = feed.path.as_deref().map(FeedSource::Folder);
        let named = [("url", url), ("path", path), ("push", push)];
        let mut given = named.into_iter().filter_map(|(key, s)| Some((key, s?)));
        let (Some((_, source)), None) = (given.next(), given.next()) else {
            let keys: Vec<&str> = named
                .iter()
                .filter_map(|(key, s)| s.is_some().then_some(*key))
                .collect();
            let has = match &keys[..] {
                [] => "none of them".to_owned(),
                keys => keys.join(" and "),
            };
            bail!(
                "needs exactly one of url = \"https://…\", path = \"folder/\" and push = true; \
                 it has {has}"
            );
        };
        if let FeedSource::Url(url) = source
            && let Err(reason) = check_address(url, &feed.companions)
        {
            bail!("url: {reason}");
        }
        if source == FeedSource::Push && !feed.companions.is_empty() {
            bail!("companions are fetched along with url or path, not with push");
        }
        Ok(source)
    }
}

impl fmt::Display for FeedSource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FeedSource::Url(url) => f.write_str(url),
            FeedSource::Folder(path) => path.display().fmt(f),
            FeedSource::Push => f.write_str("pushed"),
        }
    }
}
