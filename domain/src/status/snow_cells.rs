//! New snow of every segment of a network, by cells of a kilometre.
//!
//! Ten million segments lie in a few hundred thousand cells; the stations around a cell are weighed once,
//! and again only when another set of stations tells.

use super::DirectionSnow;
use crate::geometry::LonLat;
use crate::network::RoadNetwork;
use crate::snow_field::{PlacedSpot, SnowField};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;

/// Size of a cell in degrees: about a kilometre each way in Japan.
const CELL_LON_DEG: f64 = 0.0125;
const CELL_LAT_DEG: f64 = 0.01;
/// For a road that was never cleared, snow is counted this far back.
const NEVER_CLEARED_COUNTS: SignedDuration = SignedDuration::from_hours(72);

/// The cells of a network under a field.
#[derive(Debug, Default)]
pub struct SnowCells {
    /// Cell by segment.
    of: Vec<u32>,
    centres: Vec<LonLat>,
    cells: Vec<Cell>,
    field: Option<Arc<SnowField>>,
}

/// A cell; both `None` where no station is near.
#[derive(Debug, Clone, Default)]
struct Cell {
    place: Option<PlacedSpot>,
    /// New snow of roads that were never cleared.
    never_cleared: Option<DirectionSnow>,
}

/// The centre of the cell in which a place lies.
pub fn snow_cell_centre(at: LonLat) -> LonLat {
    let [x, y] = cell_of(at);
    LonLat::new(
        (f64::from(x) + 0.5) * CELL_LON_DEG,
        (f64::from(y) + 0.5) * CELL_LAT_DEG,
    )
}

/// Where a segment's snow is asked for: by the vertex in its middle.
pub fn snow_place(line: &[LonLat]) -> Option<LonLat> {
    line.get(line.len() / 2).copied().map(snow_cell_centre)
}

fn cell_of(at: LonLat) -> [i32; 2] {
    [
        (at.lon / CELL_LON_DEG).floor() as i32,
        (at.lat / CELL_LAT_DEG).floor() as i32,
    ]
}

impl SnowCells {
    /// The cells of a network, of which nothing is known as yet.
    pub fn new(network: &RoadNetwork) -> Self {
        let mut cells = SnowCells::default();
        let mut known: HashMap<[i32; 2], u32> = HashMap::new();
        for segment in 0..network.segments().len() as u32 {
            let line = network.line(segment);
            let middle = line.get(line.len() / 2).copied();
            let centre = middle.unwrap_or(LonLat::new(0.0, 0.0));
            let next = cells.centres.len() as u32;
            let cell = *known.entry(cell_of(centre)).or_insert(next);
            if cell == next {
                cells.centres.push(snow_cell_centre(centre));
            }
            cells.of.push(cell);
        }
        cells.cells = vec![Cell::default(); cells.centres.len()];
        cells
    }

    /// Shows another field from now on.
    pub fn show(&mut self, field: Arc<SnowField>) {
        let placed_alike = self
            .field
            .as_ref()
            .is_some_and(|before| field.has_stations_of(before));
        let since = field.now().saturating_sub(NEVER_CLEARED_COUNTS);
        let since = since.unwrap_or(Timestamp::MIN);
        for (cell, centre) in self.cells.iter_mut().zip(&self.centres) {
            if !placed_alike {
                cell.place = field.place(*centre, None);
            }
            cell.never_cleared = cell.place.as_ref().and_then(|p| snow(&field, p, since));
        }
        self.field = Some(field);
    }

    /// New snow of a segment since it was cleared; `None` where it is unknown.
    pub fn new_snow(&self, segment: u32, cleared_at: Option<Timestamp>) -> Option<DirectionSnow> {
        let cell = &self.cells[self.of[segment as usize] as usize];
        match cleared_at {
            None => cell.never_cleared,
            Some(at) => snow(self.field.as_ref()?, cell.place.as_ref()?, at),
        }
    }
}

fn snow(field: &SnowField, place: &PlacedSpot, since: Timestamp) -> Option<DirectionSnow> {
    Some(DirectionSnow {
        new_cm: field.new_snow_of(place, since)?.value_cm,
        began_at: field.snowfall_began_at(place),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::ascii_map::network_of;
    use crate::observation::{QualityFlag, Quantity, StationKey};
    use crate::quality::{Reading, StationSeries};
    use crate::snow_field::FieldParams;

    #[test]
    fn segments_of_a_cell_share_its_snow_and_far_ones_are_unknown() {
        let network = network_of("A-----B-----C", 10.0, &[("AB", &[]), ("BC", &[])]);
        let mut cells = SnowCells::new(&network);
        assert_eq!(cells.new_snow(0, None), None);
        let here = network.line(0)[0];
        let start: Timestamp = "2026-01-12T06:00:00+09:00".parse().unwrap();
        let at = |hour: i64| start + SignedDuration::from_hours(hour);
        let field = |lon: f64, hours: i64| {
            let place = LonLat::new(here.lon + lon, here.lat);
            let mut series = StationSeries::new(StationKey::new("f", "s"), Some(place), None);
            for hour in 0..=hours {
                let reading = Reading {
                    observed_at: at(hour),
                    value: Some(40.0 + hour as f64),
                    flag: QualityFlag::Pass,
                    reason: String::new(),
                };
                series.add(Quantity::DepthCm, reading);
            }
            Arc::new(SnowField::new(&[series], at(hours), FieldParams::default()))
        };
        cells.show(field(0.1, 80));
        for segment in 0..2 {
            let cleared = cells.new_snow(segment, Some(at(74))).unwrap();
            assert_eq!(
                (cleared.new_cm.round(), cleared.began_at),
                (6.0, Some(at(0)))
            );
            let never = cells.new_snow(segment, None).unwrap();
            assert_eq!(never.new_cm.round(), 72.0);
        }
        cells.show(field(0.1, 81));
        assert_eq!(cells.new_snow(0, Some(at(74))).unwrap().new_cm.round(), 7.0);
        // A curve that began this morning can't tell three days.
        cells.show(field(0.1, 10));
        assert_eq!(cells.new_snow(0, None), None);
        assert_eq!(cells.new_snow(0, Some(at(8))).unwrap().new_cm.round(), 2.0);
        cells.show(field(2.0, 80));
        assert_eq!(cells.new_snow(0, Some(at(74))), None);
    }
}
