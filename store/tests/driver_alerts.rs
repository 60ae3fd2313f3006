//! Drivers' subscriptions, and their messages: once written, at least once sent, gone with the driver.
#![allow(clippy::unwrap_used)]

mod support;

use domain::driver_alert::{Language, QuietHours, Schedule};
use jiff::SignedDuration;
use jiff::civil::time;
use sqlx::PgPool;
use store::{AlertEnd, AlertKind, DriverSubscription, NewAlert, PushAddress, Store, Watch};
use support::at;

fn asked() -> DriverSubscription {
    DriverSubscription {
        address: PushAddress {
            endpoint: "https://push.example/1".to_owned(),
            p256dh: vec![4; 65],
            auth: vec![1; 16],
        },
        language: Language::Easy,
        watch: Watch::Way(vec![[140.7, 40.8], [140.8, 40.9]]),
        schedule: Schedule {
            departure: time(6, 45, 0, 0),
            days: [true, true, true, true, true, false, true],
        },
        quiet: Some(QuietHours {
            from: time(22, 0, 0, 0),
            until: time(5, 59, 0, 0),
        }),
    }
}

fn alert(seconds: i64) -> NewAlert {
    NewAlert {
        kind: AlertKind::Departure,
        due_at: at(seconds),
        title: "通勤路".to_owned(),
        body: "除雪済み".to_owned(),
    }
}

const LEASE: SignedDuration = SignedDuration::from_secs(30);

#[sqlx::test(migrations = "../migrations")]
async fn a_subscription_is_kept_as_asked_and_forgotten_whole(pool: PgPool) {
    let store = Store::over(pool.clone());
    store
        .keep_subscription("t", &asked(), at(100), at(0))
        .await
        .unwrap();
    let kept = store.subscription("t").await.unwrap().unwrap();
    assert_eq!(kept.subscription, asked());
    assert_eq!((kept.next_due_at, kept.closed), (at(100), false));
    assert_eq!(store.subscription("other").await.unwrap(), None);

    let area = DriverSubscription {
        watch: Watch::Area([140.0, 40.0, 141.0, 41.0]),
        quiet: None,
        ..asked()
    };
    store
        .keep_subscription("t", &area, at(200), at(1))
        .await
        .unwrap();
    let changed = store.subscription("t").await.unwrap().unwrap();
    assert_eq!((changed.id, &changed.subscription), (kept.id, &area));

    let written = store
        .write_departure_alert(&changed, Some(&alert(200)), false, at(300), at(200))
        .await;
    assert!(written.unwrap());
    assert!(store.forget_subscription("t").await.unwrap());
    assert!(!store.forget_subscription("t").await.unwrap());
    let left = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM driver_alert");
    assert_eq!(
        left.fetch_one(&pool).await.unwrap(),
        0,
        "nothing of a driver stays"
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn each_departure_has_one_message_however_many_look(pool: PgPool) {
    let store = Store::over(pool);
    store
        .keep_subscription("t", &asked(), at(100), at(0))
        .await
        .unwrap();
    assert_eq!(store.due_subscriptions(at(99), 10).await.unwrap(), []);
    let due = store.due_subscriptions(at(100), 10).await.unwrap();
    let first = alert(100);
    let write = || store.write_departure_alert(&due[0], Some(&first), true, at(900), at(100));
    assert!(write().await.unwrap());
    assert!(!write().await.unwrap(), "another process was faster");
    assert_eq!(store.due_subscriptions(at(800), 10).await.unwrap(), []);
    let all = store.subscriptions_after(0, 10).await.unwrap();
    assert!(all[0].closed);
    assert!(
        !store
            .write_closure_alert(all[0].id, None, true, at(101))
            .await
            .unwrap()
    );
    assert!(
        store
            .write_closure_alert(all[0].id, None, false, at(101))
            .await
            .unwrap()
    );

    let lease = store.lease_alerts(10, LEASE, at(100)).await.unwrap();
    assert_eq!(
        (lease.len(), lease[0].attempt, lease[0].body.as_str()),
        (1, 1, "除雪済み")
    );
    assert_eq!(
        store.lease_alerts(10, LEASE, at(100)).await.unwrap(),
        [],
        "it is leased"
    );
    let retry = AlertEnd::Retry(at(160));
    assert!(
        store
            .settle_alert(&lease[0], retry, "503", at(101))
            .await
            .unwrap()
    );
    assert_eq!(store.lease_alerts(10, LEASE, at(159)).await.unwrap(), []);
    let again = store
        .lease_alerts(10, SignedDuration::ZERO, at(160))
        .await
        .unwrap();
    assert_eq!((again[0].id, again[0].attempt), (lease[0].id, 2));
    // Its lease has ended: the next one's report counts.
    let third = store.lease_alerts(10, LEASE, at(161)).await.unwrap();
    assert!(
        !store
            .settle_alert(&again[0], AlertEnd::Sent, "", at(162))
            .await
            .unwrap()
    );
    assert!(
        store
            .settle_alert(&third[0], AlertEnd::Sent, "", at(163))
            .await
            .unwrap()
    );
    assert_eq!(store.lease_alerts(10, LEASE, at(9000)).await.unwrap(), []);
    assert_eq!(store.forget_alerts_before(at(163)).await.unwrap(), 0);
    assert_eq!(store.forget_alerts_before(at(164)).await.unwrap(), 1);
}
