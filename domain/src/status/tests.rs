#![allow(clippy::unwrap_used)]

use super::*;

fn at(minutes_ago: i64) -> Option<Timestamp> {
    Some(now() - SignedDuration::from_mins(minutes_ago))
}

fn now() -> Timestamp {
    "2026-01-15T06:00:00+09:00".parse().unwrap()
}

fn facts(cleared: Option<Timestamp>, worked: Option<Timestamp>) -> DirectionFacts {
    DirectionFacts {
        cleared_at: cleared,
        passed_at: worked,
        worked_at: worked,
        work: worked.map(|_| WorkKind::Plowing),
        passes: u16::from(cleared.is_some()),
        confidence: Confidence::Seen,
    }
}

#[test]
fn the_first_state_that_applies_counts() {
    let none = Standing::default();
    let closed = Standing {
        closed: true,
        melting: true,
        ..none
    };
    let off_plan = Standing {
        off_plan: true,
        melting: true,
        ..none
    };
    let melting = Standing {
        melting: true,
        ..none
    };
    use Contact::{Heard, Silent, Uncovered, UnitsMissing};
    let cases = [
        (
            "closed beats everything",
            facts(at(5), at(5)),
            closed,
            Silent,
            State::Closed,
        ),
        (
            "off plan",
            facts(None, None),
            off_plan,
            Heard,
            State::OffPlan,
        ),
        (
            "melting",
            facts(None, None),
            melting,
            Silent,
            State::Melting,
        ),
        (
            "nobody speaks for it",
            facts(None, None),
            none,
            Uncovered,
            State::NoData,
        ),
        (
            "a silent feed",
            facts(at(5), at(5)),
            none,
            Silent,
            State::Unconfirmed,
        ),
        (
            "units on duty that are not heard",
            facts(at(5), at(5)),
            none,
            UnitsMissing,
            State::Unconfirmed,
        ),
        (
            "units missing on a road that melts its snow",
            facts(None, None),
            melting,
            UnitsMissing,
            State::Melting,
        ),
        (
            "units missing on a closed road",
            facts(None, None),
            closed,
            UnitsMissing,
            State::Closed,
        ),
        (
            "being worked on",
            facts(None, at(3)),
            none,
            Heard,
            State::Working,
        ),
        (
            "worked on again after clearing",
            facts(at(90), at(3)),
            none,
            Heard,
            State::Working,
        ),
        ("cleared", facts(at(3), at(3)), none, Heard, State::Cleared),
        (
            "a pass alone covers it",
            facts(at(3), at(3)),
            none,
            Uncovered,
            State::Cleared,
        ),
        (
            "work that stopped half way",
            facts(None, at(11)),
            none,
            Heard,
            State::Uncleared,
        ),
        (
            "cleared too long ago",
            facts(at(721), at(721)),
            none,
            Heard,
            State::Uncleared,
        ),
        (
            "never cleared, its feed heard",
            facts(None, None),
            none,
            Heard,
            State::Uncleared,
        ),
    ];
    for (name, facts, standing, contact, expected) in cases {
        let state = direction_state(
            &facts,
            standing,
            contact,
            None,
            &StatusPolicy::default(),
            now(),
        );
        assert_eq!(state, expected, "{name}");
    }
}

#[test]
fn digits_stand_where_the_contract_says() {
    let facts = SegmentFacts {
        forward: facts(at(30), at(30)),
        backward: DirectionFacts {
            confidence: Confidence::Weak,
            ..facts(None, at(3))
        },
    };
    let status = SegmentStatus::derive(
        &facts,
        Standing::default(),
        Contact::Heard,
        &SegmentSnow {
            threshold_cm: 10.0,
            forward: Some(DirectionSnow {
                new_cm: 3.0,
                began_at: None,
            }),
            backward: None,
        },
        SegmentStatus::default(),
        &StatusPolicy::default(),
        now(),
    );
    assert_eq!(status.status, 202_154);
    assert_eq!(status.state(Direction::Forward), State::Cleared);
    assert_eq!(status.state(Direction::Backward), State::Working);
    assert_eq!(
        i64::from(status.cleared_fwd_min),
        at(30).unwrap().as_second() / 60
    );
    assert_eq!(status.cleared_rev_min, 0);
}

#[test]
fn codes_are_those_of_the_design() {
    for (code, state) in State::ALL.into_iter().enumerate() {
        assert_eq!(state.code() as usize, code);
        assert_eq!(State::from_code(code as u32), Some(state));
    }
}

#[test]
fn a_feed_is_silent_after_three_intervals() {
    let policy = StatusPolicy::default();
    let minute = SignedDuration::from_mins(1);
    assert!(!policy.is_silent(at(3), minute, now()));
    assert!(policy.is_silent(at(4), minute, now()));
    assert!(policy.is_silent(None, minute, now()));
}

#[test]
fn where_the_field_tells_new_snow_the_hours_do_not_count() {
    let snow = |new_cm| {
        Some((
            DirectionSnow {
                new_cm,
                began_at: at(900),
            },
            10.0,
        ))
    };
    let cases = [
        (
            "cleared long ago",
            facts(at(800), at(800)),
            snow(3.0),
            State::Cleared,
        ),
        (
            "cleared an hour ago",
            facts(at(60), at(60)),
            snow(11.0),
            State::Uncleared,
        ),
        (
            "cleared before it snowed",
            facts(at(1000), at(1000)),
            snow(3.0),
            State::BelowThreshold,
        ),
        (
            "a plow on it",
            facts(None, at(3)),
            snow(30.0),
            State::Working,
        ),
    ];
    for (name, facts, snow, expected) in cases {
        let policy = StatusPolicy::default();
        let none = Standing::default();
        let state = direction_state(&facts, none, Contact::Heard, snow, &policy, now());
        assert_eq!(state, expected, "{name}");
    }
    let closed = Standing {
        closed: true,
        ..Standing::default()
    };
    let facts = facts(at(60), at(60));
    let (policy, snow) = (StatusPolicy::default(), snow(3.0));
    let silent = direction_state(
        &facts,
        Standing::default(),
        Contact::Silent,
        snow,
        &policy,
        now(),
    );
    assert_eq!(silent, State::Unconfirmed);
    assert_eq!(
        direction_state(&facts, closed, Contact::Heard, snow, &policy, now()),
        State::Closed
    );
}
