//! The whole of a night: three gauges rise past 10 cm, one is stuck and one spikes; the right zones are
//! called once; one firm can't and one is silent, and both climb their ladder; plows start, coverage
//! completes, a second round follows before dawn, and one zone is overdue.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod snow_night;
mod support;

use dispatch::life::{Actor, Answer, DeclineReason, Event, Evidence, FirmRole, Progress};
use domain::contractor::{Contact, ContactBook, ContractForm, Contractor};
use domain::rules::{Condition, Measure, Mode, Rule};
use jiff::{SignedDuration, Timestamp};
use snow_night::{Night, jst};
use store::cluster::PrivateCluster;
use store::{DispatchRecord, Store};
use yukimichi::call_outs::{self, Book, happen};

/// 40 cm for days, then 8 cm/h from midnight until 6:00.
fn depth_cm(hour: i64) -> f64 {
    40.0 + 8.0 * hour.clamp(0, 6) as f64
}

fn contact(key: &str) -> Contact {
    Contact {
        key: key.to_owned(),
        name: key.to_owned(),
        phone: Some("017-000-0000".to_owned()),
        email: Some(format!("{key}@example.jp")),
        webhook: None,
    }
}

fn book() -> ContactBook {
    let firm = |code: &str, zone: &str, contacts: &[&str]| Contractor {
        code: code.to_owned(),
        name: code.to_owned(),
        contract: ContractForm::Full,
        zones: vec![zone.to_owned()],
        contacts: contacts.iter().map(|key| contact(key)).collect(),
    };
    ContactBook {
        contractors: vec![
            firm("fa", "A", &["a1"]),
            firm("fb", "B", &["b1"]),
            firm("fc", "C", &["c1", "c2"]),
        ],
        officers: vec![contact("duty")],
    }
}

fn firm(code: &str) -> Actor {
    Actor::Firm {
        contractor: code.to_owned(),
        name: "電話番".to_owned(),
    }
}

/// Time passes for every call-out that waits for it, as in the dispatching worker.
async fn tick(store: &Store, now: Timestamp) {
    let book = Book::load(store, "02").await.unwrap();
    for record in store.due_dispatches(now, 100).await.unwrap() {
        let life = call_outs::alive(&record).unwrap();
        let roster = book.roster(&life, false);
        let change = call_outs::step(&record, &Event::Tick { roster }, &book, now);
        let change = change.unwrap().unwrap();
        let kept = store
            .keep_dispatch_changes(change.as_slice())
            .await
            .unwrap();
        assert!(kept.iter().all(|kept| *kept));
    }
}

/// The call-out of a zone's round.
async fn of(store: &Store, zone: &str, round: u32) -> DispatchRecord {
    let found = store.dispatch_of("02", zone, "ten", round).await.unwrap();
    found.unwrap_or_else(|| panic!("{zone} {round} was never called"))
}

async fn tell(store: &Store, zone: &str, event: Event, now: Timestamp) -> String {
    let id = of(store, zone, 1).await.id;
    match happen(store, "02", id, &event, None, now).await.unwrap() {
        call_outs::Outcome::Done(record) => record.life.state,
        other => panic!("{zone}: {other:?}"),
    }
}

/// What plows were seen to do in a zone of one road: it starts, and is done.
async fn seen_and_done(store: &Store, zone: &str, at: Timestamp) -> [String; 2] {
    let pass = Evidence::Pass {
        at,
        vehicle: "plows/7".to_owned(),
    };
    let done = Progress {
        own_m: 1686.0,
        done_m: 1686.0,
        excused_m: 0.0,
    };
    let seen = |evidence| Event::Seen { evidence };
    let later = at + SignedDuration::from_mins(5);
    [
        tell(store, zone, seen(pass), at).await,
        tell(store, zone, seen(Evidence::Coverage(done)), later).await,
    ]
}

/// Whom a call-out's first ladder has called so far.
fn called(record: &DispatchRecord) -> Vec<String> {
    let rungs = record.life.life["calls"][0]["called"].as_array();
    let contact = |rung: &serde_json::Value| rung["contact"].as_str().unwrap().to_owned();
    rungs.into_iter().flatten().map(contact).collect()
}

