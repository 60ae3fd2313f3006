//! Facts with a place are laid onto the network and enter status: work logs, closures by the hour,
//! zones whose units fall silent, and feeds that are not believed.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;
#[path = "support/town.rs"]
mod town;

use domain::closure::{Closure, ClosureKind, DailyWindow};
use domain::coverage::Confidence;
use domain::geometry::LonLat;
use domain::kilopost::Kilopost;
use domain::place::{Place, RouteStretch};
use domain::status::State;
use domain::work::{Direction, WorkKind};
use domain::work_log::WorkLogEntry;
use domain::zone_order::{OrderState, ReportedState, ZoneOrder};
use jiff::Timestamp;
use jiff::civil::time;
use store::cluster::PrivateCluster;
use store::{ClockFinding, Facts, Report, Store};
use town::{Town, fix, jst};
use yukimichi::config::Config;

const CONFIG: &str = r#"
[[manager]]
code = "02"
level = "prefectural"
name = { ja = "青森県" }
[[feed]]
id = "plows"
manager = "02"
format = "push_json"
push = true
every = "10m"
[[feed]]
id = "papers"
manager = "02"
format = "push_json"
push = true
every = "24h"
covers = "passes"
"#;

#[tokio::test]
async fn facts_are_laid_and_enter_status() {
    use State::{Cleared, Closed, Uncleared, Unconfirmed};
    let folder = support::folder();
    let cluster = PrivateCluster::join(folder.path()).await.unwrap();
    let store = Store::connect(cluster.connect_options()).await.unwrap();
    let config = Config::parse(CONFIG, "test").unwrap();
    let mut town = Town::begin(store.clone(), &config, jst(4, 0)).await;

    // Nobody has spoken yet: the feed covers its manager's roads, and is silent.
    assert_eq!(town.states_at(jst(4, 0)).await, [Unconfirmed; 3]);
    let heard = |lon: f64, at| Facts {
        fixes: vec![fix("1", at, lon), fix("2", at, lon + 0.001)],
        ..Facts::default()
    };
    town.tell(jst(4, 0), "plows", heard(140.601, jst(4, 0)), None)
        .await;
    assert_eq!(town.states_at(jst(4, 1)).await, [Uncleared; 3]);

    work_log(&mut town).await;
    assert_eq!(
        town.states_at(jst(4, 5)).await,
        [Uncleared, Cleared, Uncleared]
    );

    // Closed by night, from west into the middle of the second segment.
    let closure = Closure {
        id: "c".to_owned(),
        kind: ClosureKind::Closed,
        reason: "夜間通行止".to_owned(),
        since: jst(4, 0),
        until: Some(jst(48, 0)),
        daily: Some(DailyWindow {
            from: time(20, 0, 0, 0),
            until: time(6, 0, 0, 0),
        }),
        place: Place {
            lines: vec![vec![
                LonLat::new(140.60, 40.7001),
                LonLat::new(140.615, 40.7001),
            ]],
            ..Place::default()
        },
    };
    let facts = Facts {
        closures: vec![closure],
        ..Facts::default()
    };
    town.tell(jst(4, 5), "papers", facts, None).await;
    assert_eq!(town.states_at(jst(4, 6)).await, [Closed, Closed, Uncleared]);
    town.tell(jst(6, 0), "plows", heard(140.602, jst(6, 0)), None)
        .await;
    assert_eq!(
        town.states_at(jst(6, 0)).await,
        [Uncleared, Cleared, Uncleared]
    );

    units_of_a_zone(&mut town, &heard).await;
    a_feed_that_is_not_believed(&mut town, &heard).await;

    // A new network lays everything again; the log's passes stay.
    let passes = store.current_passes().await.unwrap().len();
    store.forget_derived().await.unwrap();
    assert_eq!(store.current_passes().await.unwrap().len(), 0);
    let states = town.states_at(jst(6, 30)).await;
    assert_eq!(store.current_passes().await.unwrap().len(), passes);
    assert_eq!(states[1], Cleared);
    drop(town);
    store.close().await;
    cluster.leave().await.unwrap();
}

