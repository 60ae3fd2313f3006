//! From readings to call-outs: the right zones are called once, bad gauges call nobody, and where nobody
//! can say a person is asked.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod snow_night;
mod support;

use dispatch::life::{Actor, Event, Phase, Report};
use domain::coverage::NarrowRules;
use domain::quality::QualityParams;
use domain::rules::{Condition, Measure, Mode, Rule};
use jiff::Timestamp;
use snow_night::{Night, jst};
use store::cluster::PrivateCluster;
use store::{DispatchRecord, Store};
use yukimichi::call_outs;
use yukimichi::rule_trial::try_rules;

/// 40 cm for days, then 4 cm/h from midnight until 4:00, and from 5:00 on again.
fn depth_cm(hour: i64) -> f64 {
    40.0 + 4.0 * (hour.clamp(0, 4) + hour.saturating_sub(5).max(0)) as f64
}

async fn complete(store: &Store, id: i64, now: Timestamp) {
    let event = Event::Reported {
        by: Actor::Officer {
            name: "佐藤".to_owned(),
        },
        report: Report {
            phase: Phase::Completed,
            said_by: "鈴木".to_owned(),
            note: String::new(),
        },
    };
    let done = call_outs::happen(store, "02", id, &event, None, now).await;
    assert!(matches!(done.unwrap(), call_outs::Outcome::Done(_)));
}

/// Zone, rule, round and state of each, without the questions to a person.
fn called(open: &[DispatchRecord]) -> Vec<(&str, i32, &str)> {
    (open.iter())
        .filter(|d| d.rule == "ten")
        .map(|d| (d.zone.as_str(), d.round, d.life.state.as_str()))
        .collect()
}

#[tokio::test]
async fn the_right_zones_are_called_once_and_again_after_new_snow() {
    let folder = support::folder();
    let cluster = PrivateCluster::join(folder.path()).await.unwrap();
    let store = Store::connect(cluster.connect_options()).await.unwrap();
    let mut night = Night::begin(store.clone(), depth_cm).await;
    let rule = Rule {
        mode: Mode::Order,
        deadline: "07:00".parse().ok(),
        ..Rule::new(
            "ten",
            ["A", "B", "FAR"].map(str::to_owned).to_vec(),
            Condition::at_least(Measure::NewSnow, 10.0),
        )
    };
    let kept = store
        .keep_rules("02", std::slice::from_ref(&rule), "佐藤", jst(-24, 0))
        .await;
    assert_eq!(kept.unwrap().new, 1);

    // A dry evening: nobody is called; of the far zone nobody can say, which is one question.
    night.gauges(-72..=0).await;
    let cycle = night.cycle().await;
    assert_eq!((cycle.zones, cycle.raised, cycle.doubts), (3, 0, 1));
    let open = night.open().await;
    assert_eq!(called(&open), []);
    assert_eq!(open.len(), 1);
    assert_eq!(
        (open[0].rule.as_str(), open[0].life.state.as_str()),
        ("doubt", "awaiting_approval")
    );
    let opening = &open[0].life.life["reason"];
    assert!(opening.as_str().unwrap().contains("FAR"), "{opening}");

    // It begins to snow; one gauge spikes, one is stuck.
    for hour in 1..=2 {
        night.gauges(hour..=hour).await;
        let cycle = night.cycle().await;
        assert_eq!(cycle.raised, 0, "{hour}:00, {cycle:?}");
    }
    // Past 10 cm in two passes.
    night.gauges(3..=3).await;
    assert_eq!(night.cycle().await.raised, 0);
    night.gauges(4..=4).await;
    assert_eq!(night.cycle().await.raised, 2);
    assert_eq!(
        night.cycle().await.raised,
        0,
        "looking again calls nobody again"
    );
    let open = night.open().await;
    assert_eq!(
        called(&open),
        [("A", 1, "requested"), ("B", 1, "requested")]
    );
    assert_eq!(open.len(), 3, "and no second question");
    let life = &open.iter().find(|d| d.zone == "A").unwrap().life.life;
    let reason = life["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("新積雪 1") && reason.contains("≥ 10 cm、"),
        "{reason}"
    );
    assert_eq!(
        life["deadline"].as_str(),
        Some(jst(7, 0).to_string().as_str())
    );

    // A plow clears A, and its call-out is completed; B waits. The same snow calls nobody again.
    night.plow("7", 140.60, jst(4, 10)).await;
    assert_eq!(night.cleared().await, [140.60]);
    let a = open.iter().find(|d| d.zone == "A").unwrap().id;
    complete(&store, a, jst(4, 45)).await;
    night.set_clock(jst(4, 50));
    assert_eq!(night.cycle().await.raised, 0);
    for hour in 5..=7 {
        night.gauges(hour..=hour).await;
        assert_eq!(night.cycle().await.raised, 0, "{hour}:00");
    }
    // 12 cm more before dawn is two passes past the threshold at 9:00.
    night.gauges(8..=8).await;
    night.cycle().await;
    night.gauges(9..=9).await;
    let cycle = night.cycle().await;
    let open = night.open().await;
    assert_eq!(
        called(&open),
        [("B", 1, "requested"), ("A", 2, "requested")],
        "{cycle:?}"
    );

    // What a rule remembers is made again from the call-outs: nobody is called twice.
    let (at, last) = store.last_rule_cycle().await.unwrap().unwrap();
    assert_eq!((at, last), (jst(9, 2), cycle));
    let pages = store.rule_pages("02", 10).await.unwrap();
    assert_eq!(pages.len(), 1);
    assert_eq!(
        (pages[0].zones.as_slice(), pages[0].closed_at),
        (&["FAR".to_owned()][..], None)
    );

    // The same night tried: the same calls, and nothing is raised by it.
    let rules = store.rules_at(jst(9, 2), None).await.unwrap();
    let trial = try_rules(
        &store,
        rules,
        &QualityParams::default(),
        NarrowRules::default(),
        (jst(-6, 0), jst(9, 0)),
    )
    .await
    .unwrap();
    let raised: Vec<_> = (trial.events.iter())
        .filter(|e| e.what == "raise")
        .map(|e| (e.key.zone.as_str(), e.round, e.at))
        .collect();
    assert_eq!(
        raised,
        [
            ("A", 1, jst(4, 0)),
            ("B", 1, jst(4, 0)),
            ("A", 2, jst(9, 0))
        ],
        "{:?}",
        trial.events
    );
    let doubts = trial.events.iter().filter(|e| e.what == "doubt").count();
    assert_eq!(doubts, 1, "{:?}", trial.events);
    assert_eq!(night.open().await.len(), 3);
    drop(night);
    store.close().await;
    cluster.leave().await.unwrap();
}
