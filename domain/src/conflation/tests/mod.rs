#![allow(clippy::unwrap_used)]

mod courses;
mod ends;
mod properties;

use super::*;
use crate::ascii_map::{AsciiMap, Way, parse};
use crate::geometry::{LocalPlane, line_length_m};

/// The line moved east and north.
fn moved(line: &[LonLat], east_m: f64, north_m: f64) -> Vec<LonLat> {
    line.iter()
        .map(|at| LocalPlane::at(*at).unproject([east_m, north_m]))
        .collect()
}

/// The laid stretches by the names of their segments' ends, whole segments without measures:
/// `AB BC[0-40]`.
fn told(map: &AsciiMap, network: &RoadNetwork, laid: &LaidLine) -> String {
    let name = |at: LonLat| {
        ('A'..='Z')
            .chain('a'..='z')
            .find(|c| map.has(*c) && map.at(*c).geodesic_m(at) < 0.01)
            .unwrap()
    };
    let parts: Vec<String> = (laid.stretches.iter())
        .map(|s| {
            let line = network.line(s.segment);
            let length_m = network.segments()[s.segment as usize].length_m;
            let ends = format!("{}{}", name(line[0]), name(line[line.len() - 1]));
            let arrow = s.direction.map_or("", |d| match d {
                Direction::Forward => ">",
                Direction::Backward => "<",
            });
            if s.from_m == 0.0 && s.to_m == length_m {
                format!("{ends}{arrow}")
            } else {
                format!("{ends}{arrow}[{:.0}-{:.0}]", s.from_m, s.to_m)
            }
        })
        .collect();
    parts.join(" ")
}

/// Metres by which measures are allowed to be off.
fn near(a: f64, b: f64, by: f64) -> bool {
    (a - b).abs() <= by
}
