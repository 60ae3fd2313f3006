//! The municipal streets of the old town: an uneven net with gaps, parks and one-way streets.

use super::drawing::Drawing;
use super::path::{Xy, straight};
use super::road_kind::{Municipal, municipal, one_way};
use super::street_names::StreetNames;
use domain::network::Oneway;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Where the streets' lines run: `us` northward, `vs` eastward, in metres of the plan.
#[derive(Debug)]
pub(super) struct Grid {
    us: Vec<f64>,
    vs: Vec<f64>,
    /// Index of the national road among `vs`.
    national: usize,
}

/// A stretch between two crossings: along a `u` line (northward) or a `v` line, from (i, j).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    northward: bool,
    i: usize,
    j: usize,
}

impl Grid {
    pub(super) fn new(rng: &mut ChaCha8Rng) -> Self {
        let mut us = vec![-860.0];
        while us[us.len() - 1] < 830.0 {
            us.push(us[us.len() - 1] + rng.random_range(72.0..118.0));
        }
        let mut vs = vec![0.0];
        while vs[vs.len() - 1] > -430.0 {
            vs.push(vs[vs.len() - 1] - rng.random_range(74.0..104.0));
        }
        vs.reverse();
        let national = vs.len() - 1;
        while vs[vs.len() - 1] < 740.0 {
            vs.push(vs[vs.len() - 1] + rng.random_range(74.0..116.0));
        }
        Grid { us, vs, national }
    }

    fn near(&self, wanted: f64) -> usize {
        (0..self.us.len())
            .min_by(|a, b| {
                (self.us[*a] - wanted)
                    .abs()
                    .total_cmp(&(self.us[*b] - wanted).abs())
            })
            .unwrap_or(0)
    }

    pub(super) fn station_u(&self) -> f64 {
        self.us[self.near(330.0)]
    }
    pub(super) fn valley_u(&self) -> f64 {
        self.us[self.near(30.0)]
    }
    pub(super) fn pass_u(&self) -> f64 {
        self.us[self.near(-300.0)]
    }
    pub(super) fn ring_u(&self) -> f64 {
        self.us[self.near(690.0)]
    }
    pub(super) fn town_bridge_u(&self) -> f64 {
        self.us[self.near(-600.0)]
    }
    pub(super) fn top_v(&self) -> f64 {
        self.vs[self.vs.len() - 1]
    }
    pub(super) fn west_u(&self) -> f64 {
        self.us[0]
    }
    pub(super) fn east_u(&self) -> f64 {
        self.us[self.us.len() - 1]
    }

    /// Some of the lines that run on to the embankment or the bypass.
    pub(super) fn every_nth_u(&self, n: usize) -> impl Iterator<Item = f64> {
        let main = [
            self.station_u(),
            self.valley_u(),
            self.pass_u(),
            self.ring_u(),
            self.town_bridge_u(),
        ];
        let us = self.us.iter().copied().skip(1).step_by(n);
        us.filter(move |u| !main.contains(u))
    }

    pub(super) fn bottom_v(&self) -> f64 {
        self.vs[0]
    }

    /// Whether a main road runs here already.
    fn is_main(&self, s: Stretch) -> bool {
        if !s.northward {
            return s.j == self.national;
        }
        let u = self.us[s.i];
        if s.j >= self.national {
            u == self.station_u() || u == self.pass_u()
        } else {
            u == self.valley_u() || u == self.ring_u() || u == self.town_bridge_u()
        }
    }

    fn ends(&self, s: Stretch) -> [usize; 2] {
        let node = |i: usize, j: usize| j * self.us.len() + i;
        let (di, dj) = if s.northward { (0, 1) } else { (1, 0) };
        [node(s.i, s.j), node(s.i + di, s.j + dj)]
    }

    fn at(&self, node: usize) -> Xy {
        [self.us[node % self.us.len()], self.vs[node / self.us.len()]]
    }

    fn stretches(&self) -> Vec<Stretch> {
        let (columns, rows) = (self.us.len(), self.vs.len());
        let mut all = Vec::new();
        for northward in [true, false] {
            for i in 0..columns - usize::from(!northward) {
                for j in 0..rows - usize::from(northward) {
                    all.push(Stretch { northward, i, j });
                }
            }
        }
        all
    }

    fn oneway_pair(&self) -> [usize; 2] {
        [self.national + 2, self.national + 3]
    }

