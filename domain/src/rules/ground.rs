//! The roads of a zone as rules see them: where they are, how long, and when they were cleared.

use crate::geometry::LonLat;
use crate::network::RoadAttributes;
use crate::snow_field::{PlacedSpot, SnowField};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Roads in one cell of this size have the same snow, degrees: about a kilometre.
const CELL_DEG: f64 = 0.01;
/// Clearings are told apart to this, the step of the snow field's curves.
const STEP_S: i64 = 600;
/// Of a road that was never seen to be cleared, the snow of this long is counted: nobody knows more.
const NEVER_CLEARED: SignedDuration = SignedDuration::from_hours(24);

/// One road of a zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroundRoad {
    /// Its middle.
    pub at: LonLat,
    /// Its length in metres.
    pub length_m: f64,
    /// When it was last cleared, of both directions the earlier; `None` where that was never seen.
    pub cleared_at: Option<Timestamp>,
}

/// The roads of a zone that one rule looks at, those of a kilometre's cell together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ZoneGround {
    cells: Vec<Cell>,
    centre: Option<LonLat>,
}

#[derive(Debug, Clone, PartialEq)]
struct Cell {
    at: LonLat,
    /// Length in metres by when it was cleared.
    lengths: Vec<(Option<Timestamp>, f64)>,
}

impl super::Rule {
    /// The roads among these that the rule looks at.
    pub fn ground<'a>(
        &self,
        roads: impl IntoIterator<Item = (&'a RoadAttributes, GroundRoad)>,
    ) -> ZoneGround {
        let own = roads.into_iter().filter(|(road, _)| self.looks_at(road));
        ZoneGround::of(own.map(|(_, road)| road))
    }
}

impl ZoneGround {
    /// Of these roads.
    pub fn of(roads: impl IntoIterator<Item = GroundRoad>) -> Self {
        let mut cells: BTreeMap<(i64, i64), BTreeMap<Option<Timestamp>, f64>> = BTreeMap::new();
        let (mut lon, mut lat, mut whole_m) = (0.0, 0.0, 0.0);
        for road in roads {
            let cell = |degrees: f64| (degrees / CELL_DEG).floor() as i64;
            let key = (cell(road.at.lon), cell(road.at.lat));
            let lengths = cells.entry(key).or_default();
            *lengths.entry(road.cleared_at.map(in_steps)).or_default() += road.length_m;
            lon += road.at.lon * road.length_m;
            lat += road.at.lat * road.length_m;
            whole_m += road.length_m;
        }
        ZoneGround {
            cells: cells
                .into_iter()
                .map(|((x, y), lengths)| Cell {
                    at: LonLat::new((x as f64 + 0.5) * CELL_DEG, (y as f64 + 0.5) * CELL_DEG),
                    lengths: lengths.into_iter().collect(),
                })
                .collect(),
            centre: (whole_m > 0.0).then(|| LonLat::new(lon / whole_m, lat / whole_m)),
        }
    }

    /// Whether the rule has anything to look at here.
    pub fn is_empty(&self) -> bool {
        self.centre.is_none()
    }

    /// The middle of its roads.
    pub fn centre(&self) -> Option<LonLat> {
        self.centre
    }

    /// The places of its cells in a snow field; good as long as [`SnowField::has_stations_of`] holds.
    pub fn place(&self, field: &SnowField) -> Vec<Option<PlacedSpot>> {
        let cells = self.cells.iter();
        cells.map(|cell| field.place(cell.at, None)).collect()
    }

    /// What at least half of its length has, cm, with whatever else `tell` says of it: `tell` is asked of
    /// each cell, by its number, since when. `None` where more than half is unknown.
    pub(super) fn median<T: Copy>(
        &self,
        not_before: Option<Timestamp>,
        now: Timestamp,
        mut tell: impl FnMut(usize, Timestamp) -> Option<(f64, T)>,
    ) -> Option<(f64, T)> {
        let mut told: Vec<(f64, T, f64)> = Vec::new();
        let mut whole_m = 0.0;
        for (number, cell) in self.cells.iter().enumerate() {
            for (cleared_at, length_m) in &cell.lengths {
                let never = now.saturating_sub(NEVER_CLEARED).unwrap_or(now);
                let since = cleared_at.unwrap_or(never);
                let since = not_before.map_or(since, |at| at.max(since));
                whole_m += length_m;
                if let Some((cm, more)) = tell(number, since) {
                    told.push((cm, more, *length_m));
                }
            }
        }
        // The deepest first: the value that half of the length reaches.
        told.sort_by(|a, b| b.0.total_cmp(&a.0));
        let known_m: f64 = told.iter().map(|(_, _, m)| m).sum();
        if known_m < 0.5 * whole_m || told.is_empty() {
            return None;
        }
        let mut reached_m = 0.0;
        let half = told.iter().find(|(_, _, length_m)| {
            reached_m += length_m;
            reached_m >= 0.5 * known_m
        });
        half.or(told.last()).map(|(cm, more, _)| (*cm, *more))
    }
}

fn in_steps(at: Timestamp) -> Timestamp {
    let second = at.as_second().div_euclid(STEP_S) * STEP_S;
    Timestamp::from_second(second).unwrap_or(at)
}
