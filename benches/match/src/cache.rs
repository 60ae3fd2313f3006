//! What peers made of the same traces before, so that our matcher can be tuned without running them.

use crate::peers::PeerFigures;
use anyhow::Context;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
