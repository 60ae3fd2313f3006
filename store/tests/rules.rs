//! Rules keep their versions, looks are all or nothing, and pages of one cause are one.
#![allow(clippy::unwrap_used)]

mod support;

use domain::geometry::LonLat;
use domain::rules::{Cause, Condition, Measure, Page, Phase, Rule, RuleMemory};
use domain::snow_forecast::SnowForecast;
use jiff::SignedDuration;
use sqlx::PgPool;
use store::{Batch, Facts, KeptRules, RuleCycle, RuleStanding, RuleZone, payload_sha256};
use support::{at, store_with_feeds};

fn rule(id: &str, threshold_cm: f64) -> Rule {
    let when = Condition::at_least(Measure::NewSnow, threshold_cm);
    Rule::new(id, vec!["A-1".to_owned()], when)
}

#[sqlx::test(migrations = "../migrations")]
async fn rules_keep_their_versions(pool: PgPool) {
    let store = store_with_feeds(pool, &["a"]).await;
    let keep = async |rules: &[Rule], seconds| {
        store
            .keep_rules("02201", rules, "佐藤", at(seconds))
            .await
            .unwrap()
    };
    let kept = |new, changed, unchanged| KeptRules {
        new,
        changed,
        unchanged,
    };
    assert_eq!(
        keep(&[rule("x", 10.0), rule("y", 5.0)], 0).await,
        kept(2, 0, 0)
    );
    assert_eq!(
        keep(&[rule("x", 10.0), rule("y", 6.0)], 10).await,
        kept(0, 1, 1)
    );
    assert!(
        store
            .withdraw_rule("02201", "x", "鈴木", at(20))
            .await
            .unwrap()
    );
    assert!(
        !store
            .withdraw_rule("02201", "x", "鈴木", at(21))
            .await
            .unwrap()
    );
    assert!(
        !store
            .withdraw_rule("02201", "z", "鈴木", at(21))
            .await
            .unwrap()
    );
    assert_eq!(keep(&[rule("x", 12.0)], 30).await, kept(1, 0, 0));
    let at_time = async |seconds| {
        let rules = store.rules_at(at(seconds), Some("02201")).await.unwrap();
        let told = |r: store::RuleRecord| (r.rule, r.version);
        rules.into_iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(
        at_time(5).await,
        [(rule("x", 10.0), 1), (rule("y", 5.0), 1)]
    );
    assert_eq!(at_time(25).await, [(rule("y", 6.0), 2)]);
    assert_eq!(
        at_time(35).await,
        [(rule("x", 12.0), 3), (rule("y", 6.0), 2)]
    );
    assert!(store.rules_at(at(35), Some("02")).await.unwrap().is_empty());
    assert!(
        store
            .keep_rules("nobody", &[rule("x", 9.0)], "", at(0))
            .await
            .is_err()
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn a_look_is_written_whole_or_not_at_all(pool: PgPool) {
    let store = store_with_feeds(pool, &["a"]).await;
    let key = RuleZone {
        manager_code: "02201".to_owned(),
        rule_id: "x".to_owned(),
        zone: "A-1".to_owned(),
    };
    let standing = RuleStanding {
        memory: RuleMemory {
            round: 3,
            phase: Phase::Open { since: at(7) },
            ..RuleMemory::default()
        },
        outcome: "round_open".to_owned(),
        reason: "新積雪 12 cm ≥ 10 cm".to_owned(),
        since: at(7),
    };
    let cycle = RuleCycle {
        zones: 1,
        rules: 1,
        raised: 1,
        ..RuleCycle::default()
    };
    // One that is dropped leaves nothing.
    let mut writer = store.write_rule_cycle().await.unwrap().unwrap();
    let found = [(key.clone(), standing.clone())];
    writer.remember(&found).await.unwrap();
    assert!(
        store.write_rule_cycle().await.unwrap().is_none(),
        "one at a time"
    );
    drop(writer);
    assert!(store.rule_standings(None).await.unwrap().is_empty());
    let mut writer = loop {
        // The dropped transaction's connection gives the lock back when it is next used.
        if let Some(writer) = store.write_rule_cycle().await.unwrap() {
            break writer;
        }
    };
    writer.remember(&found).await.unwrap();
    writer.commit(&cycle, at(8)).await.unwrap();
    let standings = store.rule_standings(Some("02201")).await.unwrap();
    assert_eq!(standings.get(&key), Some(&standing));
    assert_eq!(store.last_rule_cycle().await.unwrap(), Some((at(8), cycle)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_cause_is_one_page_while_it_lasts(pool: PgPool) {
    let store = store_with_feeds(pool, &["a"]).await;
    let silent = |name: &str| Cause::StationSilent {
        station: name.to_owned(),
    };
    let page = |cause: Cause, zones: &[&str]| {
        let zones = zones.iter().map(|z| (*z).to_owned()).collect();
        ("02201".to_owned(), Page { cause, zones })
    };
    let looks = [
        (vec![page(silent("s/1"), &["A"])], 1, 0),
        (vec![page(silent("s/1"), &["A", "B"])], 0, 0),
        (
            vec![
                page(silent("s/1"), &["A", "B"]),
                page(silent("s/2"), &["C"]),
            ],
            1,
            0,
        ),
        (vec![page(silent("s/2"), &["C"])], 0, 1),
        (vec![], 0, 1),
        (vec![page(silent("s/1"), &["A"])], 1, 0),
    ];
    for (i, (pages, opened, closed)) in looks.into_iter().enumerate() {
        let now = at(60 * i as i64);
        let mut writer = store.write_rule_cycle().await.unwrap().unwrap();
        let turned = writer.page(&pages, now).await.unwrap();
        writer.commit(&RuleCycle::default(), now).await.unwrap();
        assert_eq!(
            (turned.opened.len(), turned.closed.len()),
            (opened, closed),
            "look {i}"
        );
    }
    let pages = store.rule_pages("02201", 10).await.unwrap();
    let told: Vec<_> = pages
        .iter()
        .map(|p| (p.zones.join(","), p.closed_at))
        .collect();
    assert_eq!(
        told,
        [
            ("A".to_owned(), None),
            ("C".to_owned(), Some(at(240))),
            ("A,B".to_owned(), Some(at(180)))
        ]
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn forecasts_are_kept_as_they_were_known(pool: PgPool) {
    let store = store_with_feeds(pool, &["a"]).await;
    let forecast = |issued: i64, cm| SnowForecast {
        place: "cell".to_owned(),
        at: LonLat::new(140.7, 40.8),
        issued_at: at(issued),
        from: at(0),
        until: at(0) + SignedDuration::from_hours(6),
        new_snow_cm: cm,
    };
    for (received, issued, cm) in [(100, 50, 5.0), (200, 150, 8.0), (300, 150, 9.0)] {
        let facts = Facts {
            snow_forecasts: vec![forecast(issued, cm)],
            ..Facts::default()
        };
        let payload = format!("{received}");
        let sha256 = payload_sha256(payload.as_bytes());
        let batch = Batch::of(at(received), payload.as_bytes(), &sha256, &facts);
        store.keep_pushed("a", &batch).await.unwrap();
    }
    let known = async |seconds| -> Vec<f64> {
        let forecasts = store.snow_forecasts_at(at(seconds)).await.unwrap();
        forecasts.iter().map(|f| f.new_snow_cm).collect()
    };
    assert_eq!(known(60).await, [] as [f64; 0]);
    assert_eq!(known(120).await, [5.0]);
    assert_eq!(
        known(400).await,
        [5.0, 8.0],
        "the first of one issue counts"
    );
    assert_eq!(known(7 * 3600).await, [] as [f64; 0], "past");
}
