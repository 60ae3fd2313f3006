//! Road maps drawn in ASCII, for tests (after Valhalla's *gurka*).
//!
//! ```text
//! A--1--B-----C      a letter or digit is a place; everything else is decoration
//!       |
//!       D
//! ```
//!
//! A column and a row are each one grid width. Letters usually name the nodes of ways, digits the
//! places where a plow is seen, but any letter or digit may be either. Ways are named by the nodes
//! that they run through: `"ABC"` is one way with three nodes. They get the ids 1, 2, 3 … in the
//! order in which they are given, and share nodes as OSM's ways do.

use crate::geometry::{LocalPlane, LonLat};
use crate::network::{
    DirectedSegment, Joins, NodeKey, Oneway, RoadAttributes, RoadId, RoadNetwork, RoadSource,
    RouteLine, RouteLineKind, SourceWay, build,
};
use crate::road_manager::ManagerLevel;
use crate::work::Direction;
use std::collections::BTreeMap;

/// Where the drawing's top left corner lies: in Aomori.
const ORIGIN: LonLat = LonLat::new(140.74, 40.82);

/// A way: its nodes, and its tags named as in OSM (`highway` is `residential` when left out).
pub(crate) type Way<'a> = (&'a str, &'a [(&'a str, &'a str)]);

/// A drawing that was read.
#[derive(Debug, Clone)]
pub(crate) struct AsciiMap {
    places: BTreeMap<char, LonLat>,
}

/// Reads a drawing whose characters stand `grid_m` metres apart.
pub(crate) fn parse(map: &str, grid_m: f64) -> AsciiMap {
    let plane = LocalPlane::at(ORIGIN);
    let mut places = BTreeMap::new();
    for (row, text) in map.lines().enumerate() {
        for (column, c) in text.chars().enumerate() {
            if c.is_ascii_alphanumeric() {
                let at = plane.unproject([column as f64 * grid_m, row as f64 * -grid_m]);
                let earlier = places.insert(c, at);
                assert!(earlier.is_none(), "{c} is drawn twice");
            }
        }
    }
    AsciiMap { places }
}

