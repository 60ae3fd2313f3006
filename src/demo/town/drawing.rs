//! The drawing board: strokes of road in the town's bent plane, before they are joined.

use super::super::chance;
use super::path::{Xy, crossing, measures_m};
use domain::network::RoadAttributes;
use rand::Rng;

/// One road as it was drawn; it meets whatever it touches at its own grade.
#[derive(Debug, Clone)]
pub(super) struct Stroke {
    pub line: Vec<Xy>,
    /// Metres from the start at each vertex.
    pub measures_m: Vec<f64>,
    /// How far it may have been drawn beyond the road that it ends at.
    pub overshoot_m: f64,
    /// Bridges, from–to in metres.
    pub bridges: Vec<(f64, f64)>,
    pub attributes: RoadAttributes,
}

impl Stroke {
    pub(super) fn new(line: Vec<Xy>, overshoot_m: f64, attributes: RoadAttributes) -> Self {
        Stroke {
            measures_m: measures_m(&line),
            line,
            overshoot_m,
            bridges: Vec::new(),
            attributes,
        }
    }

    pub(super) fn length_m(&self) -> f64 {
        self.measures_m.last().copied().unwrap_or(0.0)
    }

    pub(super) fn is_bridge_at(&self, at_m: f64) -> bool {
        self.bridges
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&at_m))
    }

    pub(super) fn place(&self, at_m: f64) -> Xy {
        super::path::beside(&self.line, at_m.clamp(0.0, self.length_m()), 0.0)
    }

    /// Crossings with another line: measures along this one and along the other.
    pub(super) fn crossings(&self, line: &[Xy], line_measures_m: &[f64]) -> Vec<(f64, f64)> {
        let mut found = Vec::new();
        let other_box = extent(line);
        for (i, a) in self.line.windows(2).enumerate() {
            if !overlap(extent(a), other_box) {
                continue;
            }
            for (j, b) in line.windows(2).enumerate() {
                if !overlap(extent(a), extent(b)) {
                    continue;
                }
                if let Some((t, u)) = crossing([a[0], a[1]], [b[0], b[1]]) {
                    let along = |m: &[f64], k: usize, share: f64| m[k] + share * (m[k + 1] - m[k]);
                    found.push((along(&self.measures_m, i, t), along(line_measures_m, j, u)));
                }
            }
        }
        found
    }
}

/// West, south, east, north, with a margin that keeps touching lines.
fn extent(line: &[Xy]) -> [f64; 4] {
    line.iter().fold(
        [f64::MAX, f64::MAX, f64::MIN, f64::MIN],
        |[w, s, e, n], p| [w.min(p[0]), s.min(p[1]), e.max(p[0]), n.max(p[1])],
    )
}

fn overlap(a: [f64; 4], b: [f64; 4]) -> bool {
    a[0] <= b[2] + 1e-6 && b[0] <= a[2] + 1e-6 && a[1] <= b[3] + 1e-6 && b[1] <= a[3] + 1e-6
}

/// Bends the straight plan, so that no street is quite straight and no corner quite square.
#[derive(Debug, Clone, Copy)]
struct Bend {
    turn: f64,
    phases: [f64; 6],
}

impl Bend {
    fn apply(&self, [u, v]: Xy) -> Xy {
        let p = &self.phases;
        let wave = |at: f64, length_m: f64, phase: f64| {
            (std::f64::consts::TAU * at / length_m + phase).sin()
        };
        let x = u
            + 55.0 * wave(v, 2100.0, p[0])
            + 25.0 * wave(u + 0.6 * v, 1300.0, p[1])
            + 6.0 * wave(v, 430.0, p[2]);
        let y = v
            + 50.0 * wave(u, 1900.0, p[3])
            + 22.0 * wave(v - 0.5 * u, 1150.0, p[4])
            + 6.0 * wave(u, 390.0, p[5]);
        let (sin, cos) = self.turn.sin_cos();
        [x * cos - y * sin, x * sin + y * cos]
    }
}

/// All strokes so far.
#[derive(Debug)]
pub(super) struct Drawing {
    bend: Bend,
    river: Vec<Xy>,
    pub strokes: Vec<Stroke>,
}

/// Half of a bridge: the river, its banks and the embankment roads lie under it.
const HALF_BRIDGE_M: f64 = 70.0;

impl Drawing {
    /// An empty board; the river runs along `river` in the plan.
    pub(super) fn new(seed: u64, river: &[Xy]) -> Self {
        let mut rng = chance::stream(seed, 1);
        let bend = Bend {
            turn: rng.random_range(11.0_f64..17.0).to_radians(),
            phases: std::array::from_fn(|_| rng.random_range(0.0..std::f64::consts::TAU)),
        };
        Drawing {
            bend,
            river: river.iter().map(|p| bend.apply(*p)).collect(),
            strokes: Vec::new(),
        }
    }

    /// Draws a road along a sampled line of the plan; where it crosses the river it is a bridge.
    pub(super) fn draw(&mut self, plan: &[Xy], overshoot_m: f64, attributes: RoadAttributes) {
        let line = plan.iter().map(|p| self.bend.apply(*p)).collect();
        let mut stroke = Stroke::new(line, overshoot_m, attributes);
        stroke.bridges = stroke
            .crossings(&self.river, &measures_m(&self.river))
            .into_iter()
            .map(|(at_m, _)| (at_m - HALF_BRIDGE_M, at_m + HALF_BRIDGE_M))
            .collect();
        stroke.bridges.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.strokes.push(stroke);
    }
}
