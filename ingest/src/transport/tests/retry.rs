use crate::transport::{Circuit, FailureKind, RetryPolicy};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-01-15T06:00:00+09:00".parse().unwrap()
}

fn pause_s(every_s: i64, failures: u32, kind: FailureKind, jitter: f64) -> i64 {
    RetryPolicy::for_interval(SignedDuration::from_secs(every_s))
        .after_failure(failures, kind, now(), jitter)
        .next_attempt_at
        .duration_since(now())
        .as_secs()
}

#[test]
fn pauses_grow_and_a_feed_that_is_asked_seldom_is_tried_again_soon() {
    let told = |secs| FailureKind::Told {
        until: now()
            .saturating_add(SignedDuration::from_secs(secs))
            .unwrap(),
    };
    use FailureKind::{Lasting, Passing, Unreadable};
    // (every, failures before, kind, jitter) → pause, all in seconds.
    let cases = [
        (10, 0, Passing, 0.0, 10),
        (10, 1, Passing, 0.0, 20),
        (10, 3, Passing, 0.0, 80),
        (10, 3, Passing, 1.0, 120),
        (3600, 0, Passing, 0.0, 30),
        (3600, 3, Unreadable, 0.0, 240),
        // The circuit opens: trials each ten intervals, though each 10 min at the least, or each
        // interval; jitter goes no further.
        (5, 4, Passing, 0.0, 50),
        (10, 4, Passing, 0.0, 100),
        (10, 40, Passing, 1.0, 150),
        (60, 4, Passing, 1.0, 600),
        (120, 4, Passing, 0.0, 600),
        (3600, 4, Passing, 0.0, 3600),
        (3600, 4, Passing, 1.0, 3600),
        // Asking a refusal again soon is no use.
        (10, 0, Lasting, 0.0, 100),
        (3600, 0, Lasting, 0.0, 3600),
        // A server's own wish is kept, but not for days, and never makes us come back sooner.
        (10, 0, told(300), 0.0, 300),
        (10, 3, told(1), 0.0, 80),
        (10, 0, told(86_400 * 30), 0.0, 6 * 3600),
        (10, 4, told(5), 0.0, 100),
    ];
    for (every, failures, kind, jitter, wanted) in cases {
        let pause = pause_s(every, failures, kind, jitter);
        assert_eq!(pause, wanted, "every {every}, after {failures}, {kind:?}");
    }
}

#[test]
fn the_circuit_opens_once_is_tried_and_closes_with_a_success() {
    let policy = RetryPolicy::for_interval(SignedDuration::from_secs(30));
    let opened: Vec<bool> = (0..8)
        .map(|n| {
            policy
                .after_failure(n, FailureKind::Passing, now(), 0.0)
                .just_opened
        })
        .collect();
    assert_eq!(
        opened,
        [false, false, false, false, true, false, false, false]
    );
    let later = now().saturating_add(SignedDuration::from_mins(10)).unwrap();
    assert_eq!(policy.circuit(4, later, now()), Circuit::Closed);
    assert_eq!(policy.circuit(5, later, now()), Circuit::Open);
    assert_eq!(policy.circuit(5, later, later), Circuit::HalfOpen);
    assert_eq!(policy.circuit(0, later, now()), Circuit::Closed);
}

proptest! {
    #[test]
    fn a_pause_is_never_shorter_than_without_jitter_nor_over_half_longer(
        every in 1i64..100_000, failures in any::<u32>(), jitter in any::<f64>(),
    ) {
        let plain = pause_s(every, failures, FailureKind::Passing, 0.0);
        let pause = pause_s(every, failures, FailureKind::Passing, jitter);
        prop_assert!(plain >= every.min(30));
        prop_assert!((plain..=plain + plain / 2 + 1).contains(&pause));
    }
}