#[tokio::test]
async fn a_night_from_the_first_centimetre_to_dawn() {
    let folder = support::folder();
    let cluster = PrivateCluster::join(folder.path()).await.unwrap();
    let store = Store::connect(cluster.connect_options()).await.unwrap();
    let mut night = Night::begin(store.clone(), depth_cm).await;
    store
        .keep_contact_book("02", &book(), jst(-24, 0))
        .await
        .unwrap();
    let rule = Rule {
        mode: Mode::Order,
        deadline: "06:00".parse().ok(),
        ..Rule::new(
            "ten",
            ["A", "B", "C"].map(str::to_owned).to_vec(),
            Condition::at_least(Measure::NewSnow, 10.0),
        )
    };
    store
        .keep_rules("02", &[rule], "佐藤", jst(-24, 0))
        .await
        .unwrap();
    night.gauges(-72..=0).await;

    // Until it has risen past 10 cm twice, neither the stuck gauge nor the one that spikes calls anyone.
    for hour in 0..=2 {
        if hour > 0 {
            night.gauges(hour..=hour).await;
        }
        assert_eq!(night.cycle().await.raised, 0, "{hour}:00");
    }
    assert_eq!(store.open_dispatches("02").await.unwrap(), []);
    night.gauges(3..=3).await;
    assert_eq!(night.cycle().await.raised, 3);
    tick(&store, jst(3, 2)).await;
    for zone in ["A", "B", "C"] {
        assert_eq!(of(&store, zone, 1).await.life.state, "requested");
    }

    // A comes; B can't, which an officer hears of and sends A's firm to help; C is silent.
    let accept = |minute| Event::Answered {
        by: firm("fa"),
        answer: Answer::Accept {
            machines: Some(2),
            eta: Some(jst(3, minute)),
        },
    };
    assert_eq!(tell(&store, "A", accept(20), jst(3, 4)).await, "accepted");
    let decline = Event::Answered {
        by: firm("fb"),
        answer: Answer::Decline {
            reason: DeclineReason::Breakdown,
        },
    };
    assert_eq!(tell(&store, "B", decline, jst(3, 5)).await, "declined");
    for minute in [5, 7, 12, 17] {
        tick(&store, jst(3, minute)).await;
    }
    assert_eq!(called(&of(&store, "B", 1).await)[0], "duty");
    assert_eq!(called(&of(&store, "C", 1).await), ["c1", "c2", "duty", ""]);
    let life = of(&store, "C", 1).await.life.life;
    assert!(
        life["calls"][0]["by_hand_since"].is_string(),
        "on the call list: {life}"
    );
    let help = Event::OrderedOther {
        by: Actor::Officer {
            name: "佐藤".to_owned(),
        },
        contractor: "fa".to_owned(),
        role: FirmRole::Aid,
    };
    tell(&store, "B", help, jst(3, 18)).await;
    tell(&store, "B", accept(50), jst(3, 19)).await;

    // Plows start, and coverage completes. New snow since then is counted from there.
    night.plow("7", 140.60, jst(3, 20)).await;
    assert_eq!(
        seen_and_done(&store, "A", jst(3, 30)).await,
        ["started", "completed"]
    );
    night.plow("8", 140.66, jst(4, 40)).await;
    assert_eq!(
        seen_and_done(&store, "B", jst(4, 50)).await,
        ["started", "completed"]
    );
    assert_eq!(night.cleared().await, [140.60, 140.66]);
    for hour in 4..=5 {
        night.gauges(hour..=hour).await;
        assert_eq!(night.cycle().await.raised, 0, "{hour}:00");
    }

    // Before dawn a second round follows in A; C is overdue.
    night.gauges(6..=6).await;
    assert_eq!(night.cycle().await.raised, 1);
    tick(&store, jst(6, 2)).await;
    assert_eq!(of(&store, "A", 2).await.life.state, "requested");
    assert_eq!(of(&store, "C", 1).await.life.state, "overdue");

    // The timeline tells it, and nobody was called but these.
    let a = of(&store, "A", 1).await;
    let timeline = store.dispatch_timeline("02", a.id).await.unwrap();
    let kinds: Vec<&str> = timeline.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["opened", "tick", "answered", "seen", "seen"]);
    for (zone, round) in [("B", 2), ("C", 2), ("A", 3)] {
        let found = store.dispatch_of("02", zone, "ten", round).await.unwrap();
        assert_eq!(found, None, "{zone} {round}");
    }
    assert!(store.rule_pages("02", 10).await.unwrap().is_empty());
    drop(night);
    store.close().await;
    cluster.leave().await.unwrap();
}
