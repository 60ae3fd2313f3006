//! A made-up town of what is hard to match: a grid that is no true grid, lanes close together, frontage
//! roads, a divided road, roundabouts, dead ends, and a road that runs over the others.

use domain::geometry::{LocalPlane, LonLat};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::HashMap;
use std::fmt::Write;

/// In the fields of northern Honshu.
const MIDDLE: LonLat = LonLat::new(140.52, 40.66);
const COLUMNS: usize = 22;
const ROWS: usize = 20;
/// The row that is a divided road.
const DIVIDED: usize = 9;
/// Half the distance of its carriageways, metres.
const HALF_MEDIAN_M: f64 = 9.0;
/// Its frontage road lies so far to the north, metres, and joins every third crossing.
const FRONTAGE_M: f64 = 32.0;
/// Junctions that are roundabouts, column and row.
const ROUNDABOUTS: [(usize, usize); 4] = [(4, 4), (15, 5), (7, 15), (17, 14)];
const ROUNDABOUT_M: f64 = 15.0;
/// Share of blocks' sides without a street.
const LEFT_OUT: f64 = 0.12;
const DEAD_ENDS: usize = 70;
/// The elevated road runs midway between this row and the next.
const ELEVATED: usize = 13;

type Node = usize;
type Xy = [f64; 2];

struct Way {
    nodes: Vec<Node>,
    tags: Vec<(&'static str, &'static str)>,
}

struct Drawing {
    rng: ChaCha8Rng,
    nodes: Vec<Xy>,
    ways: Vec<Way>,
    /// Lines between rows and columns before anything is shaken.
    columns_m: Vec<f64>,
    rows_m: Vec<f64>,
    /// Nodes of crossings by column, row and side (0 east, 1 north, 2 west, 3 south).
    crossings: HashMap<(usize, usize, usize), Node>,
}

/// Degrees of longitude and latitude from one copy of a town to the next.
const COPY_DEG: [f64; 2] = [0.045, 0.035];
/// Copies side by side before the next row begins.
const COPIES_ABREAST: usize = 12;

/// How far a copy of a town lies from the first, degrees of longitude and latitude.
pub fn copy_offset_deg(copy: usize) -> [f64; 2] {
    let (column, row) = (copy % COPIES_ABREAST, copy / COPIES_ABREAST);
    [COPY_DEG[0] * column as f64, COPY_DEG[1] * row as f64]
}

/// The town of a seed as an OSM XML file.
pub fn osm_xml(seed: u64) -> String {
    osm_xml_of_copies(seed, 1)
}

/// The town of a seed so many times, side by side, as one OSM XML file.
pub fn osm_xml_of_copies(seed: u64, copies: usize) -> String {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let columns_m = lines(&mut rng, COLUMNS);
    let rows_m = lines(&mut rng, ROWS);
    let mut drawing = Drawing {
        rng,
        nodes: Vec::new(),
        ways: Vec::new(),
        columns_m,
        rows_m,
        crossings: HashMap::new(),
    };
    drawing.crossings();
    drawing.streets();
    drawing.divided_road();
    drawing.elevated_road();
    drawing.dead_ends();
    drawing.written(copies)
}

/// Where streets lie: blocks of an old quarter, of 35–60 m, among wider ones.
fn lines(rng: &mut ChaCha8Rng, count: usize) -> Vec<f64> {
    let mut at_m = 0.0;
    (0..count)
        .map(|i| {
            let old = (count / 3..count / 2).contains(&i);
            at_m += if old {
                rng.random_range(35.0..60.0)
            } else {
                rng.random_range(75.0..150.0)
            };
            at_m
        })
        .collect()
}

impl Drawing {
    fn node(&mut self, at: Xy) -> Node {
        self.nodes.push(at);
        self.nodes.len() - 1
    }

    fn way(&mut self, nodes: Vec<Node>, tags: &[(&'static str, &'static str)]) {
        if nodes.len() >= 2 {
            self.ways.push(Way {
                nodes,
                tags: tags.to_vec(),
            });
        }
    }

