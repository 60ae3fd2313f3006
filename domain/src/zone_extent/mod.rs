//! Which segments a zone (工区) is made of.
//!
//! A contract names routes by their lines, or an area by polygons, or both (design §2): a line takes the
//! roads that it follows, whoever owns them; a polygon takes only the roads of its own manager; a
//! line beats a polygon. Each segment has at most one zone; a road's priority (第1種 …) belongs to the
//! route, and no zone changes it.

mod inside;
mod inside_area;
mod names;

#[cfg(test)]
mod tests;

pub(crate) use inside::share_inside;
pub use inside_area::segments_inside;
pub use names::SegmentZones;

use crate::conflation::{LayParams, UnmatchedPart, lay_line_preferring};
use crate::coverage::Intervals;
use crate::geometry::BoundingBox;
use crate::network::RoadNetwork;
use crate::place::Place;
use crate::road_manager::{RoadManager, owner_among};
use std::collections::BTreeMap;

/// A zone takes a segment of which at least this share lies in its polygons or under its lines.
pub const LEAST_SHARE: f64 = 0.5;
/// Shares that differ by less are equal.
const SAME_SHARE: f64 = 1e-6;
/// Cost per sample of following a line on a road that another manager owns.
const FOREIGN_ROAD_COST: f64 = 0.5;

/// One zone as its contract states it.
#[derive(Debug, Clone, Copy)]
pub struct ZoneContract<'a> {
    /// Its name, normalised.
    pub zone: &'a str,
    /// Code of the road manager whose zone it is.
    pub manager: &'a str,
    /// Its lines and polygons.
    pub place: &'a Place,
}

/// What a zone claims a segment by; the former beats the latter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimKind {
    /// A line of its contract.
    Line,
    /// A polygon of its contract.
    Area,
}

/// Why one of two zones that claim a segment has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverlapReason {
    /// Its contract names the route, the other's the area.
    LineBeatsArea,
    /// More of the segment is its.
    GreaterShare,
    /// Nothing else decides: its name comes first.
    EarlierName,
}

/// A segment that several zones claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap {
    /// Index of the segment.
    pub segment: u32,
    /// Index of the zone that has it.
    pub kept: usize,
    /// Index of one that has not.
    pub left_out: usize,
    /// Why.
    pub reason: OverlapReason,
}

/// A line of a contract, or part of it, under which lies no road.
#[derive(Debug, Clone, PartialEq)]
pub struct UnlaidPart {
    /// Index of the zone.
    pub zone: usize,
    /// Index of the line in its place.
    pub line: usize,
    /// The part.
    pub part: UnmatchedPart,
}

/// The segments of many zones.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ZoneExtents {
    /// Index of the zone by the segment's index.
    pub zone_of: BTreeMap<u32, usize>,
    /// Segments that several zones claim, with the reason for the choice.
    pub overlaps: Vec<Overlap>,
    /// Lines that could not be laid whole.
    pub unlaid: Vec<UnlaidPart>,
}

impl ZoneExtents {
    /// The segments of one zone, ascending.
    pub fn segments_of(&self, zone: usize) -> impl Iterator<Item = u32> {
        (self.zone_of.iter())
            .filter(move |(_, of)| **of == zone)
            .map(|(segment, _)| *segment)
    }
}

#[derive(Debug, Clone, Copy)]
struct Claim {
    zone: usize,
    kind: ClaimKind,
    share: f64,
}

/// Works out the segments of all zones together. `managers` are those that are configured: a
/// road's owner is found among them as everywhere ([`owner_among`]).
pub fn zone_extents(
    network: &RoadNetwork,
    zones: &[ZoneContract<'_>],
    managers: &[RoadManager],
    params: &LayParams,
) -> ZoneExtents {
    let owner = |segment: u32| {
        let attributes = &network.road(segment).attributes;
        let code = attributes.manager.as_deref();
        owner_among(managers.iter(), code, attributes.manager_level).map(|m| m.code.as_str())
    };
    let mut extents = ZoneExtents::default();
    let mut claims: BTreeMap<u32, Vec<Claim>> = BTreeMap::new();
    for (zone, contract) in zones.iter().enumerate() {
        for (segment, share) in under_lines(network, zone, contract, &owner, params, &mut extents) {
            claims.entry(segment).or_default().push(Claim {
                zone,
                kind: ClaimKind::Line,
                share,
            });
        }
        let vertices = contract.place.areas.iter().flatten().flatten();
        let Some(area) = BoundingBox::around(vertices.copied().filter(|at| at.is_valid())) else {
            continue;
        };
        for segment in network.in_box(&area) {
            if owner(segment) != Some(contract.manager) {
                continue;
            }
            let share = share_inside(network, segment, &contract.place.areas);
            if share >= LEAST_SHARE {
                claims.entry(segment).or_default().push(Claim {
                    zone,
                    kind: ClaimKind::Area,
                    share,
                });
            }
        }
    }
    for (segment, mut claims) in claims {
        claims.sort_by(|a, b| precedence(a, b, zones));
        let Some((first, others)) = claims.split_first() else {
            continue;
        };
        extents.zone_of.insert(segment, first.zone);
        for other in others.iter().filter(|other| other.zone != first.zone) {
            extents.overlaps.push(Overlap {
                segment,
                kept: first.zone,
                left_out: other.zone,
                reason: reason(first, other),
            });
        }
    }
    extents
}

/// Shares of the segments that the zone's lines follow, where they are large enough.
fn under_lines<'a>(
    network: &RoadNetwork,
    zone: usize,
    contract: &ZoneContract<'_>,
    owner: &dyn Fn(u32) -> Option<&'a str>,
    params: &LayParams,
    extents: &mut ZoneExtents,
) -> Vec<(u32, f64)> {
    let cost = |segment: u32| {
        if owner(segment) == Some(contract.manager) {
            0.0
        } else if (network.road(segment).attributes.class).starts_with("motorway") {
            // A city's line does not mean the motorway above its street.
            f64::INFINITY
        } else {
            FOREIGN_ROAD_COST
        }
    };
    let mut covered: BTreeMap<u32, Intervals> = BTreeMap::new();
    for (i, line) in contract.place.lines.iter().enumerate() {
        let laid = lay_line_preferring(network, line, &cost, params);
        for stretch in &laid.stretches {
            let intervals = covered.entry(stretch.segment).or_default();
            intervals.add(stretch.from_m, stretch.to_m);
        }
        extents
            .unlaid
            .extend(laid.unmatched.into_iter().map(|part| UnlaidPart {
                zone,
                line: i,
                part,
            }));
    }
    covered
        .into_iter()
        .map(|(segment, intervals)| {
            let length_m = network.segments()[segment as usize].length_m;
            (segment, intervals.length_m() / length_m)
        })
        .filter(|(_, share)| *share >= LEAST_SHARE)
        .collect()
}

fn precedence(a: &Claim, b: &Claim, zones: &[ZoneContract<'_>]) -> std::cmp::Ordering {
    let steps = |share: f64| (share / SAME_SHARE).round() as i64;
    (a.kind.cmp(&b.kind))
        .then(steps(b.share).cmp(&steps(a.share)))
        .then(zones[a.zone].zone.cmp(zones[b.zone].zone))
        .then(zones[a.zone].manager.cmp(zones[b.zone].manager))
        .then(a.zone.cmp(&b.zone))
}

fn reason(first: &Claim, other: &Claim) -> OverlapReason {
    if first.kind != other.kind {
        OverlapReason::LineBeatsArea
    } else if first.share - other.share >= SAME_SHARE {
        OverlapReason::GreaterShare
    } else {
        OverlapReason::EarlierName
    }
}
