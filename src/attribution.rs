//! Whom to name beside the map.

use std::collections::BTreeSet;
use store::{Store, StoreError};

/// Everybody whose data is on the map, as HTML without tags.
///
/// # Errors
/// Database errors.
pub async fn attribution(store: &Store) -> Result<String, StoreError> {
    let feeds = store.feeds().await?.into_iter();
    let roads = store.road_files().await?.into_iter();
    let names: BTreeSet<String> = feeds
        .map(|feed| feed.entry.attribution)
        .chain(roads.map(|file| file.attribution))
        .filter(|name| !name.is_empty())
        .collect();
    let escaped: Vec<String> = names
        .iter()
        .map(|n| {
            n.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
        })
        .collect();
    Ok(escaped.join(" | "))
}
