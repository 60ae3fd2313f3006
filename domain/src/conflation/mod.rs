//! Lays a road manager's own lines onto the network, so that its routes, plans and closures speak
//! of segments.
//!
//! The line is sampled every few metres and the likeliest connected course over the roads around
//! it is found, as in map matching (Newson and Krumm 2009), with what differs for a drawn line:
//!
//! - there is no time, and the line may run against the traffic, at a price;
//! - the course must go on by about as much as the line does, so that it neither waits at a dead
//!   end nor slips to a road beside it, of which it would have to be left again;
//! - lying on no road is a state of its own: what is not on the network is told, not forced;
//! - of a dual carriageway both sides are taken unless [`Carriageways::AsDrawn`] says otherwise,
//!   by following the line with the traffic in both directions.

mod course;
mod decode;
mod params;
mod samples;

#[cfg(test)]
mod tests;

pub use params::{Carriageways, LayParams};

use crate::coverage::Intervals;
use crate::geometry::LonLat;
use crate::linear_reference::{measures_m, sub_line};
use crate::network::RoadNetwork;
use crate::work::Direction;
use course::{Run, runs_of};
use decode::{Onward, decode};
use std::collections::HashMap;

/// Part of a segment that something speaks of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SegmentStretch {
    /// Index of the segment in its network.
    pub segment: u32,
    /// Start measure.
    pub from_m: f64,
    /// End measure, greater than `from_m`.
    pub to_m: f64,
    /// The direction that is spoken of; `None` = both.
    pub direction: Option<Direction>,
}

/// Part of a line that lies on no road.
#[derive(Debug, Clone, PartialEq)]
pub struct UnmatchedPart {
    /// Metres from the line's start.
    pub from_m: f64,
    /// Metres from the line's start.
    pub to_m: f64,
    /// Its own geometry.
    pub line: Vec<LonLat>,
}

/// What became of one line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LaidLine {
    /// Where it lies, in the order of the line; no two overlap, but for a road that is taken in
    /// both directions one after the other ([`Carriageways::AsDrawn`] only).
    pub stretches: Vec<SegmentStretch>,
    /// Parts of the line that lie on no road.
    pub unmatched: Vec<UnmatchedPart>,
    /// Share of the line's length that lies on roads, 0…1; 0 for a line without length.
    pub share: f64,
}

/// Lays a line onto the network: WGS84 vertices, in either direction of travel.
pub fn lay_line(network: &RoadNetwork, line: &[LonLat], params: &LayParams) -> LaidLine {
    lay_line_preferring(network, line, &|_| 0.0, params)
}

/// The same, where more is known of the segments: `cost_of_segment` makes a segment less likely
/// (about 0.2 for each 6 m farther off) or, when infinite, impossible.
pub fn lay_line_preferring(
    network: &RoadNetwork,
    line: &[LonLat],
    cost_of_segment: &dyn Fn(u32) -> f64,
    params: &LayParams,
) -> LaidLine {
    let measures = measures_m(line);
    let length_m = measures.last().copied().unwrap_or(0.0);
    if !(length_m > 0.0 && length_m.is_finite()) {
        return LaidLine::default();
    }
    let mut onward = Onward::new(network, params.reach_m, cost_of_segment);
    let mut pass = |line: &[LonLat], measures: &[f64]| {
        let samples = samples::samples_of(network, line, measures, cost_of_segment, params);
        let course = decode(&samples, &mut onward, params);
        let runs = runs_of(&course, samples.step_m, &mut onward, params);
        Pass {
            runs,
            step_m: samples.step_m,
            last: course.len() - 1,
            any_oneway: samples.any_oneway,
        }
    };
    let there = pass(line, &measures);
    let mut matched = Intervals::default();
    there.add_matched(false, &mut matched);
    let stretches = match params.carriageways {
        Carriageways::AsDrawn => there.stretches(network),
        Carriageways::Both if !there.any_oneway => union_of_stretches(there.stretches(network)),
        Carriageways::Both => {
            let mut reversed = line.to_vec();
            reversed.reverse();
            let back = pass(&reversed, &measures_m(&reversed));
            back.add_matched(true, &mut matched);
            let mut stretches = there.stretches(network);
            stretches.extend(back.stretches(network).into_iter().rev());
            union_of_stretches(stretches)
        }
    };
    LaidLine {
        stretches,
        unmatched: unmatched(line, &measures, &matched),
        share: (matched.length_m() / length_m).min(1.0),
    }
}

/// The line followed once in one direction.
struct Pass {
    runs: Vec<Run>,
    step_m: f64,
    /// Number of the last sample.
    last: usize,
    any_oneway: bool,
}

impl Pass {
    /// The parts of the line that lie on roads, by the measures of the line as it was given.
    fn add_matched(&self, is_reversed: bool, matched: &mut Intervals) {
        let length_m = self.last as f64 * self.step_m;
        for run in &self.runs {
            // Road and line meet about half-way to the first sample that is off it.
            let half = |is_end: bool| if is_end { 0.0 } else { 0.5 * self.step_m };
            let from_m = run.first as f64 * self.step_m - half(run.first == 0);
            let to_m = run.last as f64 * self.step_m + half(run.last == self.last);
            if is_reversed {
                matched.add(length_m - to_m, length_m - from_m);
            } else {
                matched.add(from_m, to_m);
            }
        }
    }

    fn stretches(&self, network: &RoadNetwork) -> Vec<SegmentStretch> {
        let ways = self.runs.iter().flat_map(|run| &run.way);
        ways.map(|traversal| {
            let segment = traversal.directed.segment();
            let segment_m = network.segments()[segment as usize].length_m;
            let (from_m, to_m) = traversal.measures_m(segment_m);
            SegmentStretch {
                segment,
                from_m,
                to_m,
                direction: Some(traversal.directed.direction()),
            }
        })
        .collect()
    }
}

/// The stretches whatever their directions, in the order in which their segments come first.
pub(crate) fn union_of_stretches(stretches: Vec<SegmentStretch>) -> Vec<SegmentStretch> {
    let mut order: Vec<u32> = Vec::new();
    let mut by_segment: HashMap<u32, Intervals> = HashMap::new();
    for stretch in &stretches {
        by_segment
            .entry(stretch.segment)
            .or_insert_with(|| {
                order.push(stretch.segment);
                Intervals::default()
            })
            .add(stretch.from_m, stretch.to_m);
    }
    order
        .into_iter()
        .flat_map(|segment| {
            let parts = by_segment.remove(&segment).unwrap_or_default();
            let parts: Vec<(f64, f64)> = parts.parts().to_vec();
            parts.into_iter().map(move |(from_m, to_m)| SegmentStretch {
                segment,
                from_m,
                to_m,
                direction: None,
            })
        })
        .collect()
}

/// What the matched parts leave over, but for crumbs of less than a metre.
fn unmatched(line: &[LonLat], measures: &[f64], matched: &Intervals) -> Vec<UnmatchedPart> {
    const CRUMB_M: f64 = 1.0;
    let length_m = measures.last().copied().unwrap_or(0.0);
    let starts = std::iter::once(0.0).chain(matched.parts().iter().map(|part| part.1));
    let ends = (matched.parts().iter().map(|part| part.0)).chain(std::iter::once(length_m));
    starts
        .zip(ends)
        .filter(|(from_m, to_m)| to_m - from_m >= CRUMB_M)
        .map(|(from_m, to_m)| UnmatchedPart {
            from_m,
            to_m,
            line: sub_line(line, measures, from_m, to_m),
        })
        .collect()
}