/// The network of ways on a drawing; see [`AsciiMap`] for its places.
pub(crate) fn network_of(map: &str, grid_m: f64, ways: &[Way<'_>]) -> RoadNetwork {
    parse(map, grid_m).network(ways)
}

impl AsciiMap {
    /// The position of a letter or digit.
    pub(crate) fn at(&self, place: char) -> LonLat {
        let found = self.places.get(&place);
        *found.unwrap_or_else(|| panic!("{place} is not on the map"))
    }

    /// Whether a letter or digit is drawn.
    pub(crate) fn has(&self, place: char) -> bool {
        self.places.contains_key(&place)
    }

    /// The position that many metres east and north of a letter or digit.
    pub(crate) fn beside(&self, place: char, east_m: f64, north_m: f64) -> LonLat {
        LocalPlane::at(self.at(place)).unproject([east_m, north_m])
    }

    /// The line through the places.
    pub(crate) fn line(&self, places: &str) -> Vec<LonLat> {
        places.chars().map(|c| self.at(c)).collect()
    }

    /// The ways as an OSM file would give them.
    pub(crate) fn source(&self, ways: &[Way<'_>]) -> RoadSource {
        let ways = ways.iter().enumerate().map(|(i, (nodes, tags))| SourceWay {
            road_id: RoadId::Number(i as i64 + 1),
            nodes: nodes
                .chars()
                .map(|c| NodeKey::Osm(i64::from(u32::from(c))))
                .collect(),
            line: self.line(nodes),
            joins: Joins::AtSharedNodes,
            attributes: attributes(tags),
            position: i as u64,
        });
        RoadSource {
            name: "drawing.osm".to_owned(),
            ways: ways.collect(),
            ..RoadSource::default()
        }
    }

    /// The network of ways on this map.
    pub(crate) fn network(&self, ways: &[Way<'_>]) -> RoadNetwork {
        match build(vec![self.source(ways)], 15.0) {
            Ok((network, _)) => network,
            Err(e) => panic!("{e}"),
        }
    }

    /// A manager's route line through the places, with the id 100 + its number in the file.
    pub(crate) fn route_line(&self, number: u64, places: &str, kind: RouteLineKind) -> RouteLine {
        RouteLine {
            road_id: RoadId::Number(100 + number as i64),
            kind,
            melting: false,
            attributes: RoadAttributes {
                class: "unclassified".to_owned(),
                ..RoadAttributes::default()
            },
            line: self.line(places),
            position: number,
        }
    }

    /// The one segment between two places, as it is drawn from the first to the second.
    ///
    /// `"AB"` finds it by its ends; longer names find the one that runs through all the places.
    pub(crate) fn directed(&self, network: &RoadNetwork, places: &str) -> DirectedSegment {
        let wanted = self.line(places);
        let (first, last) = (wanted[0], wanted[wanted.len() - 1]);
        let runs = |line: &[LonLat]| {
            same_place(line[0], first)
                && same_place(line[line.len() - 1], last)
                && (wanted.len() == 2
                    || (line.len() == wanted.len()
                        && line.iter().zip(&wanted).all(|(a, b)| same_place(*a, *b))))
        };
        let mut found = Vec::new();
        for segment in 0..network.segments().len() as u32 {
            let mut line = network.line(segment).to_vec();
            if runs(&line) {
                found.push(DirectedSegment::new(segment, Direction::Forward));
                continue;
            }
            line.reverse();
            if runs(&line) {
                found.push(DirectedSegment::new(segment, Direction::Backward));
            }
        }
        assert_eq!(found.len(), 1, "segments {places}: {found:?}");
        found[0]
    }

    /// The index of the one segment between two places, whichever way its line runs.
    pub(crate) fn segment(&self, network: &RoadNetwork, places: &str) -> u32 {
        self.directed(network, places).segment()
    }
}

/// Equal but for rounding: within a millimetre.
fn same_place(a: LonLat, b: LonLat) -> bool {
    (a.lon - b.lon).abs() < 1e-8 && (a.lat - b.lat).abs() < 1e-8
}

/// Attributes by OSM's tags; an unknown key is an error in the test.
fn attributes(tags: &[(&str, &str)]) -> RoadAttributes {
    let mut attributes = RoadAttributes {
        class: "residential".to_owned(),
        ..RoadAttributes::default()
    };
    for (key, value) in tags {
        match *key {
            "highway" => attributes.class = (*value).to_owned(),
            "oneway" => attributes.oneway = Oneway::parse(value),
            "name" => attributes.name = Some((*value).to_owned()),
            "ref" => attributes.reference = Some((*value).to_owned()),
            "lanes" => attributes.lanes = value.parse().ok(),
            "width" => attributes.width_m = value.parse().ok(),
            "maxspeed" => attributes.maxspeed_kmh = value.parse().ok(),
            "bridge" => attributes.bridge = *value == "yes",
            "tunnel" => attributes.tunnel = *value == "yes",
            "layer" => attributes.layer = value.parse().unwrap_or_default(),
            "manager_level" => {
                attributes.manager_level = ManagerLevel::parse(value).unwrap_or_default();
            }
            "manager" => attributes.manager = Some((*value).to_owned()),
            _ => panic!("tag {key} is not known to the drawing"),
        }
    }
    attributes
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = "
        A--1--B-----C
              |
              D
    ";

    #[test]
    fn a_drawing_becomes_a_network() {
        let map = parse(MAP, 10.0);
        let network = network_of(MAP, 10.0, &[("ABC", &[("oneway", "yes")]), ("BD", &[])]);
        assert_eq!(network.segments().len(), 3);
        let ab = map.segment(&network, "AB");
        assert!((network.segments()[ab as usize].length_m - 60.0).abs() < 0.05);
        assert_eq!(
            map.directed(&network, "AB"),
            map.directed(&network, "BA").reverse()
        );
        assert!(!network.is_open(map.directed(&network, "CB")));
        assert_eq!(
            network.road(map.segment(&network, "DB")).id,
            RoadId::Number(2)
        );
        assert!((map.at('1').geodesic_m(map.at('A')) - 30.0).abs() < 0.01);
        assert!((map.beside('1', 3.0, 4.0).geodesic_m(map.at('1')) - 5.0).abs() < 0.01);
    }
}
