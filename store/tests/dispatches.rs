//! Call-outs, their events and messages: opened once, changed from their last version only, leased
//! to one, and seen by their own road manager.
#![allow(clippy::unwrap_used)]

mod support;

use domain::contractor::{Contact, ContactBook, ContractForm, Contractor};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sqlx::PgPool;
use store::{
    AttemptEnd, BookChanges, CallLink, DispatchChange, LifeRow, NewDispatch, NewMessage, Settled,
    Store,
};
use support::{at, store_with_feeds};

const MANAGER: &str = "02201";
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn opening(zone: &str, round: u32) -> NewDispatch {
    NewDispatch {
        manager_code: MANAGER.to_owned(),
        zone: zone.to_owned(),
        rule: "new-snow-10".to_owned(),
        round,
        drill: false,
        raised_at: at(0),
        opening: json!({"reason": "新積雪 12 cm"}),
        by_name: None,
        life: life("requested", Some(at(0))),
    }
}

fn life(state: &str, next_at: Option<Timestamp>) -> LifeRow {
    LifeRow {
        state: state.to_owned(),
        next_at,
        life: json!({"phase": state}),
    }
}

fn change(id: i64, from_version: i32, seconds: i64, messages: &[u32]) -> DispatchChange {
    DispatchChange {
        manager_code: MANAGER.to_owned(),
        id,
        from_version,
        at: at(seconds),
        kind: "tick".to_owned(),
        event: json!({}),
        by_name: None,
        request: None,
        life: life("requested", Some(at(seconds + 300))),
        messages: messages
            .iter()
            .map(|number| NewMessage {
                number: *number,
                contact: "taro".to_owned(),
                way: "webhook",
                address_no: 0,
                tell: json!({"number": number}),
            })
            .collect(),
    }
}

