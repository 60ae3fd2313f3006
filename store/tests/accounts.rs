//! Accounts, sessions, invitations and failed sign-ins.
#![allow(clippy::unwrap_used)]

mod support;

use domain::sign_in::{FORGOTTEN_AFTER, Role, SessionLife};
use jiff::SignedDuration;
use sqlx::PgPool;
use store::{Membership, RoleChange, Store};
use support::{at, store_with_feeds};

const LIFE: SessionLife = SessionLife {
    idle: SignedDuration::from_secs(1000),
    longest: SignedDuration::from_secs(2500),
};

fn admin_of(code: &str) -> Membership {
    Membership {
        manager_code: code.to_owned(),
        role: Role::Admin,
    }
}

async fn account(store: &Store, email: &str) -> i64 {
    let made = store.make_account(email, "佐藤", Some("phc"), at(0)).await;
    made.unwrap().unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn an_account_has_a_role_per_manager(pool: PgPool) {
    let store = store_with_feeds(pool, &["a"]).await;
    let id = account(&store, "a@example.jp").await;
    let again = store
        .make_account("a@example.jp", "鈴木", None, at(1))
        .await;
    assert_eq!(again.unwrap(), None, "one account per address");
    let grant = |m: Membership| {
        let store = store.clone();
        async move { store.grant_role(id, &m, "県 高橋", at(0)).await }
    };
    assert!(grant(admin_of("02201")).await.unwrap());
    assert!(!grant(admin_of("02201")).await.unwrap());
    assert!(grant(admin_of("99999")).await.is_err(), "no such manager");
    let (found, phc) = store
        .account_by_email("a@example.jp")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.name.as_str(), phc.as_deref()), ("佐藤", Some("phc")));
    assert_eq!(found.memberships, [admin_of("02201")]);
    assert_eq!(store.accounts(Some("02201")).await.unwrap(), [found]);
    assert_eq!(store.accounts(Some("02")).await.unwrap(), []);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_last_admin_stays(pool: PgPool) {
    let store = store_with_feeds(pool, &["a"]).await;
    let (a, b) = (
        account(&store, "a@example.jp").await,
        account(&store, "b@example.jp").await,
    );
    store
        .grant_role(a, &admin_of("02201"), "x", at(0))
        .await
        .unwrap();
    let change = |id: i64, role: Option<Role>| {
        let store = store.clone();
        async move {
            store
                .change_role(id, "02201", role, "x", at(1))
                .await
                .unwrap()
        }
    };
    assert_eq!(change(b, Some(Role::Admin)).await, RoleChange::NotThere);
    assert_eq!(change(a, Some(Role::Viewer)).await, RoleChange::LastAdmin);
    assert_eq!(change(a, None).await, RoleChange::LastAdmin);
    store
        .grant_role(b, &admin_of("02201"), "x", at(0))
        .await
        .unwrap();
    // Each takes the other's role at once: one of them must fail.
    let (one, other) = tokio::join!(change(a, None), change(b, None));
    let mut found = [one, other];
    found.sort_by_key(|change| *change == RoleChange::Done);
    assert_eq!(found, [RoleChange::LastAdmin, RoleChange::Done]);
    assert_eq!(store.accounts(Some("02201")).await.unwrap().len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_session_slides_and_ends(pool: PgPool) {
    let store = store_with_feeds(pool, &["a"]).await;
    let id = account(&store, "a@example.jp").await;
    let seen = |token: &'static str, seconds: i64| {
        let store = store.clone();
        async move {
            let found = store.session_account(token, LIFE, at(seconds)).await;
            found.unwrap().map(|account| account.id)
        }
    };
    store.open_session("t", id, LIFE, at(0)).await.unwrap();
    assert_eq!(seen("u", 1).await, None);
    for seconds in [900, 1800, 2400] {
        assert_eq!(seen("t", seconds).await, Some(id), "{seconds} s");
    }
    assert_eq!(seen("t", 2501).await, None, "its longest life is over");
    store.open_session("t2", id, LIFE, at(0)).await.unwrap();
    assert_eq!(seen("t2", 1001).await, None, "nothing was heard of it");

    for token in ["a", "b", "c"] {
        store.open_session(token, id, LIFE, at(0)).await.unwrap();
    }
    store.end_session("a").await.unwrap();
    assert_eq!((seen("a", 1).await, seen("b", 1).await), (None, Some(id)));
    assert!(store.end_sessions_of(id).await.unwrap() >= 2);
    assert_eq!(seen("b", 1).await, None);

    store.open_session("d", id, LIFE, at(0)).await.unwrap();
    store.disable_account(id, Some(at(1))).await.unwrap();
    assert_eq!(seen("d", 2).await, None);
    store.disable_account(id, None).await.unwrap();
    assert_eq!(seen("d", 2).await, None, "it does not come back");
}

#[sqlx::test(migrations = "../migrations")]
async fn an_invitation_is_taken_once_and_in_time(pool: PgPool) {
    let store = store_with_feeds(pool, &["a"]).await;
    let id = account(&store, "a@example.jp").await;
    let take = |token: &'static str, seconds: i64| {
        let store = store.clone();
        async move {
            store
                .take_invitation(token, "new", at(seconds))
                .await
                .unwrap()
        }
    };
    store
        .keep_invitation("i", id, at(0), at(100))
        .await
        .unwrap();
    store
        .keep_invitation("j", id, at(0), at(100))
        .await
        .unwrap();
    store.open_session("s", id, LIFE, at(0)).await.unwrap();
    assert_eq!(take("i", 1).await, None, "a newer one was made");
    assert_eq!(take("j", 101).await, None, "too late");
    let (one, other) = tokio::join!(take("j", 2), take("j", 2));
    assert_eq!([one, other].iter().flatten().count(), 1);
    let session = store.session_account("s", LIFE, at(3)).await.unwrap();
    assert_eq!(session, None, "whoever was in is out");
    let (_, phc) = store
        .account_by_email("a@example.jp")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(phc.as_deref(), Some("new"));
}

#[sqlx::test(migrations = "../migrations")]
async fn failures_are_counted_one_by_one_and_forgotten(pool: PgPool) {
    let store = store_with_feeds(pool, &["a"]).await;
    let subjects = ["account a".to_owned(), "address 1".to_owned()];
    let fail = |seconds: i64| {
        let (store, subjects) = (store.clone(), subjects.clone());
        async move {
            let gate = store.sign_in_gate(&subjects, at(seconds)).await.unwrap();
            let counts: Vec<u32> = gate.failures.iter().map(|f| f.count).collect();
            gate.count_failure(at(seconds)).await.unwrap();
            counts
        }
    };
    let side_by_side = tokio::join!(fail(0), fail(0), fail(0), fail(0));
    let mut seen = [
        side_by_side.0,
        side_by_side.1,
        side_by_side.2,
        side_by_side.3,
    ];
    seen.sort();
    assert_eq!(seen, [vec![0, 0], vec![1, 1], vec![2, 2], vec![3, 3]]);
    // Who only looks counts nothing.
    drop(store.sign_in_gate(&subjects, at(1)).await.unwrap());
    assert_eq!(fail(1).await, [4, 4]);
    store.forget_failures(&subjects[..1], at(2)).await.unwrap();
    assert_eq!(fail(2).await, [0, 5]);
    let later = 3 + FORGOTTEN_AFTER.as_secs();
    fail(later).await;
    assert_eq!(fail(later).await, [1, 1], "what is long ago counts no more");
    store.forget_failures(&[], at(2 * later)).await.unwrap();
    assert_eq!(fail(2 * later).await, [0, 0]);
}