    fn crossings(&mut self) {
        for column in 0..COLUMNS {
            for row in 0..ROWS {
                let shake = |rng: &mut ChaCha8Rng| rng.random_range(-9.0..9.0);
                let mut at = [self.columns_m[column], self.rows_m[row]];
                if row != DIVIDED {
                    at = at.map(|m| m + shake(&mut self.rng));
                }
                let of_side: [Node; 4] = if row == DIVIDED {
                    let [south, north] =
                        [-HALF_MEDIAN_M, HALF_MEDIAN_M].map(|dy| self.node([at[0], at[1] + dy]));
                    [north, north, south, south]
                } else if ROUNDABOUTS.contains(&(column, row)) {
                    self.roundabout(at)
                } else {
                    [self.node(at); 4]
                };
                for (side, node) in of_side.into_iter().enumerate() {
                    self.crossings.insert((column, row, side), node);
                }
            }
        }
    }

    /// A ring, driven clockwise as where one keeps to the left.
    fn roundabout(&mut self, at: Xy) -> [Node; 4] {
        let ring: Vec<Node> = (0..12)
            .map(|i| {
                let angle = f64::from(i) * std::f64::consts::TAU / 12.0;
                let xy = [
                    at[0] + ROUNDABOUT_M * angle.cos(),
                    at[1] + ROUNDABOUT_M * angle.sin(),
                ];
                self.node(xy)
            })
            .collect();
        let mut round: Vec<Node> = ring.iter().rev().copied().collect();
        round.push(round[0]);
        self.way(
            round,
            &[
                ("highway", "tertiary"),
                ("junction", "roundabout"),
                ("oneway", "yes"),
            ],
        );
        [ring[0], ring[3], ring[6], ring[9]]
    }

