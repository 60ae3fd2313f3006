//! In one process, on one core: what a change costs.

use super::made;
use domain::network::RoadNetwork;
use domain::status::StatusChange;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tiles::{Encoding, RoadTiles, TileCoordinate, TileSettings};

const NO_WAIT: TileSettings = TileSettings {
    cache_bytes: 256 << 20,
    min_interval: Duration::ZERO,
};

pub(crate) fn run() {
    let network = Arc::new(made::network(300_000));
    let tiles = made::tiles(Arc::clone(&network), NO_WAIT);
    println!("{} segments", network.segments().len());
    for zoom in [12, 14] {
        composing(&network, &tiles, made::tile(zoom));
    }
    updates(&network, &tiles);
}

/// Median of some runs in microseconds.
fn median_us(runs: usize, mut work: impl FnMut()) -> f64 {
    let mut spans: Vec<f64> = (0..runs)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    spans.sort_by(f64::total_cmp);
    spans[runs / 2]
}

fn composing(network: &RoadNetwork, tiles: &RoadTiles, tile: TileCoordinate) {
    let n = network.segments().len() as i64;
    let shown = (0..n as u32)
        .find(|s| tiles.tiles_of(*s, tile.zoom()).any(|t| t == tile))
        .expect("a segment in the tile");
    let mut sequence = n + 1;
    let mut size = 0;
    let ours = |encoding: Encoding, sequence: &mut i64| {
        median_us(50, || {
            *sequence += 1;
            tiles.apply(&[made::change(shown, *sequence)]);
            let drawn = tiles.draw(tile, encoding, Duration::ZERO).expect("a tile");
            size = drawn.map_or(0, |t| t.body.len());
        })
    };
    let mut ours = ours;
    let identity = ours(Encoding::Identity, &mut sequence);
    let gzip = ours(Encoding::Gzip, &mut sequence);
    let shown: Vec<u32> = (0..n as u32)
        .filter(|s| tiles.tiles_of(*s, tile.zoom()).any(|t| t == tile))
        .collect();
    let mut packed = 0;
    let theirs = median_us(11, || packed = by_mvt(network, &shown, tile).len());
    println!(
        "\nz{}: {} features\n  recomposed {identity:.0} us, with gzip {gzip:.0} us, {size} bytes\n  \
         mvt + gzip-6 {theirs:.0} us, {packed} bytes\n  \
         ratio of times {:.1}, of sizes {:.2}",
        tile.zoom(),
        shown.len(),
        theirs / gzip,
        size as f64 / packed as f64
    );
}

/// The same facts by the `mvt` crate, as plain merged attributes.
fn by_mvt(network: &RoadNetwork, shown: &[u32], tile: TileCoordinate) -> Vec<u8> {
    let mut whole = mvt::Tile::new(4096);
    let mut layer = whole.create_layer("roads");
    let area = tile.drawn_area();
    for segment in shown {
        let mut geometry = mvt::GeomEncoder::<f64>::new(mvt::GeomType::Linestring);
        for p in network.line(*segment) {
            let x = (p.lon - area.west) / (area.east - area.west) * 4096.0;
            let y = (area.north - p.lat) / (area.north - area.south) * 4096.0;
            geometry.add_point(x.round(), y.round()).expect("a point");
        }
        let mut feature = layer.into_feature(geometry.encode().expect("a line"));
        feature.set_id(network.segments()[*segment as usize].id.0);
        let attributes = &network.road(*segment).attributes;
        feature.add_tag_string("name", attributes.name.as_deref().unwrap_or_default());
        feature.add_tag_string("class", &attributes.class);
        feature.add_tag_string("manager_level", attributes.manager_level.as_str());
        feature.add_tag_string("oneway", attributes.oneway.as_str());
        let StatusChange { status, .. } = made::change(*segment, i64::from(*segment) + 1);
        feature.add_tag_uint("cleared_fwd_min", u64::from(status.cleared_fwd_min));
        feature.add_tag_uint("cleared_rev_min", u64::from(status.cleared_rev_min));
        feature.add_tag_uint("status", u64::from(status.status));
        layer = feature.into_layer();
    }
    whole.add_layer(layer).expect("a layer");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder
        .write_all(&whole.to_bytes().expect("a tile"))
        .expect("memory");
    encoder.finish().expect("memory")
}

/// Updates of segments all over the network while tiles of every zoom are known.
fn updates(network: &RoadNetwork, tiles: &RoadTiles) {
    let n = network.segments().len() as u32;
    let mut known = 0;
    for zoom in tiles::MIN_ZOOM..=tiles::MAX_ZOOM {
        for segment in (0..n).step_by(397) {
            for tile in tiles.tiles_of(segment, zoom).take(1) {
                if tiles.highest_sequence(tile).is_none() {
                    let drawn = tiles.draw(tile, Encoding::Identity, Duration::ZERO);
                    drawn.expect("a tile");
                    known += 1;
                }
            }
        }
    }
    let mut sequence = i64::from(n) * 10;
    let batches: Vec<Vec<StatusChange>> = (0..1_000)
        .map(|_| {
            (0..1_000)
                .map(|_| {
                    sequence += 1;
                    made::change((sequence as u32).wrapping_mul(2_654_435_761) % n, sequence)
                })
                .collect()
        })
        .collect();
    let began = Instant::now();
    for batch in &batches {
        tiles.apply(batch);
    }
    let rate = 1e6 / began.elapsed().as_secs_f64();
    println!("\n{rate:.0} status updates/s on one core, {known} tiles known");
}

/// What a network of some segments takes.
pub(crate) fn scale(count: u32) {
    let began = Instant::now();
    let network = Arc::new(made::network(count));
    let assembled = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let tiles = made::tiles(Arc::clone(&network), NO_WAIT);
    let made = began.elapsed().as_secs_f64();
    let area = made::tile(14).drawn_area();
    let query = median_us(101, || {
        std::hint::black_box(network.in_box(&area));
    });
    let first = |zoom| {
        let began = Instant::now();
        let drawn = tiles.draw(made::tile(zoom), Encoding::Gzip, Duration::ZERO);
        drawn.expect("a tile");
        began.elapsed().as_secs_f64() * 1e3
    };
    let (near, far) = (first(14), first(8));
    println!(
        "{} segments: assembled {assembled:.2} s, tiles ready {made:.2} s, memory {} MiB, R-tree query of a \
         z14 tile {query:.0} us, first z14 tile {near:.1} ms, first z8 tile {far:.1} ms",
        network.segments().len(),
        resident_mib()
    );
}

fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.trim().split(' ').next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
