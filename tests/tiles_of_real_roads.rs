//! Tiles of real streets, every one of every zoom: small enough to send, and whole.
#![allow(clippy::unwrap_used)]

use domain::status::{SegmentStatus, StatusChange, StatusColumns, StatusTable};
use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;
use tiles::{Encoding, MAX_ZOOM, MIN_ZOOM, RoadTiles, TileCoordinate, TileSettings};

const MOST_BYTES: usize = 500_000;

fn shared_file(path: &str) -> Option<Vec<u8>> {
    let full = format!("{}/../shared/data/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(full)
        .map_err(|e| {
            // Past the harness, which swallows what a passing test prints.
            let _ = std::io::Write::write_fmt(
                &mut std::io::stderr(),
                format_args!("SKIPPED: ../shared/data/{path} can't be read: {e}\n"),
            );
        })
        .ok()
}

#[test]
fn every_tile_of_real_streets_is_small_and_unpacks() {
    for name in ["liechtenstein-latest.osm.pbf", "oslo-east-filtered.osm.pbf"] {
        let Some(bytes) = shared_file(&format!("osm/{name}")) else {
            return;
        };
        let source = ingest::roads::decode_roads(name, &bytes, None, &|_, _| {}).unwrap();
        let network = Arc::new(domain::network::build(vec![source], 15.0).unwrap().0);
        let n = network.segments().len() as u32;
        let mut columns = StatusColumns::new(n as usize);
        for segment in 0..n {
            columns.set(StatusChange {
                segment,
                status: SegmentStatus {
                    cleared_fwd_min: 29_473_680 + segment % 720,
                    cleared_rev_min: 29_473_680 + segment * 7 % 720,
                    status: 100_133 + segment % 2 * 11,
                },
                sequence: i64::from(segment) + 1,
            });
        }
        let table = Arc::new(StatusTable::new(columns));
        let tiles = RoadTiles::new(network, table, TileSettings::default());
        for zoom in MIN_ZOOM..=MAX_ZOOM {
            let shown: BTreeSet<TileCoordinate> =
                (0..n).flat_map(|s| tiles.tiles_of(s, zoom)).collect();
            // Neither place has a road that is shown from every distance.
            assert!(zoom < 9 || !shown.is_empty(), "{name} z{zoom}");
            // All that are far away, and some hundred of those that are near.
            let step = shown.len() / 200 + 1;
            for tile in shown.into_iter().step_by(step) {
                let drawn = |encoding| tiles.draw(tile, encoding, Duration::ZERO).unwrap();
                let Some(gzip) = drawn(Encoding::Gzip) else {
                    continue; // its segments only come near
                };
                assert!(
                    gzip.body.len() <= MOST_BYTES,
                    "{name} {tile:?}: {}",
                    gzip.body.len()
                );
                let mut unpacked = Vec::new();
                flate2::read::GzDecoder::new(&gzip.body[..])
                    .read_to_end(&mut unpacked)
                    .unwrap();
                assert_eq!(
                    unpacked,
                    drawn(Encoding::Identity).unwrap().body,
                    "{name} {tile:?}"
                );
            }
        }
    }
}
