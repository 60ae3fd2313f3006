#![allow(clippy::unwrap_used)]

use super::*;
use crate::ascii_map::parse;
use jiff::SignedDuration;
use proptest::prelude::*;

fn jst(text: &str) -> Timestamp {
    format!("2026-{text}:00+09:00").parse().unwrap()
}

fn closure(kind: ClosureKind, since: &str, until: Option<&str>, daily: Option<[i8; 2]>) -> Closure {
    Closure {
        id: "1".to_owned(),
        kind,
        reason: String::new(),
        since: jst(since),
        until: until.map(jst),
        daily: daily.map(|[from, until]| DailyWindow {
            from: Time::constant(from, 0, 0, 0),
            until: Time::constant(until, 0, 0, 0),
        }),
        place: Place::default(),
    }
}

#[test]
fn a_closure_holds_within_its_days_and_hours() {
    let winter = closure(
        ClosureKind::Winter,
        "01-10T12:00",
        Some("04-01T10:00"),
        None,
    );
    let endless = closure(ClosureKind::Closed, "01-10T12:00", None, None);
    let nights = closure(
        ClosureKind::Winter,
        "01-10T12:00",
        Some("04-01T02:00"),
        Some([18, 8]),
    );
    let days = closure(ClosureKind::Closed, "01-10T12:00", None, Some([9, 17]));
    let all_day = closure(ClosureKind::Closed, "01-10T12:00", None, Some([0, 0]));
    let never = closure(
        ClosureKind::Closed,
        "01-10T12:00",
        Some("01-09T00:00"),
        None,
    );
    let cases: [(&str, &Closure, &str, bool, Option<&str>); 20] = [
        (
            "before it",
            &winter,
            "01-10T11:59",
            false,
            Some("01-10T12:00"),
        ),
        (
            "from its start",
            &winter,
            "01-10T12:00",
            true,
            Some("04-01T10:00"),
        ),
        (
            "to its end",
            &winter,
            "04-01T09:59",
            true,
            Some("04-01T10:00"),
        ),
        ("no longer", &winter, "04-01T10:00", false, None),
        ("until further notice", &endless, "02-01T00:00", true, None),
        (
            "before its first night",
            &nights,
            "01-10T12:00",
            false,
            Some("01-10T18:00"),
        ),
        (
            "long before it",
            &nights,
            "01-02T20:00",
            false,
            Some("01-10T18:00"),
        ),
        (
            "in the evening",
            &nights,
            "01-10T18:00",
            true,
            Some("01-11T08:00"),
        ),
        (
            "over midnight",
            &nights,
            "01-11T00:00",
            true,
            Some("01-11T08:00"),
        ),
        (
            "before the morning",
            &nights,
            "01-11T07:59",
            true,
            Some("01-11T08:00"),
        ),
        (
            "in the morning",
            &nights,
            "01-11T08:00",
            false,
            Some("01-11T18:00"),
        ),
        (
            "the last night",
            &nights,
            "03-31T23:00",
            true,
            Some("04-01T02:00"),
        ),
        ("after its last night", &nights, "04-01T02:00", false, None),
        (
            "by day, at its start",
            &days,
            "01-10T12:00",
            true,
            Some("01-10T17:00"),
        ),
        (
            "by day, at night",
            &days,
            "01-10T17:00",
            false,
            Some("01-11T09:00"),
        ),
        (
            "by day, before it began",
            &days,
            "01-10T09:30",
            false,
            Some("01-10T12:00"),
        ),
        ("around the clock", &all_day, "01-12T00:00", true, None),
        (
            "around the clock, before",
            &all_day,
            "01-09T00:00",
            false,
            Some("01-10T12:00"),
        ),
        ("ends before it begins", &never, "01-09T12:00", false, None),
        ("and after", &never, "01-11T12:00", false, None),
    ];
    for (name, closure, now, holds, next) in cases {
        assert_eq!(closure.holds_at(jst(now)), holds, "{name}");
        assert_eq!(closure.next_change_after(jst(now)), next.map(jst), "{name}");
    }
}

#[test]
fn only_kinds_that_shut_the_road_close_segments() {
    let map = parse("A----B----C----D", 20.0);
    let network = map.network(&[("AB", &[]), ("BC", &[]), ("CD", &[])]);
    let (ab, bc) = (map.segment(&network, "AB"), map.segment(&network, "BC"));
    let on = |segment, from_m, to_m| SegmentStretch {
        segment,
        from_m,
        to_m,
        direction: None,
    };
    let stretches = [on(ab, 40.0, 100.0), on(bc, 0.0, 8.0)];
    for kind in ClosureKind::ALL.map(|k| k.0) {
        let closure = closure(kind, "01-10T12:00", None, Some([18, 8]));
        let closed = |now| closed_segments(&network, [(&closure, &stretches[..])], jst(now));
        let expected: BTreeSet<u32> = match kind {
            // Part of A–B is closed, and only the mouth of B–C.
            ClosureKind::Winter | ClosureKind::Closed => [ab].into(),
            ClosureKind::OneLane | ClosureKind::Restricted => [].into(),
        };
        assert_eq!(closed("01-11T02:00"), expected, "{kind:?}");
        assert_eq!(closed("01-11T12:00"), [].into(), "{kind:?}");
    }
}

proptest! {
    #[test]
    fn between_changes_nothing_changes(
        since_h in 0i64..200,
        length_h in prop::option::of(0i64..300),
        from in 0i8..24,
        until in 0i8..24,
        is_daily in any::<bool>(),
        now_min in 0i64..30_000,
    ) {
        let start = jst("01-01T00:00");
        let since = start + SignedDuration::from_hours(since_h);
        let closure = Closure {
            since,
            until: length_h.map(|h| since + SignedDuration::from_hours(h)),
            ..closure(ClosureKind::Closed, "01-01T00:00", None, is_daily.then_some([from, until]))
        };
        let now = start + SignedDuration::from_mins(now_min);
        let holds = closure.holds_at(now);
        let next = closure.next_change_after(now);
        let horizon = next.unwrap_or(now + SignedDuration::from_hours(800));
        let mut at = now;
        while at < horizon {
            prop_assert_eq!(closure.holds_at(at), holds, "{} before {:?}", at, next);
            at += SignedDuration::from_mins(30);
        }
        if let Some(next) = next {
            prop_assert!(next > now && closure.holds_at(next) != holds);
        }
    }
}
