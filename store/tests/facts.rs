//! Every kind of fact: kept once, changed by versions, and seen as it was known at a moment.
#![allow(clippy::unwrap_used)]

mod support;

use domain::closure::{Closure, ClosureKind, DailyWindow};
use domain::geometry::{BoundingBox, LonLat};
use domain::observation::{Observation, QualityFlag, Quantity, Station};
use domain::place::{Place, RouteStretch};
use domain::plan::{Plan, PlanState};
use domain::road_manager::BilingualName;
use domain::work::WorkKind;
use domain::work_log::WorkLogEntry;
use domain::zone_order::{OrderState, ZoneOrder};
use jiff::civil::time;
use jiff::{SignedDuration, Timestamp};
use sqlx::PgPool;
use store::{Facts, ObservationFilter, Store, StoreError};
use support::{at, keep_facts, keep_with, store_with_feeds};

fn station(name: &str) -> Station {
    Station {
        id: "31482".to_owned(),
        name: BilingualName {
            ja: name.to_owned(),
            en: String::new(),
        },
        at: Some(LonLat::new(140.85, 40.65)),
        elevation_m: Some(890.0),
    }
}

fn reading(seconds: i64, quantity: Quantity, value: Option<f64>) -> Observation {
    Observation {
        station_id: "31482".to_owned(),
        observed_at: at(seconds),
        quantity,
        value,
        flag: match value {
            Some(_) => QualityFlag::Pass,
            None => QualityFlag::Missing,
        },
        reason: String::new(),
    }
}

fn newest(seconds: i64) -> ObservationFilter {
    ObservationFilter {
        at: at(seconds),
        within: SignedDuration::from_hours(3),
        feed_id: None,
        station_id: None,
        quantity: None,
        area: None,
        all: false,
        after: None,
        limit: 100,
    }
}

fn on_route(km: f64) -> Place {
    Place {
        route: Some(RouteStretch {
            route: "7".to_owned(),
            from_km: Some(km),
            to_km: Some(km + 1.0),
            ..RouteStretch::default()
        }),
        lines: vec![vec![LonLat::new(140.6, 40.7), LonLat::new(140.602, 40.7)]],
        ..Place::default()
    }
}

fn closure(id: &str, reason: &str) -> Closure {
    Closure {
        id: id.to_owned(),
        kind: ClosureKind::Closed,
        reason: reason.to_owned(),
        since: at(0),
        until: None,
        daily: Some(DailyWindow {
            from: time(20, 0, 0, 0),
            until: time(6, 0, 0, 0),
        }),
        place: on_route(12.3),
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn readings_are_kept_once_and_a_missing_one_is_filled_in(pool: PgPool) {
    let store = store_with_feeds(pool, &["amedas"]).await;
    let facts = |observations: Vec<Observation>| Facts {
        stations: vec![station("酸ケ湯")],
        observations,
        ..Facts::default()
    };
    let depth = reading(0, Quantity::DepthCm, Some(412.0));
    let gap = reading(600, Quantity::DepthCm, None);
    let first = facts(vec![depth.clone(), gap.clone()]);
    assert_eq!(
        keep_facts(&store, "amedas", b"1", &first, &[], at(660))
            .await
            .facts,
        3
    );
    // What is there already, told as news, is to be judged again.
    assert!(outrun(&store, &first, at(720)).await);

    let filled = reading(600, Quantity::DepthCm, Some(413.0));
    let second = facts(vec![filled.clone()]);
    assert_eq!(
        keep_facts(&store, "amedas", b"3", &second, &[], at(780))
            .await
            .facts,
        1
    );
    // A value that is there stays.
    let other = facts(vec![reading(600, Quantity::DepthCm, Some(1.0))]);
    assert!(outrun(&store, &other, at(840)).await);
    let like = store
        .stored_observations_like("amedas", &[gap, depth.clone()])
        .await
        .unwrap();
    assert!(like.len() == 2 && like.contains(&depth) && like.contains(&filled));

    // The newest as known then: at(700) only the first was known beside the gap.
    let seen = store.observations(&newest(700)).await.unwrap();
    assert_eq!(seen[0].observation.value, Some(412.0));
    let seen = store.observations(&newest(900)).await.unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].observation, filled);
    let all = ObservationFilter {
        all: true,
        ..newest(900)
    };
    assert_eq!(store.observations(&all).await.unwrap().len(), 2);
}

async fn outrun(store: &Store, facts: &Facts, now: Timestamp) -> bool {
    let ids = ["amedas".to_owned()];
    let lease = store.lease_due_feed("test", &ids, now).await.unwrap();
    let kept = keep_with(store, &lease.unwrap(), b"raced", facts, &[], now).await;
    matches!(kept, Err(StoreError::Raced { .. }))
}

