//! What holds for every match, on random networks and random traces.

use super::*;
use crate::network::{
    Joins, NodeKey, Oneway, RoadAttributes, RoadId, RoadSource, SourceWay, build,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A town of blocks, some streets of it missing and some one-way.
#[derive(Debug, Clone)]
pub(super) struct Town {
    pub columns: u32,
    pub rows: u32,
    pub block_m: [f64; 2],
    /// What becomes of each street: 0 missing, 1 and 2 one-way, else both ways.
    pub streets: Vec<u8>,
}

pub(super) fn towns() -> impl Strategy<Value = Town> {
    (2u32..6, 2u32..5, 40.0..160.0f64, 40.0..160.0f64).prop_flat_map(
        |(columns, rows, east_m, north_m)| {
            let streets = (columns * rows * 2) as usize;
            prop::collection::vec(0u8..12, streets).prop_map(move |streets| Town {
                columns,
                rows,
                block_m: [east_m, north_m],
                streets,
            })
        },
    )
}

impl Town {
    fn crossing(&self, column: u32, row: u32) -> LonLat {
        let [x, y] = self.block_m;
        // Not quite square, so that no two ways are equally long.
        let skew = f64::from((column * 7 + row * 13) % 5);
        moved(
            LonLat::new(140.74, 40.82),
            f64::from(column) * x + skew,
            f64::from(row) * y - skew,
        )
    }

    pub(super) fn network(&self) -> RoadNetwork {
        let mut ways = Vec::new();
        let key = |c: u32, r: u32| NodeKey::Osm(i64::from(c + 100 * r));
        for row in 0..self.rows {
            for column in 0..self.columns {
                for (kind, to) in [(column + 1, row), (column, row + 1)]
                    .into_iter()
                    .enumerate()
                {
                    let street = self.streets[((row * self.columns + column) * 2) as usize + kind];
                    if to.0 >= self.columns || to.1 >= self.rows || street == 0 {
                        continue;
                    }
                    ways.push(SourceWay {
                        road_id: RoadId::Number(ways.len() as i64),
                        nodes: vec![key(column, row), key(to.0, to.1)],
                        line: vec![self.crossing(column, row), self.crossing(to.0, to.1)],
                        joins: Joins::AtSharedNodes,
                        attributes: RoadAttributes {
                            class: "residential".to_owned(),
                            oneway: match street {
                                1 => Oneway::Forward,
                                2 => Oneway::Backward,
                                _ => Oneway::No,
                            },
                            ..RoadAttributes::default()
                        },
                        position: ways.len() as u64,
                    });
                }
            }
        }
        let source = RoadSource {
            name: "town.osm".to_owned(),
            ways,
            ..RoadSource::default()
        };
        build(vec![source], 15.0).unwrap().0
    }
}

/// A drive over a network, by what is decided at each corner, and what is heard of it.
#[derive(Debug, Clone)]
pub(super) struct Drive {
    pub start: u32,
    pub choices: Vec<u8>,
    pub every_s: u8,
    pub noise_m: f64,
    /// For each fix in turn: its error east and north, −1 … 1, and whether it is lost.
    pub errors: Vec<(f64, f64, u8)>,
    /// Fixes that come twice, change the work, or are wild.
    pub odd: u8,
}

pub(super) fn drives(noise_m: f64, every_s: u8) -> impl Strategy<Value = Drive> {
    (
        any::<u32>(),
        prop::collection::vec(any::<u8>(), 1..25),
        1..=every_s,
        0.0..=noise_m,
        prop::collection::vec((-1.0..1.0f64, -1.0..1.0f64, any::<u8>()), 5..60),
        any::<u8>(),
    )
        .prop_map(|(start, choices, every_s, noise_m, errors, odd)| Drive {
            start,
            choices,
            every_s,
            noise_m,
            errors,
            odd,
        })
}

impl Drive {
    /// The directed segments driven, turning round now and then.
    fn way(&self, network: &RoadNetwork) -> Vec<DirectedSegment> {
        let open: Vec<DirectedSegment> = (0..network.segments().len() as u32)
            .flat_map(|s| Direction::BOTH.map(|d| DirectedSegment::new(s, d)))
            .filter(|d| network.is_open(*d))
            .collect();
        let mut way = vec![open[self.start as usize % open.len()]];
        for choice in &self.choices {
            let last = way[way.len() - 1];
            let exits = network.leaving(network.head(last));
            let onward: Vec<_> = exits.iter().filter(|e| **e != last.reverse()).collect();
            let choice = usize::from(*choice);
            if !onward.is_empty() && !choice.is_multiple_of(10) {
                way.push(*onward[choice % onward.len()]);
            } else if exits.contains(&last.reverse()) {
                way.push(last.reverse());
            } else {
                break;
            }
        }
        way
    }

    pub(super) fn fixes(&self, network: &RoadNetwork) -> Vec<PlowFix> {
        let mut fixes: Vec<PlowFix> = Vec::new();
        let (mut begun_m, mut number) = (0.0, 0usize);
        let step_m = f64::from(self.every_s) * SPEED;
        for directed in self.way(network) {
            let length_m = network.segments()[directed.segment() as usize].length_m;
            while number as f64 * step_m <= begun_m + length_m {
                let along_m = number as f64 * step_m - begun_m;
                let at_m = match directed.direction() {
                    Direction::Forward => along_m,
                    Direction::Backward => length_m - along_m,
                };
                let (east, north, luck) = self.errors[number % self.errors.len()];
                let wild = if self.odd % 4 == 3 && luck < 6 {
                    20.0
                } else {
                    1.0
                };
                let at = moved(
                    network.position(directed.segment(), at_m),
                    wild * self.noise_m * east,
                    wild * self.noise_m * north,
                );
                let seconds = number as f64 * f64::from(self.every_s);
                let silent = self.odd % 3 == 1 && luck > 200;
                if !silent {
                    let mut fix = fix(seconds, at);
                    if self.odd % 5 == 2 && luck % 7 == 0 {
                        fix.work = Some(WorkKind::Transit);
                    }
                    if self.odd % 7 == 4 && luck % 11 == 0 {
                        fixes.push(fix.clone());
                    }
                    fixes.push(fix);
                }
                number += 1;
            }
            begun_m += length_m;
        }
        fixes
    }
}

/// Where a span begins and ends in the direction of travel.
fn ends(network: &RoadNetwork, span: &MatchedSpan) -> [LonLat; 2] {
    let [low, high] = [span.from_m, span.to_m].map(|m| network.position(span.segment, m));
    match span.direction {
        Direction::Forward => [low, high],
        Direction::Backward => [high, low],
    }
}

fn check(network: &RoadNetwork, fixes: &[PlowFix], spans: &[MatchedSpan]) {
    for span in spans {
        let length_m = network.segments()[span.segment as usize].length_m;
        assert!(0.0 <= span.from_m && span.from_m <= span.to_m && span.to_m <= length_m);
        assert!(span.entered_at <= span.left_at, "{span:?}");
        assert!(!span.doubtful || span.inferred, "{span:?}");
        let (first, last) = (span.fixes.0 as usize, span.fixes.1 as usize);
        assert!(first <= last && last < fixes.len());
        let (from, to) = (fixes[first].observed_at, fixes[last].observed_at);
        if span.inferred {
            assert!(from <= span.entered_at && span.left_at <= to, "{span:?}");
        } else {
            assert!(span.entered_at <= from && to <= span.left_at, "{span:?}");
        }
    }
    let traces = split_traces(fixes, &MatchParams::default());
    for pair in spans.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        assert!(b.entered_at >= a.left_at, "{a:?} {b:?}");
        assert!(
            b.fixes.0 >= a.fixes.0 && b.fixes.1 >= a.fixes.1,
            "{a:?} {b:?}"
        );
        // Where no time passes between them, the way goes on from where it was, but for what is
        // left out at a junction's mouth.
        if b.entered_at == a.left_at {
            let apart_m = ends(network, a)[1].geodesic_m(ends(network, b)[0]);
            assert!(apart_m < 1.1, "{apart_m} m between {a:?} {b:?}");
            let between = a.fixes.1 + 1..b.fixes.0;
            let rows = traces.iter().flat_map(|trace| &trace.rows);
            let left_out = rows.filter(|row| between.contains(row)).count();
            assert_eq!(left_out, 0, "{a:?} {b:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn spans_are_a_way_that_could_be_driven(town in towns(), drive in drives(15.0, 30)) {
        let network = town.network();
        prop_assume!(!network.segments().is_empty());
        let fixes = drive.fixes(&network);
        let spans = match_vehicle(&network, &fixes, &MatchParams::default());
        check(&network, &fixes, &spans);
        let again = match_vehicle(&network, &fixes, &MatchParams::default());
        prop_assert_eq!(spans, again, "not deterministic");
    }

    #[test]
    fn no_trace_makes_it_panic(
        town in towns(),
        fixes in prop::collection::vec(
            (0.0..1200.0f64, -300.0..900.0f64, -300.0..900.0f64, prop::option::of(-720.0..720.0f64)),
            0..40,
        ),
    ) {
        let network = town.network();
        let mut fixes: Vec<PlowFix> = fixes
            .into_iter()
            .map(|(seconds, east_m, north_m, heading_deg)| PlowFix {
                heading_deg,
                ..fix(seconds, moved(LonLat::new(140.74, 40.82), east_m, north_m))
            })
            .collect();
        fixes.sort_by_key(|fix| fix.observed_at);
        let spans = match_vehicle(&network, &fixes, &MatchParams::default());
        check(&network, &fixes, &spans);
    }

    #[test]
    fn without_noise_the_way_is_found(town in towns(), drive in drives(0.0, 3)) {
        let network = town.network();
        prop_assume!(!network.segments().is_empty());
        let drive = Drive { odd: 0, ..drive };
        let fixes = drive.fixes(&network);
        let seen: BTreeSet<DirectedSegment> =
            match_vehicle(&network, &fixes, &MatchParams::default())
                .iter()
                .filter(|span| span.length_m() > 30.0)
                .map(|span| DirectedSegment::new(span.segment, span.direction))
                .collect();
        let driven: BTreeSet<DirectedSegment> = drive.way(&network).into_iter().collect();
        prop_assert!(seen.is_subset(&driven), "seen {seen:?}, driven {driven:?}");
    }
}
