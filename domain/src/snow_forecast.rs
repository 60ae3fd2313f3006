//! Forecasts of snowfall, and how much new snow they foresee at a place.

use crate::geometry::{BoundingBox, LonLat};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A place is foreseen by the nearest point of the forecast within this distance: five cells of the
/// regional 1 km mesh, or one of the 5 km mesh's neighbours.
const REACH_M: f64 = 5_000.0;

/// Snowfall foreseen at a place in a span of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SnowForecast {
    /// The place's name or mesh code; the key within its feed, with the times.
    pub place: String,
    /// Where it is; the centre of a mesh cell.
    pub at: LonLat,
    /// When the forecast was issued.
    pub issued_at: Timestamp,
    /// Begin of the span.
    pub from: Timestamp,
    /// End of the span.
    pub until: Timestamp,
    /// Snow that falls in the span, cm.
    pub new_snow_cm: f64,
}

/// New snow foreseen at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForeseenSnow {
    /// How much, cm.
    pub new_snow_cm: f64,
    /// When the forecast was issued.
    pub issued_at: Timestamp,
}

/// Forecasts ready to be asked.
#[derive(Debug, Clone, Default)]
pub struct SnowForecasts {
    points: Vec<Point>,
}

#[derive(Debug, Clone)]
struct Point {
    at: LonLat,
    issued_at: Timestamp,
    /// In order, of the newest issue alone.
    spans: Vec<SnowForecast>,
}

impl SnowForecasts {
    /// Of each place the newest issue counts, and in it of each span the last that is given.
    pub fn new(forecasts: impl IntoIterator<Item = SnowForecast>) -> Self {
        let mut by_place: HashMap<String, Vec<SnowForecast>> = HashMap::new();
        for forecast in forecasts {
            by_place
                .entry(forecast.place.clone())
                .or_default()
                .push(forecast);
        }
        let mut points: Vec<Point> = by_place
            .into_values()
            .filter_map(|mut spans| {
                let newest = spans.iter().map(|f| f.issued_at).max()?;
                spans.retain(|f| f.issued_at == newest);
                // Stable: of equal spans the last one given ends up last, and is the one that stays.
                spans.sort_by_key(|f| (f.from, f.until));
                spans.reverse();
                spans.dedup_by_key(|f| (f.from, f.until));
                spans.reverse();
                Some(Point {
                    at: spans.last()?.at,
                    issued_at: newest,
                    spans,
                })
            })
            .collect();
        points.sort_by(|a, b| {
            (a.at.lon, a.at.lat)
                .partial_cmp(&(b.at.lon, b.at.lat))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        SnowForecasts { points }
    }

    /// New snow foreseen at a place between two times, by the nearest point within 5 km. `None` where
    /// no point is near, or where its newest issue leaves part of the time out: what isn't foreseen is
    /// not 0.
    pub fn new_snow(&self, at: LonLat, from: Timestamp, until: Timestamp) -> Option<ForeseenSnow> {
        let reach = BoundingBox::around([at])?.padded_m(REACH_M);
        // They stand in the order of their longitudes.
        let first = (self.points).partition_point(|point| point.at.lon < reach.west);
        let (nearest, _) = self.points[first..]
            .iter()
            .take_while(|point| point.at.lon <= reach.east)
            .filter(|point| (reach.south..=reach.north).contains(&point.at.lat))
            .map(|point| (point, point.at.geodesic_m(at)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .filter(|(_, m)| *m <= REACH_M)?;
        nearest.new_snow(from, until)
    }
}

impl Point {
    fn new_snow(&self, from: Timestamp, until: Timestamp) -> Option<ForeseenSnow> {
        let mut told_until = from;
        let mut new_snow_cm = 0.0;
        for span in &self.spans {
            let (begin, end) = (span.from.max(told_until), span.until.min(until));
            if begin >= end {
                continue;
            }
            if span.from > told_until {
                return None;
            }
            let share = end.duration_since(begin).as_secs_f64()
                / span.until.duration_since(span.from).as_secs_f64();
            new_snow_cm += span.new_snow_cm * share;
            told_until = end;
        }
        (told_until >= until).then_some(ForeseenSnow {
            new_snow_cm,
            issued_at: self.issued_at,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hour(h: i64) -> Timestamp {
        Timestamp::from_second(1_768_400_000 + 3600 * h).unwrap()
    }

    fn forecast(
        place: &str,
        lon: f64,
        issued: i64,
        from: i64,
        until: i64,
        cm: f64,
    ) -> SnowForecast {
        SnowForecast {
            place: place.to_owned(),
            at: LonLat::new(lon, 40.8),
            issued_at: hour(issued),
            from: hour(from),
            until: hour(until),
            new_snow_cm: cm,
        }
    }

    fn at(lon: f64) -> LonLat {
        LonLat::new(lon, 40.8)
    }

    #[test]
    fn spans_are_added_up_and_cut_at_both_ends() {
        let forecasts = SnowForecasts::new([
            forecast("a", 140.7, 0, 6, 9, 9.0),
            forecast("a", 140.7, 0, 0, 3, 3.0),
            forecast("a", 140.7, 0, 3, 6, 6.0),
        ]);
        let snow = forecasts.new_snow(at(140.71), hour(1), hour(7)).unwrap();
        assert!((snow.new_snow_cm - (2.0 + 6.0 + 3.0)).abs() < 1e-9);
        assert_eq!(snow.issued_at, hour(0));
    }

    #[test]
    fn what_is_not_foreseen_is_not_nothing() {
        let gap = [
            forecast("a", 140.7, 0, 0, 3, 3.0),
            forecast("a", 140.7, 0, 4, 9, 6.0),
        ];
        let forecasts = SnowForecasts::new(gap);
        assert_eq!(
            forecasts.new_snow(at(140.7), hour(0), hour(5)),
            None,
            "a gap"
        );
        assert_eq!(
            forecasts.new_snow(at(140.7), hour(5), hour(10)),
            None,
            "past the end"
        );
        assert_eq!(
            forecasts.new_snow(at(140.9), hour(0), hour(2)),
            None,
            "too far"
        );
        assert!(forecasts.new_snow(at(140.7), hour(4), hour(9)).is_some());
        assert_eq!(
            SnowForecasts::default().new_snow(at(140.7), hour(0), hour(1)),
            None
        );
    }

    #[test]
    fn the_newest_issue_counts_and_the_nearest_place() {
        let forecasts = SnowForecasts::new([
            forecast("a", 140.70, 0, 0, 12, 12.0),
            forecast("a", 140.70, 1, 1, 12, 22.0),
            forecast("b", 140.74, 0, 0, 12, 0.0),
        ]);
        let snow = |lon| forecasts.new_snow(at(lon), hour(1), hour(12));
        assert_eq!(snow(140.70).map(|s| s.new_snow_cm), Some(22.0));
        assert_eq!(snow(140.75).map(|s| s.new_snow_cm), Some(0.0));
    }

    proptest! {
        #[test]
        fn two_halves_are_the_whole(
            snow in prop::collection::vec(0.0..9.0_f64, 12), cut in 1i64..11
        ) {
            let spans = snow.iter().enumerate()
                .map(|(i, cm)| forecast("a", 140.7, 0, i as i64, i as i64 + 1, *cm));
            let forecasts = SnowForecasts::new(spans);
            let cm = |from, until| {
                forecasts.new_snow(at(140.7), hour(from), hour(until)).map(|s| s.new_snow_cm)
            };
            let whole = cm(0, 12).unwrap();
            prop_assert!((whole - cm(0, cut).unwrap() - cm(cut, 12).unwrap()).abs() < 1e-9);
        }
    }
}