    /// Class of the street on a line.
    fn class(line: usize) -> &'static str {
        match line % 5 {
            0 => "tertiary",
            2 if line.is_multiple_of(2) => "unclassified",
            _ => "residential",
        }
    }

    fn streets(&mut self) {
        for row in (0..ROWS).filter(|row| *row != DIVIDED) {
            for column in 0..COLUMNS - 1 {
                let ends = [(column, row, 0), (column + 1, row, 2)];
                self.street(ends, Self::class(row), row);
            }
        }
        for column in 0..COLUMNS {
            for row in 0..ROWS - 1 {
                let ends = [(column, row, 1), (column, row + 1, 3)];
                self.street(ends, Self::class(column), column);
            }
        }
    }

    /// A block's side, slightly bent; some are one-way, some are not there.
    fn street(&mut self, ends: [(usize, usize, usize); 2], class: &'static str, line: usize) {
        let is_main = class == "tertiary";
        if !is_main && self.rng.random::<f64>() < LEFT_OUT {
            return;
        }
        let [from, to] = ends.map(|end| self.crossings[&end]);
        let (a, b) = (self.nodes[from], self.nodes[to]);
        let (along, bend) = (
            self.rng.random_range(0.3..0.7),
            self.rng.random_range(-0.03..0.03),
        );
        let middle = [0, 1].map(|k| {
            let across = if k == 0 { a[1] - b[1] } else { b[0] - a[0] };
            a[k] + along * (b[k] - a[k]) + bend * across
        });
        let middle = self.node(middle);
        let mut nodes = vec![from, middle, to];
        let mut tags = vec![("highway", class)];
        if is_main {
            tags.push(("lanes", "2"));
        } else if line % 7 == 3 {
            // Every other of them runs the other way.
            tags.push(("oneway", "yes"));
            if line.is_multiple_of(2) {
                nodes.reverse();
            }
        }
        self.way(nodes, &tags);
    }

    /// Two carriageways, joined at every other crossing, with a frontage road to the north.
    fn divided_road(&mut self) {
        let tags = [("highway", "secondary"), ("oneway", "yes"), ("lanes", "2")];
        let north: Vec<Node> = (0..COLUMNS)
            .map(|c| self.crossings[&(c, DIVIDED, 1)])
            .collect();
        let south: Vec<Node> = (0..COLUMNS)
            .rev()
            .map(|c| self.crossings[&(c, DIVIDED, 3)])
            .collect();
        for column in (0..COLUMNS).filter(|c| c.is_multiple_of(2) || c + 1 == COLUMNS) {
            let ends = [1, 3].map(|side| self.crossings[&(column, DIVIDED, side)]);
            self.way(ends.to_vec(), &[("highway", "tertiary")]);
        }
        let mut frontage = Vec::new();
        for (column, crossing) in north.iter().enumerate() {
            let at = self.nodes[*crossing];
            let node = self.node([at[0] + 14.0, at[1] + FRONTAGE_M]);
            frontage.push(node);
            if column.is_multiple_of(3) {
                self.way(vec![*crossing, node], &[("highway", "residential")]);
            }
        }
        self.way(frontage, &[("highway", "residential")]);
        self.way(north, &tags);
        self.way(south, &tags);
    }

    /// Over all streets that it crosses; one gets onto it at its ends.
    fn elevated_road(&mut self) {
        let y_m = 0.5 * (self.rows_m[ELEVATED] + self.rows_m[ELEVATED + 1]);
        let (first, last) = (
            self.crossings[&(0, ELEVATED, 1)],
            self.crossings[&(COLUMNS - 1, ELEVATED, 1)],
        );
        let (west_m, east_m) = (self.columns_m[0], self.columns_m[COLUMNS - 1]);
        let mut nodes = vec![first];
        for i in 0..=12 {
            let x_m = west_m + 30.0 + (east_m - west_m - 60.0) * f64::from(i) / 12.0;
            nodes.push(self.node([x_m, y_m + 12.0 * f64::from(i).sin()]));
        }
        nodes.push(last);
        let tags = [
            ("highway", "primary"),
            ("bridge", "yes"),
            ("layer", "1"),
            ("lanes", "2"),
        ];
        self.way(nodes, &tags);
    }

    /// From crossings into the blocks, some with a bend.
    fn dead_ends(&mut self) {
        for _ in 0..DEAD_ENDS {
            let column = self.rng.random_range(0..COLUMNS);
            let row = self.rng.random_range(0..ROWS);
            if row == DIVIDED || ROUNDABOUTS.contains(&(column, row)) {
                continue;
            }
            let from = self.crossings[&(column, row, 0)];
            let mut angle = self.rng.random_range(0.3..1.2)
                + std::f64::consts::FRAC_PI_2 * f64::from(self.rng.random_range(0..4));
            let mut nodes = vec![from];
            for _ in 0..self.rng.random_range(1..4) {
                let last = self.nodes[nodes[nodes.len() - 1]];
                let step_m = self.rng.random_range(25.0..55.0);
                nodes.push(self.node([
                    last[0] + step_m * angle.cos(),
                    last[1] + step_m * angle.sin(),
                ]));
                angle += self.rng.random_range(-0.9..0.9);
            }
            self.way(nodes, &[("highway", "residential")]);
        }
    }

    fn written(&self, copies: usize) -> String {
        let plane = LocalPlane::at(MIDDLE);
        let mut xml =
            String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<osm version=\"0.6\">\n");
        for copy in 0..copies {
            let [east_deg, north_deg] = copy_offset_deg(copy);
            for (i, xy) in self.nodes.iter().enumerate() {
                let at = plane.unproject(*xy);
                let id = copy * self.nodes.len() + i + 1;
                let (lat, lon) = (at.lat + north_deg, at.lon + east_deg);
                let _ = writeln!(
                    xml,
                    "<node id=\"{id}\" version=\"1\" lat=\"{lat:.7}\" lon=\"{lon:.7}\"/>"
                );
            }
        }
        for copy in 0..copies {
            for (i, way) in self.ways.iter().enumerate() {
                let id = copy * self.ways.len() + i + 1;
                let _ = writeln!(xml, "<way id=\"{id}\" version=\"1\">");
                for node in &way.nodes {
                    let id = copy * self.nodes.len() + node + 1;
                    let _ = writeln!(xml, "<nd ref=\"{id}\"/>");
                }
                for (key, value) in &way.tags {
                    let _ = writeln!(xml, "<tag k=\"{key}\" v=\"{value}\"/>");
                }
                xml.push_str("</way>\n");
            }
        }
        xml.push_str("</osm>\n");
        xml
    }
}
