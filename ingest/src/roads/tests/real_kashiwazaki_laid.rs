//! Kashiwazaki City's route lines laid onto the network that their own import made.

use super::support::{decode, shared_file};
use domain::conflation::{LayParams, lay_line};
use domain::geometry::{LocalPlane, LonLat, line_length_m};
use domain::network::{RoadNetwork, RouteLine, build};
use std::collections::BTreeSet;

/// Every so many lines are laid: all of them take long unoptimised.
const EVERY: usize = 3;
const TOLERANCE_M: f64 = 15.0;

fn plan() -> Option<(RoadNetwork, Vec<RouteLine>)> {
    let bytes = shared_file("kashiwazaki/josetsu.geojson")?;
    let source = decode("josetsu.geojson", &bytes).unwrap();
    let lines = source.lines.clone();
    let (network, _) = build(vec![source], TOLERANCE_M).unwrap();
    Some((network, lines))
}

/// Metres of a line that were laid, that were told as lying on no road, and of its own segments
/// that were missed.
#[derive(Debug, Default)]
struct Figures {
    drawn_m: f64,
    laid_m: f64,
    told_m: f64,
    own_m: f64,
    missed_m: f64,
    foreign_m: f64,
}

fn lay_all(
    network: &RoadNetwork,
    lines: &[RouteLine],
    drawn: impl Fn(&[LonLat]) -> Vec<LonLat>,
) -> Figures {
    let mut figures = Figures::default();
    for line in lines.iter().step_by(EVERY) {
        let laid = lay_line(network, &drawn(&line.line), &LayParams::default());
        let length_m = line_length_m(&line.line);
        figures.drawn_m += length_m;
        figures.laid_m += laid.share * length_m;
        figures.told_m += (laid.unmatched.iter())
            .map(|u| u.to_m - u.from_m)
            .sum::<f64>();
        let found: BTreeSet<u32> = laid.stretches.iter().map(|s| s.segment).collect();
        for (i, segment) in (0..).zip(network.segments()) {
            if network.road(i).id == line.road_id {
                figures.own_m += segment.length_m;
                if !found.contains(&i) {
                    figures.missed_m += segment.length_m;
                }
            }
        }
        for stretch in &laid.stretches {
            if network.road(stretch.segment).id != line.road_id {
                figures.foreign_m += stretch.to_m - stretch.from_m;
            }
        }
    }
    figures
}

#[test]
fn route_lines_come_back_as_their_own_segments() {
    let Some((network, lines)) = plan() else {
        return;
    };
    let figures = lay_all(&network, &lines, <[LonLat]>::to_vec);
    println!("as drawn: {figures:?}");
    assert!(figures.laid_m >= 0.999 * figures.drawn_m, "{figures:?}");
    assert!(figures.missed_m <= 0.005 * figures.own_m, "{figures:?}");
}

#[test]
fn route_lines_from_another_map_still_find_their_roads() {
    let Some((network, lines)) = plan() else {
        return;
    };
    // Off by 8 m to the north-east, with the vertices of a coarser drawing.
    let figures = lay_all(&network, &lines, |line| {
        let last = line.len() - 1;
        (line.iter().enumerate())
            .filter(|(i, _)| i % 2 == 0 || *i == last)
            .map(|(_, at)| LocalPlane::at(*at).unproject([6.0, 5.3]))
            .collect()
    });
    println!("off by 8 m: {figures:?}");
    assert!(figures.laid_m >= 0.97 * figures.drawn_m, "{figures:?}");
    assert!(figures.missed_m <= 0.03 * figures.own_m, "{figures:?}");
}
