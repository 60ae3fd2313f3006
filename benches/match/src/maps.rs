//! The maps that are driven on: two real ones, and a made-up town.

use crate::town;
use anyhow::Context;
use domain::network::{DEFAULT_TOLERANCE_M, RoadNetwork, build};
use ingest::roads::decode_roads;
use std::path::{Path, PathBuf};

/// Names of the maps and the files of the real ones.
const REAL: [(&str, &str); 2] = [
    ("oslo", "oslo-east-filtered.osm.pbf"),
    ("liechtenstein", "liechtenstein-latest.osm.pbf"),
];

/// A map to drive on.
#[derive(Debug)]
pub struct Map {
    /// Its name in tables.
    pub name: &'static str,
    /// The OSM file that all matchers read.
    pub file: PathBuf,
    /// Its network.
    pub network: RoadNetwork,
}

/// All maps; a real one whose file is absent is left out, loudly. The town's file is written to `work`.
///
/// # Errors
/// A file that can't be read or isn't a road file.
pub fn all(folder: &Path, work: &Path) -> anyhow::Result<Vec<Map>> {
    std::fs::create_dir_all(work).with_context(|| format!("{}", work.display()))?;
    let town_file = work.join("town.osm");
    let town = town::osm_xml(1);
    // Left alone where it is the same, or the peers' data would seem out of date.
    if std::fs::read_to_string(&town_file).ok().as_ref() != Some(&town) {
        std::fs::write(&town_file, town).with_context(|| format!("{}", town_file.display()))?;
    }
    let mut maps = Vec::new();
    for (name, file) in REAL {
        let file = folder.join(file);
        if file.exists() {
            maps.push(read(name, file)?);
        } else {
            eprintln!("SKIPPED: map {name}: {} is not there", file.display());
        }
    }
    maps.push(read("town", town_file)?);
    Ok(maps)
}

fn read(name: &'static str, file: PathBuf) -> anyhow::Result<Map> {
    let bytes = std::fs::read(&file).with_context(|| format!("{}", file.display()))?;
    let source = decode_roads(&file.display().to_string(), &bytes, None, &|_, _| {})?;
    let (network, _) = build(vec![source], DEFAULT_TOLERANCE_M)?;
    Ok(Map {
        name,
        file,
        network,
    })
}
