//! A piece of road while route lines are being laid onto it and joined with it.

use super::split::Piece;
use crate::geometry::{LocalPlane, LonLat, nearest_on_piece};
use crate::linear_reference::measures_m;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// A piece with its measures, the places where it will be cut, and what lies on it.
#[derive(Debug, Clone)]
pub(super) struct Strand {
    pub piece: Piece,
    /// Metres from the start at each vertex.
    pub measures_m: Vec<f64>,
    pub from_node: u32,
    pub to_node: u32,
    pub cuts: Vec<Cut>,
    pub overlays: Vec<Overlay>,
}

/// A place inside a strand where a junction will be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    pub at_m: f64,
    pub at: LonLat,
    pub node: u32,
}

/// A route line laid over a stretch of a strand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Overlay {
    pub from_m: f64,
    pub to_m: f64,
    /// Index among the route lines.
    pub route_line: u32,
    /// Whether the route line runs the strand's way.
    pub same_direction: bool,
}

impl Strand {
    pub(super) fn new(piece: Piece, from_node: u32, to_node: u32) -> Self {
        let measures_m = measures_m(&piece.line);
        Strand {
            piece,
            measures_m,
            from_node,
            to_node,
            cuts: Vec::new(),
            overlays: Vec::new(),
        }
    }

    pub(super) fn length_m(&self) -> f64 {
        self.measures_m.last().copied().unwrap_or(0.0)
    }
}

type StraightPiece = GeomWithData<Rectangle<[f64; 2]>, (u32, u32)>;

/// The straight pieces of all strands, by place.
#[derive(Debug, Default)]
pub(super) struct StrandIndex {
    tree: RTree<StraightPiece>,
}

/// The foot of a point on one strand.
#[derive(Debug, Clone, Copy)]
pub(super) struct StrandFoot {
    pub strand: u32,
    pub at_m: f64,
    pub at: LonLat,
    pub distance_m: f64,
    /// Direction of the straight piece, radians counter-clockwise from east.
    pub bearing: f64,
}

impl StrandIndex {
    pub(super) fn bulk(strands: &[Strand], wanted: &[u32]) -> Self {
        let pieces = wanted
            .iter()
            .flat_map(|i| straight_pieces(*i, &strands[*i as usize].piece.line))
            .collect();
        StrandIndex {
            tree: RTree::bulk_load(pieces),
        }
    }

    pub(super) fn insert(&mut self, index: u32, strand: &Strand) {
        for piece in straight_pieces(index, &strand.piece.line) {
            self.tree.insert(piece);
        }
    }

    /// The nearest foot on each straight piece within `radius_m`, nearest first.
    pub(super) fn feet(&self, strands: &[Strand], at: LonLat, radius_m: f64) -> Vec<StrandFoot> {
        let plane = LocalPlane::at(at);
        let (dx, dy) = (
            radius_m / plane.east_m_per_deg,
            radius_m / plane.north_m_per_deg,
        );
        let envelope = AABB::from_corners([at.lon - dx, at.lat - dy], [at.lon + dx, at.lat + dy]);
        let mut feet: Vec<StrandFoot> = self
            .tree
            .locate_in_envelope_intersecting(&envelope)
            .filter_map(|entry| {
                let (index, i) = entry.data;
                let strand = &strands[index as usize];
                let i = i as usize;
                let (a, b) = (
                    plane.project(strand.piece.line[i]),
                    plane.project(strand.piece.line[i + 1]),
                );
                let foot = nearest_on_piece([0.0, 0.0], a, b);
                (foot.distance <= radius_m).then(|| StrandFoot {
                    strand: index,
                    at_m: strand.measures_m[i]
                        + foot.share * (strand.measures_m[i + 1] - strand.measures_m[i]),
                    at: plane.unproject(foot.at),
                    distance_m: foot.distance,
                    bearing: (b[1] - a[1]).atan2(b[0] - a[0]),
                })
            })
            .collect();
        feet.sort_by(|a, b| {
            (a.distance_m, a.strand, a.at_m)
                .partial_cmp(&(b.distance_m, b.strand, b.at_m))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        feet
    }

    /// Straight pieces whose boxes touch the box around `a`–`b`, as (strand, piece).
    pub(super) fn touching(&self, a: LonLat, b: LonLat) -> Vec<(u32, u32)> {
        let envelope = AABB::from_corners([a.lon, a.lat], [b.lon, b.lat]);
        let mut found: Vec<(u32, u32)> = self
            .tree
            .locate_in_envelope_intersecting(&envelope)
            .map(|entry| entry.data)
            .collect();
        found.sort_unstable();
        found
    }
}

fn straight_pieces(index: u32, line: &[LonLat]) -> impl Iterator<Item = StraightPiece> {
    line.windows(2).enumerate().map(move |(i, pair)| {
        GeomWithData::new(
            Rectangle::from_corners([pair[0].lon, pair[0].lat], [pair[1].lon, pair[1].lat]),
            (index, i as u32),
        )
    })
}
