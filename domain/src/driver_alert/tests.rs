use super::*;
use crate::ascii_map::{self, AsciiMap};
use crate::geometry::LonLat;
use crate::journey::NoJourney;
use crate::network::RoadNetwork;
use crate::status::{SegmentStatus, State, StatusChange, StatusColumns, StatusTable};
use jiff::Timestamp;
use jiff::civil::time;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    format!("{text}+09:00").parse().unwrap()
}

#[test]
fn departures_are_on_the_chosen_days() {
    let weekdays = Schedule {
        departure: time(7, 0, 0, 0),
        days: [true, true, true, true, true, false, false],
    };
    let cases = [
        // 2026-01-12 is a Monday.
        ("2026-01-12T06:59:59", Some("2026-01-12T07:00:00")),
        ("2026-01-12T07:00:00", Some("2026-01-13T07:00:00")),
        ("2026-01-16T12:00:00", Some("2026-01-19T07:00:00")),
        ("2026-01-17T00:00:00", Some("2026-01-19T07:00:00")),
    ];
    for (after, expected) in cases {
        assert_eq!(weekdays.next_after(at(after)), expected.map(at), "{after}");
    }
    let mondays = Schedule {
        days: [true, false, false, false, false, false, false],
        ..weekdays.clone()
    };
    assert_eq!(
        mondays.next_after(at("2026-01-12T07:00:00")),
        Some(at("2026-01-19T07:00:00"))
    );
    let never = Schedule {
        days: [false; 7],
        ..weekdays
    };
    assert_eq!(never.next_after(at("2026-01-12T07:00:00")), None);
}

#[test]
fn quiet_hours_may_run_over_midnight() {
    let cases = [
        ((22, 6), "2026-01-12T22:00:00", true),
        ((22, 6), "2026-01-13T05:59:59", true),
        ((22, 6), "2026-01-13T06:00:00", false),
        ((1, 5), "2026-01-13T03:00:00", true),
        ((1, 5), "2026-01-13T23:00:00", false),
        ((5, 5), "2026-01-13T05:00:00", false),
    ];
    for ((from, until), when, expected) in cases {
        let quiet = QuietHours {
            from: time(from, 0, 0, 0),
            until: time(until, 0, 0, 0),
        };
        assert_eq!(
            quiet.hold(at(when)),
            expected,
            "{from} to {until} at {when}"
        );
    }
}

const MAP: &str = "
A-----B-----C
|           |
D-----------E
";

fn town(states: [State; 3]) -> (AsciiMap, RoadNetwork, StatusColumns) {
    let map = ascii_map::parse(MAP, 100.0);
    let network = map.network(&[
        ("AB", &[("highway", "trunk"), ("name", "国道7号")]),
        ("BC", &[("highway", "trunk"), ("name", "国道7号")]),
        ("ADEC", &[("name", "裏通り")]),
    ]);
    let mut columns = StatusColumns::new(3);
    for (i, (ends, state)) in ["AB", "BC", "ADEC"].iter().zip(states).enumerate() {
        let cleared_min = if state == State::Cleared {
            1000 + i as u32
        } else {
            0
        };
        columns.set(StatusChange {
            segment: map.directed(&network, ends).segment(),
            status: SegmentStatus {
                cleared_fwd_min: cleared_min,
                cleared_rev_min: cleared_min,
                status: 11 * state.code(),
            },
            sequence: 1 + i as i64,
        });
    }
    (map, network, columns)
}

#[test]
fn ways_and_areas_are_summed_up_by_what_matters_most() {
    use Finding::{Clear, Detour, NotCleared, Shut, Unknown};
    use State::{Cleared, Closed, Melting, NoData, OffPlan, Uncleared, Unconfirmed, Working};
    // States of AB, BC and the way round; what is found of the way from A to C, and of the area.
    let cases = [
        ([Cleared, Cleared, NoData], Clear, Unknown),
        ([Cleared, Melting, Cleared], Clear, Clear),
        ([Working, Cleared, Cleared], NotCleared, NotCleared),
        ([Cleared, Uncleared, NoData], NotCleared, NotCleared),
        ([Cleared, OffPlan, Cleared], NotCleared, NotCleared),
        ([Unconfirmed, Cleared, Uncleared], Unknown, NotCleared),
        ([NoData, Uncleared, Cleared], NotCleared, NotCleared),
        ([Cleared, Closed, Cleared], Detour, Detour),
        ([Closed, Closed, Closed], Shut, Shut),
    ];
    for (states, way, area) in cases {
        let (map, network, columns) = town(states);
        let everywhere = network.bounds().unwrap();
        assert_eq!(
            of_area(&network, &columns, &everywhere).finding,
            area,
            "{states:?}"
        );
        let table = StatusTable::new(columns);
        let found = of_way(&network, &table, &[map.at('A'), map.at('C')]).unwrap();
        assert_eq!(found.finding, way, "{states:?}: {found:?}");
    }
    let (map, network, columns) = town([Cleared, Closed, Uncleared]);
    let table = StatusTable::new(columns);
    let found = of_way(&network, &table, &[map.at('A'), map.at('C')]).unwrap();
    assert_eq!(found.closed, ["国道7号"]);
    assert!(
        (found.not_cleared_m - 1600.0).abs() < 5.0 && found.unknown_m == 0.0,
        "{found:?}"
    );
    let sea = LonLat::new(140.0, 41.2);
    let nowhere = of_way(&network, &table, &[map.at('A'), sea]);
    assert_eq!(nowhere, Err(NoJourney::OffRoad { place: 1 }));
}

#[test]
fn nothing_known_is_never_clear() {
    let (map, network, columns) = town([State::Cleared; 3]);
    let elsewhere = crate::geometry::BoundingBox {
        west: 1.0,
        south: 1.0,
        east: 2.0,
        north: 2.0,
    };
    assert_eq!(
        of_area(&network, &columns, &elsewhere).finding,
        Finding::Unknown
    );
    assert_eq!(Summary::unknown().finding, Finding::Unknown);
    let table = StatusTable::new(columns);
    let found = of_way(&network, &table, &[map.at('A'), map.at('C')]).unwrap();
    assert_eq!(
        found.cleared_at,
        Timestamp::from_second(1000 * 60).ok(),
        "the oldest counts"
    );
}

proptest! {
    /// The next departure is after the moment, within a week, at the time and on a day that was chosen.
    #[test]
    fn the_next_departure_is_the_next(second in 1_760_000_000i64..1_790_000_000, hour in 0i8..24, days in any::<[bool; 7]>()) {
        let schedule = Schedule { departure: time(hour, 30, 0, 0), days };
        let after = Timestamp::from_second(second).unwrap();
        match schedule.next_after(after) {
            None => prop_assert!(days == [false; 7]),
            Some(next) => {
                let local = jiff::tz::offset(9).to_datetime(next);
                prop_assert!(next > after && next.as_second() - second <= 7 * 86_400);
                prop_assert_eq!(local.time(), schedule.departure);
                prop_assert!(days[local.date().weekday().to_monday_zero_offset() as usize]);
            }
        }
    }
}
