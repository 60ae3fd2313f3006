//! Route lines of Aomori City's order list, laid onto a network of the same streets.
//!
//! The city's list comes without a road network, so the 18 lines are their own: drawn once as
//! streets, and once more some metres beside them, as another map would have them.

use super::support::{decode, shared_file};
use domain::conflation::{LayParams, lay_line};
use domain::geometry::{LocalPlane, LonLat, line_length_m};
use domain::network::{RoadSource, build};

fn lines() -> Option<RoadSource> {
    let bytes = shared_file("aomori/rosen_first18.geojson")?;
    Some(decode("rosen_first18.geojson", &bytes).unwrap())
}

fn moved(line: &[LonLat], [east_m, north_m]: [f64; 2]) -> Vec<LonLat> {
    line.iter()
        .map(|at| LocalPlane::at(*at).unproject([east_m, north_m]))
        .collect()
}

#[test]
fn the_citys_lines_find_their_streets_wherever_another_map_has_them() {
    let Some(source) = lines() else { return };
    let drawn: Vec<Vec<LonLat>> = (source.ways.iter().map(|way| way.line.clone()))
        .chain(source.lines.iter().map(|line| line.line.clone()))
        .collect();
    assert_eq!(drawn.len(), 18);
    let (network, _) = build(vec![source], 15.0).unwrap();
    for off_m in [[0.0, 0.0], [7.0, 7.0], [-10.0, 4.0], [0.0, -12.0]] {
        let (mut drawn_m, mut laid_m, mut found_m) = (0.0, 0.0, 0.0);
        for line in &drawn {
            let laid = lay_line(&network, &moved(line, off_m), &LayParams::default());
            let length_m = line_length_m(line);
            drawn_m += length_m;
            laid_m += laid.share * length_m;
            found_m += (laid.stretches.iter())
                .map(|s| s.to_m - s.from_m)
                .sum::<f64>();
        }
        println!("{off_m:?}: {laid_m:.0} m of {drawn_m:.0} m laid, on {found_m:.0} m of streets");
        assert!(laid_m >= 0.98 * drawn_m, "{off_m:?}: {laid_m} of {drawn_m}");
        // Neither side streets nor both of two neighbours; a line that is moved along its street
        // begins that much later.
        let begins_later_m = off_m[0].hypot(off_m[1]) * drawn.len() as f64;
        let allowed_m = 0.99 * drawn_m - begins_later_m..=1.01 * drawn_m;
        assert!(
            allowed_m.contains(&found_m),
            "{off_m:?}: {found_m} of {drawn_m}"
        );
    }
}
