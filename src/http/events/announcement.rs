//! One event: which segments and tiles have changed.

use crate::workers::follow::MapView;
use axum::body::Bytes;
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt;

/// Zoom whose tiles are named; a client knows those above and below.
const TILE_ZOOM: u8 = 14;
/// With more changes than these a client had better load what it shows anew.
const MOST_SEGMENTS: usize = 5_000;

/// The id of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EventId {
    pub network_version: i64,
    pub sequence: i64,
}

impl EventId {
    /// Reads an id; `None` for what this server never sent.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (network_version, sequence) = text.trim().split_once('-')?;
        Some(EventId {
            network_version: network_version.parse().ok()?,
            sequence: sequence.parse().ok()?,
        })
    }

    /// Whether it tells something to a client that knows the other one.
    pub(super) fn is_after(self, known: EventId) -> bool {
        self.network_version != known.network_version || self.sequence > known.sequence
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.network_version, self.sequence)
    }
}

/// An event as it is sent.
#[derive(Debug)]
pub(super) struct Announcement {
    pub id: EventId,
    /// Empty when nothing has changed.
    pub bytes: Bytes,
}

impl Announcement {
    /// All that has changed for a client that knows `known`: `status` with the segments and tiles, or
    /// `reset` where it must load everything anew.
    pub(super) fn since(known: Option<EventId>, view: &MapView) -> Self {
        let known = known.filter(|k| k.network_version == view.network_version);
        let (id, changed) = {
            let columns = view.status.read();
            let id = EventId {
                network_version: view.network_version,
                sequence: columns.sequence(),
            };
            let changed: Option<Vec<u32>> = known
                .filter(|known| known.sequence <= id.sequence)
                .map(|k| {
                    columns
                        .changed_after(k.sequence)
                        .take(MOST_SEGMENTS + 1)
                        .collect()
                });
            (id, changed.filter(|c| c.len() <= MOST_SEGMENTS))
        };
        let bytes = match changed {
            Some(changed) if changed.is_empty() => Bytes::new(),
            Some(changed) => status_event(id, &changed, view),
            None => event(
                id,
                "reset",
                &json!({
                    "network_version": id.network_version,
                    "sequence": id.sequence,
                }),
            ),
        };
        Announcement { id, bytes }
    }
}

fn status_event(id: EventId, changed: &[u32], view: &MapView) -> Bytes {
    let tiles: BTreeSet<_> = changed
        .iter()
        .flat_map(|segment| view.tiles.tiles_of(*segment, TILE_ZOOM))
        .collect();
    let tiles: Vec<String> = tiles
        .into_iter()
        .map(|t| format!("{}/{}/{}", t.zoom(), t.column(), t.row()))
        .collect();
    let segments: Vec<u64> = changed
        .iter()
        .map(|segment| view.network.segments()[*segment as usize].id.0)
        .collect();
    let data = json!({
        "network_version": id.network_version,
        "sequence": id.sequence,
        "segments": segments,
        "tiles": tiles,
    });
    event(id, "status", &data)
}

fn event(id: EventId, name: &str, data: &serde_json::Value) -> Bytes {
    format!("id: {id}\nevent: {name}\ndata: {data}\n\n").into()
}
