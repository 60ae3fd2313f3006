//! GDAL, where it is installed, reads the same features.

use super::support::*;
use crate::{Encoding, TileCoordinate};
use domain::geometry::LonLat;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Status and cleared time by id, as GDAL reads them from a file.
fn by_gdal(file: &Path, tile: TileCoordinate) -> BTreeMap<u64, (u64, u64)> {
    let option = |name: &str, n: u32| [String::from("-oo"), format!("{name}={n}")];
    let out = file.with_extension("geojson");
    let done = Command::new("ogr2ogr")
        .args(["-f", "GeoJSON", "-lco", "ID_FIELD=mvt_id", "-oo", "CLIP=NO"])
        .args(option("X", tile.column()))
        .args(option("Y", tile.row()))
        .args(option("Z", u32::from(tile.zoom())))
        .arg(&out)
        .arg(format!("MVT:{}", file.display()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    let read: serde_json::Value = serde_json::from_slice(&std::fs::read(out).unwrap()).unwrap();
    let features = read["features"].as_array().unwrap();
    features
        .iter()
        .map(|feature| {
            let n = |key: &str| feature["properties"][key].as_u64().unwrap();
            let id = feature["id"].as_u64().unwrap_or_else(|| n("mvt_id"));
            (id, (n("status"), n("cleared_fwd_min")))
        })
        .collect()
}

#[test]
fn gdal_reads_the_same_features() {
    if Command::new("ogr2ogr").arg("--version").output().is_err() {
        eprintln!("SKIPPED: ogr2ogr is not installed; GDAL's reading of tiles is not checked");
        return;
    }
    let network = grid(9);
    let n = network.segments().len() as u32;
    let changes: Vec<_> = (0..n)
        .map(|i| change(i, i64::from(i) + 1, [144, 33, 66, 300_154][i as usize % 4]))
        .collect();
    let tiles = tiles(&network, &changes, NO_WAIT);
    let folder = tempfile::tempdir().unwrap();
    for zoom in [8, 12, 14, 16] {
        let tile = TileCoordinate::holding(zoom, LonLat::new(140.6052, 40.7051)).unwrap();
        let drawn = tiles.draw(tile, Encoding::Gzip, Duration::ZERO).unwrap();
        let file = folder.path().join(format!("{zoom}.mvt"));
        // As it is sent: GDAL unpacks gzip by itself.
        std::fs::write(&file, drawn.unwrap().body).unwrap();
        let ours: BTreeMap<u64, (u64, u64)> = features(raw(&tiles, tile))
            .iter()
            .map(|f| {
                (
                    f.id.unwrap(),
                    (number(f, "status"), number(f, "cleared_fwd_min")),
                )
            })
            .collect();
        assert!(!ours.is_empty());
        assert_eq!(by_gdal(&file, tile), ours, "z{zoom}");
    }
}