    /// Streets that no gap interrupts: the edge of the town and the one-way pair.
    fn is_certain(&self, s: Stretch) -> bool {
        let is_edge = s.northward && s.j >= self.national && (s.i == 0 || s.i + 1 == self.us.len());
        is_edge || (!s.northward && self.oneway_pair().contains(&s.j))
    }

    /// Which stretches are built: gaps and parks at random, but nothing is cut off.
    fn built(&self, rng: &mut ChaCha8Rng) -> Vec<Stretch> {
        let parks: Vec<[usize; 2]> = (0..4)
            .map(|k| {
                let rows = self.vs.len() - 2;
                let j = if k == 0 {
                    1
                } else {
                    rng.random_range(self.national + 5..=rows)
                };
                [rng.random_range(2..self.us.len() - 2), j]
            })
            .collect();
        let in_park = |s: Stretch| {
            let [a, b] = self.ends(s);
            parks
                .iter()
                .any(|[i, j]| [a, b].contains(&(j * self.us.len() + i)))
        };
        let mut group: Vec<usize> = (0..self.us.len() * self.vs.len()).collect();
        let mut join = |s: Stretch| -> bool {
            let [a, b] = self.ends(s).map(|n| group[n]);
            for g in group.iter_mut().filter(|g| **g == a) {
                *g = b;
            }
            a != b
        };
        let (mut built, mut gaps) = (Vec::new(), Vec::new());
        for s in self.stretches() {
            let share = if self.us[s.i] < -100.0 { 0.27 } else { 0.15 };
            let is_gap = rng.random_bool(share);
            if self.is_main(s) {
                join(s);
            } else if self.is_certain(s) || !(is_gap || in_park(s)) {
                join(s);
                built.push(s);
            } else if !in_park(s) {
                gaps.push(s);
            }
        }
        built.extend(gaps.into_iter().filter(|s| join(*s)));
        built
    }
}

/// Draws the net, each unbroken run of a line as one street.
pub(super) fn draw(
    drawing: &mut Drawing,
    grid: &Grid,
    names: &mut StreetNames,
    rng: &mut ChaCha8Rng,
) {
    let mut built = grid.built(rng);
    built.sort_by_key(|s| {
        if s.northward {
            (0, s.i, s.j)
        } else {
            (1, s.j, s.i)
        }
    });
    let mut runs: Vec<Vec<Stretch>> = Vec::new();
    for s in built {
        let follows = runs
            .last()
            .and_then(|run| run.last())
            .is_some_and(|before| {
                before.northward == s.northward && grid.ends(*before)[1] == grid.ends(s)[0]
            });
        match runs.last_mut() {
            Some(run) if follows => run.push(s),
            _ => runs.push(vec![s]),
        }
    }
    for run in runs {
        let (first, last) = (run[0], run[run.len() - 1]);
        let (a, b) = (grid.at(grid.ends(first)[0]), grid.at(grid.ends(last)[1]));
        let line = straight(&[a, b]);
        let name = names.next([0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])]);
        let line_number = if first.northward { first.i } else { first.j };
        let is_collector = grid.is_certain(first) || line_number % 5 == 2;
        let kind = match (is_collector, rng.random_bool(0.35)) {
            (true, _) => Municipal::Collector,
            (false, true) => Municipal::Street,
            (false, false) => Municipal::Lane,
        };
        let attributes = municipal(kind, &name);
        let attributes = match grid.oneway_pair().iter().position(|j| *j == first.j) {
            Some(0) if !first.northward => one_way(attributes, Oneway::Forward),
            Some(_) if !first.northward => one_way(attributes, Oneway::Backward),
            _ => attributes,
        };
        drawing.draw(&line, 0.0, attributes);
        if run.len() >= 3 && rng.random_bool(0.3) {
            draw_yard(drawing, &line, &name, rng);
        }
    }
}

/// A dead end of a few houses beside a street.
fn draw_yard(drawing: &mut Drawing, street: &[Xy], name: &str, rng: &mut ChaCha8Rng) {
    let at_m = rng.random_range(35.0..60.0);
    let side = if rng.random_bool(0.5) { 1.0 } else { -1.0 };
    let depth_m = rng.random_range(30.0..46.0);
    let [a, b] = [0.0, side * depth_m].map(|aside| super::path::beside(street, at_m, aside));
    drawing.draw(
        &straight(&[a, b]),
        0.0,
        municipal(Municipal::Yard, &format!("{name}支線")),
    );
}