/// A row of a work log clears what its kiloposts say, weakly; one that can't be placed is kept.
async fn work_log(town: &mut Town) {
    let post = |km: f64, lon: f64| Kilopost {
        route: "県道40号".to_owned(),
        km,
        at: LonLat::new(lon, 40.70001),
        carriageway: None,
        name: None,
    };
    let posts: Vec<Kilopost> = (0..=3)
        .map(|i| post(10.0 + 0.843 * f64::from(i), 140.60 + 0.01 * f64::from(i)))
        .collect();
    town.store
        .replace_kiloposts("02", &posts, jst(4, 0))
        .await
        .unwrap();
    let entry = |from_km: f64, to_km: f64| WorkLogEntry {
        stretch: RouteStretch {
            route: "40".to_owned(),
            from_km: Some(from_km),
            to_km: Some(to_km),
            ..RouteStretch::default()
        },
        started_at: jst(3, 0),
        ended_at: jst(3, 30),
        work: WorkKind::Plowing,
        direction: None,
        vehicle_id: "グレーダ1".to_owned(),
        contractor: "青森建設".to_owned(),
        weather: "雪".to_owned(),
        air_c: Some(-4.0),
        depth_cm: Some(35.0),
    };
    let facts = Facts {
        work_log: vec![entry(10.843, 11.686), entry(30.0, 31.0)],
        ..Facts::default()
    };
    town.tell(jst(4, 2), "papers", facts, None).await;
    town.states_at(jst(4, 4)).await;
    let span = (jst(0, 0), jst(12, 0));
    let all = town.store.work_log(span, false, 10).await.unwrap();
    let unplaced = town.store.work_log(span, true, 10).await.unwrap();
    assert_eq!((all.len(), unplaced.len()), (2, 1));
    assert_eq!(unplaced[0].entry.stretch.from_km, Some(30.0));
    assert!(
        unplaced[0].unplaced.as_ref().unwrap().contains("30"),
        "{unplaced:?}"
    );
    let passes = town
        .store
        .passes_of_segment(town.segments[1], 10)
        .await
        .unwrap();
    let mut directions: Vec<Direction> = passes
        .iter()
        .map(|p| p.segment_pass.pass.direction)
        .collect();
    directions.sort_by_key(|d| d.as_str());
    assert_eq!(
        directions,
        [Direction::Backward, Direction::Forward],
        "both unless stated"
    );
    for pass in &passes {
        let pass = &pass.segment_pass.pass;
        assert_eq!(pass.left_at, jst(3, 30));
        assert_eq!(pass.confidence.as_str(), "weak");
    }
}

/// Two of two units heard in the west zone, then one: it alone becomes unconfirmed.
async fn units_of_a_zone(town: &mut Town, heard: &dyn Fn(f64, Timestamp) -> Facts) {
    use State::{Cleared, Uncleared, Unconfirmed};
    let ring = [
        (140.59, 40.69),
        (140.611, 40.69),
        (140.611, 40.71),
        (140.59, 40.71),
        (140.59, 40.69),
    ];
    let zone = ZoneOrder {
        zone: "A-1".to_owned(),
        name: "西工区".to_owned(),
        state: Some(OrderState::Working),
        as_of: jst(6, 0),
        place: Place {
            areas: vec![vec![ring.map(|(lon, lat)| LonLat::new(lon, lat)).to_vec()]],
            ..Place::default()
        },
    };
    let facts = Facts {
        zones: vec![zone.clone()],
        orders: vec![zone],
        ..Facts::default()
    };
    town.tell(jst(6, 1), "papers", facts, None).await;
    let report = |state, units| Report {
        manager_code: "02".to_owned(),
        zone: "A-1".to_owned(),
        state,
        at: jst(6, 0),
        said_by: "鈴木".to_owned(),
        recorded_by: "佐藤".to_owned(),
        units,
        work: WorkKind::Plowing,
        note: String::new(),
    };
    let started = report(ReportedState::Started, Some(2));
    town.store.keep_report(&started, jst(6, 0)).await.unwrap();
    // An order never makes a road "working".
    assert_eq!(
        town.states_at(jst(6, 5)).await,
        [Uncleared, Cleared, Uncleared]
    );
    // Only the first goes on.
    let one = Facts {
        fixes: heard(140.603, jst(6, 20)).fixes[..1].to_vec(),
        ..Facts::default()
    };
    town.tell(jst(6, 20), "plows", one, None).await;
    assert_eq!(
        town.states_at(jst(6, 20)).await,
        [Unconfirmed, Cleared, Uncleared]
    );
    // Done, as somebody said: that clears the zone, and is never taken for seen.
    let done = report(ReportedState::Done, None);
    town.store.keep_report(&done, jst(6, 21)).await.unwrap();
    assert_eq!(
        town.states_at(jst(6, 21)).await,
        [Cleared, Cleared, Uncleared]
    );
    let of_zone = town.store.passes_of_segment(town.segments[0], 10).await;
    let passes = of_zone.unwrap();
    assert_eq!(passes.len(), 2, "one a direction: {passes:?}");
    for record in passes {
        let pass = record.segment_pass.pass;
        assert_eq!(
            (pass.left_at, pass.confidence),
            (jst(6, 0), Confidence::Reported)
        );
    }
    let rows = town.store.writer_rows().await.unwrap();
    let status = |i: usize| {
        rows.iter()
            .find(|row| row.segment == town.segments[i])
            .unwrap()
            .status
    };
    assert_eq!(status(0).confidence(), Confidence::Reported);
}

/// A feed whose clock can't be right says nothing.
async fn a_feed_that_is_not_believed(town: &mut Town, heard: &dyn Fn(f64, Timestamp) -> Facts) {
    use State::{Cleared, Uncleared, Unconfirmed};
    let doubt = ClockFinding {
        doubt: Some("ahead by 9 h: not believed".to_owned()),
        skew_hours: Some(9),
        told_at: None,
    };
    town.tell(jst(6, 22), "plows", Facts::default(), Some(doubt))
        .await;
    assert_eq!(town.states_at(jst(6, 22)).await, [Unconfirmed; 3]);
    let facts = heard(140.604, jst(6, 24));
    town.tell(jst(6, 24), "plows", facts, Some(ClockFinding::default()))
        .await;
    assert_eq!(
        town.states_at(jst(6, 25)).await,
        [Cleared, Cleared, Uncleared]
    );
}