async fn opened(pool: PgPool) -> (Store, i64) {
    let store = store_with_feeds(pool, &[]).await;
    let raised = store.raise(&[opening("第1工区", 1)]).await.unwrap();
    (store, raised[0].id)
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_round_opens_one_call_out(pool: PgPool) {
    let store = store_with_feeds(pool, &[]).await;
    let batch = [
        opening("第1工区", 1),
        opening("第2工区", 1),
        opening("第1工区", 1),
    ];
    let first = store.raise(&batch).await.unwrap();
    assert_eq!(
        first.iter().map(|r| r.new).collect::<Vec<_>>(),
        [true, true, false]
    );
    assert_eq!(first[0].id, first[2].id);
    let again = store
        .raise(&[opening("第2工区", 1), opening("第1工区", 2)])
        .await
        .unwrap();
    assert_eq!((again[0].id, again[0].new), (first[1].id, false));
    assert!(again[1].new);
    assert_eq!(
        store
            .last_round(MANAGER, "第1工区", "new-snow-10")
            .await
            .unwrap(),
        2
    );
    let timeline = store.dispatch_timeline(MANAGER, first[0].id).await.unwrap();
    assert_eq!(timeline.len(), 1);
    assert_eq!(timeline[0].kind, "opened");
    assert_eq!(timeline[0].event["reason"], "新積雪 12 cm");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_step_from_an_old_version_is_left_out_with_its_messages(pool: PgPool) {
    let (store, id) = opened(pool).await;
    let kept = store
        .keep_dispatch_changes(&[change(id, 0, 10, &[1])])
        .await
        .unwrap();
    assert_eq!(kept, [true]);
    let kept = store
        .keep_dispatch_changes(&[change(id, 0, 11, &[2])])
        .await
        .unwrap();
    assert_eq!(kept, [false]);
    let mut foreign = change(id, 1, 12, &[3]);
    foreign.manager_code = "02".to_owned();
    assert_eq!(
        store.keep_dispatch_changes(&[foreign]).await.unwrap(),
        [false]
    );
    let record = store.dispatch(MANAGER, id).await.unwrap().unwrap();
    assert_eq!((record.version, record.changed_at), (1, at(10)));
    assert_eq!(store.dispatch_timeline(MANAGER, id).await.unwrap().len(), 2);
    assert_eq!(store.messages_waiting().await.unwrap(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn another_manager_sees_nothing(pool: PgPool) {
    let (store, id) = opened(pool).await;
    store
        .keep_dispatch_changes(&[change(id, 0, 1, &[1])])
        .await
        .unwrap();
    store.lease_messages(10, MINUTE, at(2)).await.unwrap();
    assert!(store.dispatch("02", id).await.unwrap().is_none());
    assert!(store.dispatch_timeline("02", id).await.unwrap().is_empty());
    assert!(store.dispatch_attempts("02", id).await.unwrap().is_empty());
    assert!(store.open_dispatches("02").await.unwrap().is_empty());
    assert_eq!(store.dispatch_attempts(MANAGER, id).await.unwrap().len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_due_is_found_also_after_the_clock_was_set_back(pool: PgPool) {
    let (store, id) = opened(pool).await;
    let due = |seconds: i64| {
        let store = store.clone();
        async move {
            let due = store.due_dispatches(at(seconds), 10).await.unwrap();
            due.into_iter().map(|d| d.id).collect::<Vec<_>>()
        }
    };
    assert_eq!(due(0).await, [id]);
    store
        .keep_dispatch_changes(&[change(id, 0, 0, &[])])
        .await
        .unwrap();
    assert_eq!(due(299).await, Vec::<i64>::new());
    assert_eq!(due(300).await, [id]);
    assert_eq!(due(-3600).await, [id]);
    store.touch_dispatches(&[id], at(-3600)).await.unwrap();
    assert_eq!(due(-3600).await, Vec::<i64>::new());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_lease_is_one_workers_and_a_late_report_settles_nothing(pool: PgPool) {
    let (store, id) = opened(pool).await;
    store
        .keep_dispatch_changes(&[change(id, 0, 0, &[1])])
        .await
        .unwrap();
    let gone = SignedDuration::ZERO;
    let first = store.lease_messages(10, gone, at(1)).await.unwrap();
    let second = store.lease_messages(10, MINUTE, at(2)).await.unwrap();
    assert_eq!(first[0].idempotency_key, second[0].idempotency_key);
    assert_eq!((first[0].fence, second[0].fence), (1, 2));
    assert!(
        store
            .lease_messages(10, MINUTE, at(3))
            .await
            .unwrap()
            .is_empty()
    );
    let late = store
        .settle(&first[0], &AttemptEnd::Failed, "late", at(4))
        .await
        .unwrap();
    assert_eq!(late, Settled::Fenced);
    let retry = AttemptEnd::Retry(at(20));
    let settled = store
        .settle(&second[0], &retry, "503", at(5))
        .await
        .unwrap();
    assert_eq!(settled, Settled::Kept);
    assert!(
        store
            .lease_messages(10, MINUTE, at(19))
            .await
            .unwrap()
            .is_empty()
    );
    let third = store.lease_messages(10, MINUTE, at(20)).await.unwrap();
    assert_eq!(third[0].attempt, 3);
    let settled = store
        .settle(&third[0], &AttemptEnd::Failed, "410", at(21))
        .await
        .unwrap();
    assert_eq!(settled, Settled::Undelivered);
    let attempts = store.dispatch_attempts(MANAGER, id).await.unwrap();
    let outcomes: Vec<_> = attempts.iter().map(|a| a.outcome.as_deref()).collect();
    assert_eq!(outcomes, [Some("failed"), Some("retry"), Some("failed")]);
    assert_eq!(store.messages_waiting().await.unwrap(), 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_request_is_known_by_its_key(pool: PgPool) {
    let (store, id) = opened(pool).await;
    let mut asked = change(id, 0, 1, &[]);
    asked.request = Some(("k1".to_owned(), vec![1, 2, 3]));
    store.keep_dispatch_changes(&[asked]).await.unwrap();
    let known = store.request_with_key(MANAGER, id, "k1").await.unwrap();
    assert_eq!(known, Some(vec![1, 2, 3]));
    assert_eq!(
        store.request_with_key(MANAGER, id, "k2").await.unwrap(),
        None
    );
    assert_eq!(store.request_with_key("02", id, "k1").await.unwrap(), None);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_link_is_known_by_its_token_until_it_runs_out(pool: PgPool) {
    let (store, id) = opened(pool).await;
    let link = CallLink {
        manager_code: MANAGER.to_owned(),
        dispatch_id: id,
        contact: "taro".to_owned(),
    };
    store
        .keep_call_link("secret", &link, at(0), at(60))
        .await
        .unwrap();
    assert_eq!(store.call_link("secret", at(59)).await.unwrap(), Some(link));
    assert_eq!(store.call_link("secret", at(60)).await.unwrap(), None);
    assert_eq!(store.call_link("other", at(0)).await.unwrap(), None);
}

fn person(key: &str, email: Option<&str>) -> Contact {
    Contact {
        key: key.to_owned(),
        name: format!("{key}さん"),
        phone: Some("+81-17-000-0000".to_owned()),
        email: email.map(str::to_owned),
        webhook: None,
    }
}

fn book() -> ContactBook {
    let firm = |code: &str, zones: &[&str], contacts: Vec<Contact>| Contractor {
        code: code.to_owned(),
        name: format!("{code}建設"),
        contract: ContractForm::Hourly,
        zones: zones.iter().map(|z| (*z).to_owned()).collect(),
        contacts,
    };
    ContactBook {
        contractors: vec![
            firm("suzuki", &["第2工区"], vec![person("hanako", None)]),
            firm(
                "yamada",
                &["第1工区", "第3工区"],
                vec![
                    person("taro", Some("taro@example.jp")),
                    person("jiro", None),
                ],
            ),
        ],
        officers: vec![person("sato", Some("sato@example.jp"))],
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_book_is_kept_in_versions(pool: PgPool) {
    let store = store_with_feeds(pool.clone(), &[]).await;
    let changes = store
        .keep_contact_book(MANAGER, &book(), at(0))
        .await
        .unwrap();
    let all = BookChanges {
        contractors: 2,
        contacts: 4,
        zones: 3,
        withdrawn: 0,
    };
    assert_eq!(changes, all);
    assert_eq!(store.contact_book(MANAGER).await.unwrap(), book());
    assert_eq!(
        store.contact_book("02").await.unwrap(),
        ContactBook::default()
    );
    let changes = store
        .keep_contact_book(MANAGER, &book(), at(1))
        .await
        .unwrap();
    assert_eq!(changes, BookChanges::default());

    let mut next = book();
    next.contractors[1].contacts[0].email = Some("taro@example.com".to_owned());
    next.contractors[1].zones.pop();
    next.contractors.remove(0);
    let changes = store
        .keep_contact_book(MANAGER, &next, at(2))
        .await
        .unwrap();
    // The firm, its contact and its zone, and the zone that was taken from the other.
    let fewer = BookChanges {
        contacts: 1,
        withdrawn: 4,
        ..BookChanges::default()
    };
    assert_eq!(changes, fewer);
    assert_eq!(store.contact_book(MANAGER).await.unwrap(), next);
    let versions = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM contact")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(versions, 6);
}
