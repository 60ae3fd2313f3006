#![allow(clippy::unwrap_used)]

mod ends;
mod nights;
mod odd_traces;
mod online;
mod properties;
mod roads_beside;
mod silence;
mod straight;
mod turning;
mod work_kinds;

use super::*;
use crate::ascii_map::{AsciiMap, Way, network_of, parse};
use crate::geometry::{LocalPlane, LonLat};
use crate::network::DirectedSegment;
use crate::work::{Direction, WorkKind};
use jiff::{SignedDuration, Timestamp};

/// Columns and rows of the drawings stand 10 m apart.
const GRID_M: f64 = 10.0;
/// How fast plows drive here, m/s.
const SPEED: f64 = 8.0;

fn at_s(seconds: f64) -> Timestamp {
    let start: Timestamp = "2026-01-15T05:00:00+09:00".parse().unwrap();
    start + SignedDuration::from_secs_f64(seconds)
}

fn fix(seconds: f64, at: LonLat) -> PlowFix {
    PlowFix {
        vehicle_id: "P-1".to_owned(),
        observed_at: at_s(seconds),
        at,
        heading_deg: None,
        speed_kmh: None,
        work: Some(WorkKind::Plowing),
    }
}

/// A place that many metres east and north of another.
fn moved(at: LonLat, east_m: f64, north_m: f64) -> LonLat {
    LocalPlane::at(at).unproject([east_m, north_m])
}

/// Errors that a receiver might make, one after another, metres per axis.
const ERRORS_M: [[f64; 2]; 8] = [
    [2.0, -3.0],
    [-4.0, 1.0],
    [0.0, 4.0],
    [3.0, 3.0],
    [-2.0, -4.0],
    [5.0, 0.0],
    [-3.0, 2.0],
    [1.0, -1.0],
];

/// A drawing and its network.
struct Scene {
    letters: Vec<char>,
    map: AsciiMap,
    network: RoadNetwork,
}

fn scene(drawing: &str, ways: &[Way<'_>]) -> Scene {
    Scene {
        letters: drawing.chars().filter(char::is_ascii_uppercase).collect(),
        map: parse(drawing, GRID_M),
        network: network_of(drawing, GRID_M, ways),
    }
}

impl Scene {
    /// Fixes of a plow that drives straight from place to place, each 5 s, without error.
    fn drive(&self, places: &str) -> Vec<PlowFix> {
        self.drive_each(5.0, places)
    }

    fn drive_each(&self, every_s: f64, places: &str) -> Vec<PlowFix> {
        let line = self.map.line(places);
        let mut fixes = Vec::new();
        let (mut begun_m, mut next_m) = (0.0, 0.0);
        for pair in line.windows(2) {
            let [x, y] = LocalPlane::at(pair[0]).project(pair[1]);
            let length_m = x.hypot(y);
            while next_m <= begun_m + length_m {
                let share = (next_m - begun_m) / length_m;
                fixes.push(fix(next_m / SPEED, moved(pair[0], share * x, share * y)));
                next_m += every_s * SPEED;
            }
            begun_m += length_m;
        }
        let end_s = begun_m / SPEED;
        if fixes
            .last()
            .is_none_or(|last| last.observed_at < at_s(end_s - 0.5))
        {
            fixes.push(fix(end_s, line[line.len() - 1]));
        }
        fixes
    }

    /// The same with a receiver's errors.
    fn noisy_drive(&self, places: &str) -> Vec<PlowFix> {
        let mut fixes = self.drive(places);
        for (fix, [east_m, north_m]) in fixes.iter_mut().zip(ERRORS_M.iter().cycle()) {
            fix.at = moved(fix.at, *east_m, *north_m);
        }
        fixes
    }

    fn matched(&self, fixes: &[PlowFix]) -> Vec<MatchedSpan> {
        match_vehicle(&self.network, fixes, &MatchParams::default())
    }

    /// The places along each span's segment, in the direction of travel: `"AB BC CB"`.
    fn way(&self, spans: &[MatchedSpan]) -> String {
        let names: Vec<String> = spans.iter().map(|span| self.name(span)).collect();
        names.join(" ")
    }

    /// The places that a vehicle is matched through.
    fn way_of(&self, fixes: &[PlowFix]) -> String {
        self.way(&self.matched(fixes))
    }

    fn name(&self, span: &MatchedSpan) -> String {
        let mut line = self.network.line(span.segment).to_vec();
        if span.direction == Direction::Backward {
            line.reverse();
        }
        line.iter()
            .filter_map(|p| {
                let here = |c: &&char| self.map.at(**c).geodesic_m(*p) < 0.1;
                self.letters.iter().find(here)
            })
            .collect()
    }

    /// Metres from where the span's segment begins in the direction of travel.
    fn along(&self, span: &MatchedSpan) -> [f64; 2] {
        let length_m = self.network.segments()[span.segment as usize].length_m;
        match span.direction {
            Direction::Forward => [span.from_m, span.to_m],
            Direction::Backward => [length_m - span.to_m, length_m - span.from_m],
        }
    }

    /// Whether the span covers these metres, give or take what a receiver errs.
    fn assert_along(&self, span: &MatchedSpan, from_m: f64, to_m: f64) {
        let [from, to] = self.along(span);
        assert!(
            (from - from_m).abs() < 6.0 && (to - to_m).abs() < 6.0,
            "{} covers {from}..{to}, not {from_m}..{to_m}",
            self.name(span)
        );
    }
}