#[sqlx::test(migrations = "../migrations")]
async fn readings_are_listed_by_area_quantity_and_page(pool: PgPool) {
    let store = store_with_feeds(pool, &["amedas"]).await;
    let facts = Facts {
        stations: vec![station("酸ケ湯")],
        observations: [
            Quantity::DepthCm,
            Quantity::TemperatureC,
            Quantity::WindSpeedMPerS,
        ]
        .map(|quantity| reading(0, quantity, Some(1.0)))
        .to_vec(),
        ..Facts::default()
    };
    keep_facts(&store, "amedas", b"1", &facts, &[], at(1)).await;
    let page = |after| ObservationFilter {
        limit: 2,
        after,
        ..newest(10)
    };
    let first = store.observations(&page(None)).await.unwrap();
    let last = &first[1];
    let key = (
        last.feed_id.clone(),
        last.observation.station_id.clone(),
        last.observation.quantity.as_str().to_owned(),
        last.observation.observed_at,
    );
    let second = store.observations(&page(Some(key))).await.unwrap();
    let names: Vec<&str> = first
        .iter()
        .chain(&second)
        .map(|r| r.observation.quantity.as_str())
        .collect();
    assert_eq!(names, ["depth_cm", "temperature_c", "wind_speed_m_per_s"]);
    let only = ObservationFilter {
        quantity: Some(Quantity::TemperatureC),
        ..newest(10)
    };
    assert_eq!(store.observations(&only).await.unwrap().len(), 1);
    for (west, found) in [(140.8, 3), (140.9, 0)] {
        let within = ObservationFilter {
            area: Some(BoundingBox {
                west,
                south: 40.0,
                east: 141.0,
                north: 41.0,
            }),
            ..newest(10)
        };
        assert_eq!(
            store.observations(&within).await.unwrap().len(),
            found,
            "{west}"
        );
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_station_that_moves_is_a_new_version(pool: PgPool) {
    let store = store_with_feeds(pool, &["amedas"]).await;
    for (payload, name, seconds, new) in [
        (b"1", "酸ケ湯", 0, 1),
        (b"2", "酸ケ湯", 10, 0),
        (b"3", "酸ケ湯沢", 20, 1),
    ] {
        let facts = Facts {
            stations: vec![station(name)],
            ..Facts::default()
        };
        let kept = keep_facts(&store, "amedas", payload, &facts, &[], at(seconds)).await;
        assert_eq!(kept.facts, new, "{name} at {seconds}");
    }
    let name_at = async |seconds| {
        let stations = store.stations_at(at(seconds)).await.unwrap();
        stations.first().map(|s| s.station.name.ja.clone())
    };
    assert_eq!(name_at(-1).await, None);
    assert_eq!(name_at(15).await.as_deref(), Some("酸ケ湯"));
    assert_eq!(name_at(20).await.as_deref(), Some("酸ケ湯沢"));
}

#[sqlx::test(migrations = "../migrations")]
async fn orders_and_zones_are_seen_as_they_were_known(pool: PgPool) {
    let store = store_with_feeds(pool, &["orders"]).await;
    let order = |seconds, state| ZoneOrder {
        zone: "A-1".to_owned(),
        name: "中央工区".to_owned(),
        state,
        as_of: at(seconds),
        place: on_route(1.0),
    };
    let steps = [
        (0, Some(OrderState::Scheduled)),
        (600, Some(OrderState::Working)),
        (1200, None),
    ];
    for (seconds, state) in steps {
        let order = order(seconds, state);
        let facts = Facts {
            zones: vec![order.clone()],
            orders: vec![order],
            ..Facts::default()
        };
        let payload = seconds.to_string();
        let kept = keep_facts(
            &store,
            "orders",
            payload.as_bytes(),
            &facts,
            &[],
            at(seconds + 30),
        )
        .await;
        // The zone itself is new only once.
        assert_eq!(kept.facts, if seconds == 0 { 2 } else { 1 });
    }
    for (seconds, state) in [
        (620, Some(OrderState::Scheduled)),
        (630, Some(OrderState::Working)),
        (2000, None),
    ] {
        let orders = store.orders_at(at(seconds)).await.unwrap();
        assert_eq!(orders[0].order.state, state, "at {seconds}");
    }
    assert_eq!(store.orders_at(at(29)).await.unwrap(), []);
    let zones = store.zones_at(at(2000)).await.unwrap();
    assert_eq!(
        (zones[0].zone.as_str(), &zones[0].place),
        ("A-1", &on_route(1.0))
    );
    let like = store
        .stored_orders_like("orders", &[order(600, None)])
        .await
        .unwrap();
    assert_eq!(like[0].state, Some(OrderState::Working));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_plan_that_changes_is_a_new_version(pool: PgPool) {
    let store = store_with_feeds(pool, &["plans"]).await;
    let plan = |state| Plan {
        id: "p".to_owned(),
        work: WorkKind::Hauling,
        state,
        from: at(3600),
        until: at(7200),
        place: on_route(1.0),
        note: "排雪\0".to_owned(),
    };
    for (payload, state, seconds, new) in [
        (b"1", PlanState::Planned, 0, 1),
        (b"2", PlanState::Planned, 10, 0),
        (b"3", PlanState::Cancelled, 20, 1),
    ] {
        let facts = Facts {
            plans: vec![plan(state)],
            ..Facts::default()
        };
        let kept = keep_facts(&store, "plans", payload, &facts, &[], at(seconds)).await;
        assert_eq!(kept.facts, new, "{state:?}");
    }
    let state_at = async |known, since| {
        let plans = store.plans_at(at(known), at(since)).await.unwrap();
        plans.first().map(|p| p.plan.state)
    };
    assert_eq!(state_at(15, 15).await, Some(PlanState::Planned));
    assert_eq!(state_at(25, 25).await, Some(PlanState::Cancelled));
    assert_eq!(state_at(25, 7201).await, None, "its window is over");
}

#[sqlx::test(migrations = "../migrations")]
async fn closures_keep_their_number_and_are_withdrawn_by_a_complete_list(pool: PgPool) {
    let store = store_with_feeds(pool, &["closures"]).await;
    let facts = |closures: Vec<Closure>, closures_are_all| Facts {
        closures,
        closures_are_all,
        ..Facts::default()
    };
    let both = facts(vec![closure("a", "雪崩"), closure("b", "吹雪")], false);
    assert_eq!(
        keep_facts(&store, "closures", b"1", &both, &[], at(0))
            .await
            .facts,
        2
    );
    let numbers: Vec<i64> = store
        .closures_at(at(1), at(1))
        .await
        .unwrap()
        .iter()
        .map(|c| c.number)
        .collect();
    let one = facts(vec![closure("a", "雪崩のおそれ")], false);
    assert_eq!(
        keep_facts(&store, "closures", b"2", &one, &[], at(10))
            .await
            .facts,
        1
    );
    let now = store.closures_at(at(11), at(11)).await.unwrap();
    assert_eq!(now.iter().map(|c| c.number).collect::<Vec<_>>(), numbers);
    assert_eq!(now[0].closure, closure("a", "雪崩のおそれ"));
    assert_eq!(store.closure(numbers[0]).await.unwrap().unwrap(), now[0]);

    let only_b = facts(vec![closure("b", "吹雪")], true);
    assert_eq!(
        keep_facts(&store, "closures", b"3", &only_b, &[], at(20))
            .await
            .facts,
        1
    );
    assert_eq!(
        keep_facts(&store, "closures", b"4", &only_b, &[], at(30))
            .await
            .facts,
        0
    );
    let left = store.closures_at(at(31), at(31)).await.unwrap();
    assert_eq!(
        left.iter()
            .map(|c| c.closure.id.as_str())
            .collect::<Vec<_>>(),
        ["b"]
    );
    // It comes back under its number.
    assert_eq!(
        keep_facts(&store, "closures", b"5", &both, &[], at(40))
            .await
            .facts,
        1
    );
    let back = store.closures_at(at(41), at(41)).await.unwrap();
    assert_eq!(back.iter().map(|c| c.number).collect::<Vec<_>>(), numbers);
    assert_eq!(
        store.closures_at(at(15), at(15)).await.unwrap().len(),
        2,
        "as it was known"
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn a_row_of_a_work_log_is_kept_once(pool: PgPool) {
    let store = store_with_feeds(pool, &["log"]).await;
    let entry = |vehicle: &str, km: f64| WorkLogEntry {
        stretch: on_route(km).route.unwrap(),
        started_at: at(0),
        ended_at: at(3600),
        work: WorkKind::Plowing,
        direction: None,
        vehicle_id: vehicle.to_owned(),
        contractor: "青森建設".to_owned(),
        weather: "雪".to_owned(),
        air_c: Some(-4.5),
        depth_cm: None,
    };
    let entries = vec![
        entry("グレーダ1", 1.0),
        entry("グレーダ1", 2.0),
        entry("グレーダ2", 1.0),
    ];
    let facts = Facts {
        work_log: entries.clone(),
        ..Facts::default()
    };
    assert_eq!(
        keep_facts(&store, "log", b"1", &facts, &[], at(4000))
            .await
            .facts,
        3
    );
    assert_eq!(
        keep_facts(&store, "log", b"2", &facts, &[], at(4100))
            .await
            .facts,
        0
    );
    let mut like = store.stored_log_like("log", &entries).await.unwrap();
    like.sort_by_key(|e| entries.iter().position(|other| other == e));
    assert_eq!(like, entries);
    let listed = store.work_log((at(0), at(9999)), false, 10).await.unwrap();
    assert_eq!(listed.len(), 3);
    assert!(
        listed.iter().all(|record| record.unplaced.is_none()),
        "nobody has laid them yet"
    );
    assert_eq!(
        store.work_log((at(0), at(9999)), true, 10).await.unwrap(),
        []
    );
}
