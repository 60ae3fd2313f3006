//! What peers made of the same traces before, so that our matcher can be tuned without running them.

use crate::score::Score;
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A peer's figures for one set of traces.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct PeerFigures {
    /// How right it was.
    pub score: Score,
    /// Processor time of matching all traces once.
    pub seconds: f64,
    /// Metres of its lines that lie on no road of ours.
    pub lost_m: f64,
}

/// Figures by engine and the traces' fingerprint, in a file.
#[derive(Debug)]
pub struct PeerCache {
    path: PathBuf,
    figures: BTreeMap<String, PeerFigures>,
}

impl PeerCache {
    /// Reads the file; empty where there is none yet or it is of another version.
    pub fn open(folder: &Path) -> Self {
        let path = folder.join("peers.json");
        let figures = std::fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        PeerCache { path, figures }
    }

    /// What is known of a key.
    pub fn get(&self, key: &str) -> Option<PeerFigures> {
        self.figures.get(key).copied()
    }

    /// Keeps figures, and writes the file.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn put(&mut self, key: String, figures: PeerFigures) -> anyhow::Result<()> {
        self.figures.insert(key, figures);
        std::fs::write(&self.path, serde_json::to_vec(&self.figures)?)
            .with_context(|| format!("{}", self.path.display()))
    }
}
