//! `covers`: which segments a feed speaks for.

use anyhow::{Context, bail};
use domain::place::Place;
use ingest::area_file::read_area;
use ingest::text::zone_name;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use store::FeedScope;

/// What a feed speaks for, beside the segments that its plows pass.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    /// All segments of its manager.
    Manager,
    /// None.
    Passes,
    /// Those of these zones of its manager.
    Zones(Vec<String>),
    /// Those in polygons or under lines of a GeoJSON file.
    Area(PathBuf),
}

impl Covers {
    /// A relative path of an area is one beside the configuration.
    pub(super) fn beside(&mut self, folder: &Path) {
        if let Covers::Area(path) = self
            && path.is_relative()
        {
            *path = folder.join(&*path);
        }
    }

    /// What the store keeps of it; reads the area's file.
    ///
    /// # Errors
    /// No zones, an empty name, or an area's file that can't be read.
    pub fn scope(&self) -> anyhow::Result<FeedScope> {
        Ok(match self {
            Covers::Manager => FeedScope::Manager,
            Covers::Passes => FeedScope::Passes,
            Covers::Zones(names) => FeedScope::Zones(normalised(names)?),
            Covers::Area(path) => FeedScope::Area(area(path)?),
        })
    }
}

fn normalised(names: &[String]) -> anyhow::Result<Vec<String>> {
    let mut zones: Vec<String> = names.iter().map(|name| zone_name(name)).collect();
    zones.sort();
    zones.dedup();
    if zones.is_empty() || zones.iter().any(String::is_empty) {
        bail!(
            "covers: zones = [\"A-1\", …] needs at least one zone, and none of them without a name"
        );
    }
    Ok(zones)
}

fn area(path: &Path) -> anyhow::Result<Place> {
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("covers: {name}: can't be read"))?;
    read_area(&bytes).map_err(|reason| anyhow::anyhow!("covers: {name}: {reason}"))
}
