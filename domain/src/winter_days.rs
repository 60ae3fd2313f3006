//! How often a rule on a day's snow would have called out, winter by winter.

use crate::observation::QualityFlag;
use crate::quality::Reading;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Months in which a day without a value is missed; from July to June is one winter.
const SEASON: [i8; 6] = [11, 12, 1, 2, 3, 4];

/// One winter, named by the year in which it begins.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WinterDays {
    /// Days with a snowfall that passed.
    pub told: u32,
    /// Days on which that was the threshold or more.
    pub raised: u32,
    /// Days without one on which the depth rose by the threshold or more since the day before.
    pub raised_by_depth: u32,
    /// Days from November to April that tell neither: for a person to judge, and no 0.
    pub unknown: u32,
    /// Days whose values quality control doubts or fails.
    pub doubted: u32,
    /// Most snow in a day, cm.
    pub most_cm: Option<f64>,
    /// Greatest depth, cm.
    pub deepest_cm: Option<f64>,
}

/// Counts the days of each winter from the first to the last day told. Readings are one a day, with the
/// flags of quality control; times count as days of `zone`.
pub fn winter_days(
    snowfalls: &[Reading],
    depths: &[Reading],
    threshold_cm: f64,
    zone: &TimeZone,
) -> BTreeMap<i16, WinterDays> {
    let (fell, lay) = (by_day(snowfalls, zone), by_day(depths, zone));
    let mut winters: BTreeMap<i16, WinterDays> = BTreeMap::new();
    let days = || fell.keys().chain(lay.keys());
    let (Some(first), Some(last)) = (days().min(), days().max()) else {
        return winters;
    };
    let mut day = *first;
    while day <= *last {
        let winter = winters.entry(winter_of(day)).or_default();
        let passed = |of: &BTreeMap<Date, &Reading>, day: Date| {
            let reading = of.get(&day).filter(|r| r.flag == QualityFlag::Pass)?;
            reading.value
        };
        let (fallen, depth) = (passed(&fell, day), passed(&lay, day));
        let rise = day
            .yesterday()
            .ok()
            .and_then(|before| Some(depth? - passed(&lay, before)?));
        let doubted = |of: &BTreeMap<Date, &Reading>| {
            let flag = of.get(&day).map(|r| r.flag);
            matches!(flag, Some(QualityFlag::Suspect | QualityFlag::Fail))
        };
        winter.doubted += u32::from(doubted(&fell) || doubted(&lay));
        winter.deepest_cm = most(winter.deepest_cm, depth);
        winter.most_cm = most(winter.most_cm, fallen);
        match (fallen, rise) {
            (Some(cm), _) => {
                winter.told += 1;
                winter.raised += u32::from(cm >= threshold_cm);
            }
            (None, Some(cm)) if cm >= threshold_cm => winter.raised_by_depth += 1,
            (None, _) => winter.unknown += u32::from(SEASON.contains(&day.month())),
        }
        let Ok(next) = day.tomorrow() else {
            break;
        };
        day = next;
    }
    winters
}

fn by_day<'a>(readings: &'a [Reading], zone: &TimeZone) -> BTreeMap<Date, &'a Reading> {
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    readings.iter().map(|r| (day(r.observed_at), r)).collect()
}

fn winter_of(day: Date) -> i16 {
    day.year() - i16::from(day.month() < 7)
}

fn most(so_far: Option<f64>, value: Option<f64>) -> Option<f64> {
    so_far.into_iter().chain(value).max_by(f64::total_cmp)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn readings(values: &[(Date, Option<f64>)]) -> Vec<Reading> {
        values
            .iter()
            .map(|(day, value)| Reading {
                observed_at: day
                    .at(23, 59, 59, 0)
                    .to_zoned(TimeZone::UTC)
                    .unwrap()
                    .timestamp(),
                value: *value,
                flag: match value {
                    None => QualityFlag::Missing,
                    Some(cm) if *cm < 0.0 => QualityFlag::Fail,
                    Some(_) => QualityFlag::Pass,
                },
                reason: String::new(),
            })
            .collect()
    }

    #[test]
    fn a_missing_day_is_unknown_and_never_a_day_without_snow() {
        let fell = readings(&[
            (date(2025, 6, 30), None),
            (date(2025, 11, 28), Some(12.0)),
            (date(2025, 11, 29), Some(9.9)),
            (date(2025, 11, 30), None),
            (date(2025, 12, 1), None),
            (date(2025, 12, 2), Some(-999.0)),
            (date(2025, 12, 4), Some(10.0)),
        ]);
        let lay = readings(&[
            (date(2025, 11, 29), Some(20.0)),
            (date(2025, 11, 30), Some(35.0)),
            (date(2025, 12, 1), Some(36.0)),
        ]);
        let found = winter_days(&fell, &lay, 10.0, &TimeZone::UTC);
        let winter = found[&2025];
        assert_eq!(
            (winter.told, winter.raised, winter.raised_by_depth),
            (3, 2, 1)
        );
        // 1 to 27 November, 1 December, the failed one, and the one that is in no table.
        assert_eq!((winter.unknown, winter.doubted), (27 + 1 + 1 + 1, 1));
        assert_eq!(
            (winter.most_cm, winter.deepest_cm),
            (Some(12.0), Some(36.0))
        );
        assert_eq!(found[&2024], WinterDays::default(), "June is out of season");
        assert_eq!(winter_days(&[], &[], 10.0, &TimeZone::UTC).len(), 0);
    }
}
