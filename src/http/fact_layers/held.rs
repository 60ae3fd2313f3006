//! The newest facts of each layer, read again once they may be old.

use super::gather::gathered;
use crate::http::{AppState, Problem};
use std::sync::Arc;
use std::time::Duration;
use tiles::{FACT_LAYERS, FactLayer, FactTiles};
use tokio::sync::Mutex;

/// Facts are read again once they are this old and somebody asks.
const OLDEST: Duration = Duration::from_secs(2);

/// The layers' facts.
#[derive(Clone, Default)]
pub struct FactLayers {
    held: Arc<[Mutex<Option<Held>>; FACT_LAYERS.len()]>,
}

struct Held {
    /// When they were read, since the server started.
    at: Duration,
    tiles: Arc<FactTiles>,
}

impl FactLayers {
    /// The tiles of a layer's newest facts. One caller reads for all who ask.
    pub(super) async fn newest(
        &self,
        state: &AppState,
        layer: &'static FactLayer,
    ) -> Result<Arc<FactTiles>, Problem> {
        let number = FACT_LAYERS.iter().position(|l| l.name == layer.name);
        let mut held = self.held[number.unwrap_or_default()].lock().await;
        let now = state.started.elapsed();
        if let Some(held) = held.as_ref().filter(|held| now - held.at < OLDEST) {
            return Ok(Arc::clone(&held.tiles));
        }
        let facts = gathered(state, layer).await?;
        let read = Arc::new(FactTiles::new(layer, facts));
        // Tiles that are made already stay good while no fact is another.
        let tiles = match held.take() {
            Some(before) if before.tiles.version() == read.version() => before.tiles,
            _ => read,
        };
        *held = Some(Held {
            at: now,
            tiles: Arc::clone(&tiles),
        });
        Ok(tiles)
    }
}
