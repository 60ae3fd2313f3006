//! No bytes make a decoder panic, and whatever they are, what it gives can be believed.

use crate::suite::{Fixture, facts, now};
use domain::fix::disbelieve_time;
use ingest::Decoded;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// One change of a payload.
#[derive(Debug, Clone)]
enum Change {
    /// Overwrites a byte.
    Set(prop::sample::Index, u8),
    /// Takes bytes out.
    Cut(prop::sample::Index, usize),
    /// Puts bytes in.
    Insert(prop::sample::Index, Vec<u8>),
    /// Repeats a stretch of itself elsewhere.
    Copy(prop::sample::Index, usize, prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<prop::sample::Index>;
    // What breaks readers of text: quotes, brackets, separators, long and odd numbers, NUL.
    let telling = prop::sample::select(vec![
        "\"",
        "'",
        "<",
        ">",
        "&",
        "]]>",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\0",
        "\r",
        "\n",
        "-",
        "－",
        "1e999",
        "-1",
        "99999999999999999999",
        "NaN",
        "null",
        "令和",
        "24:00",
        "2月30日",
        "&#0;",
        "<!--",
        "<![CDATA[",
        "\u{feff}",
        "\u{200b}",
    ]);
    prop_oneof![
        (place(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        (place(), 1usize..40).prop_map(|(at, count)| Change::Cut(at, count)),
        (place(), telling).prop_map(|(at, text)| Change::Insert(at, text.into())),
        (place(), vec(any::<u8>(), 1..8)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (place(), 1usize..200, place()).prop_map(|(from, count, to)| Change::Copy(from, count, to)),
    ]
}

fn apply(payload: &mut Vec<u8>, change: &Change) {
    if payload.is_empty() {
        return;
    }
    let end = |from: usize, count: usize| (from + count).min(payload.len());
    match change {
        Change::Set(at, byte) => {
            let at = at.index(payload.len());
            payload[at] = *byte;
        }
        Change::Cut(at, count) => {
            let from = at.index(payload.len());
            let to = end(from, *count);
            payload.drain(from..to);
        }
        Change::Insert(at, bytes) => {
            let at = at.index(payload.len());
            payload.splice(at..at, bytes.iter().copied());
        }
        Change::Copy(from, count, to) => {
            let from = from.index(payload.len());
            let stretch = payload[from..end(from, *count)].to_vec();
            let to = to.index(payload.len());
            payload.splice(to..to, stretch);
        }
    }
}

fn runner() -> TestRunner {
    TestRunner::new(Config {
        cases: 2000,
        ..Config::default()
    })
}

/// What holds of everything that a decoder gives, whatever it was given.
fn assert_believable(decoded: &Decoded) {
    for fix in &decoded.fixes {
        assert!(fix.at.is_valid(), "{fix:?}");
        assert_eq!(disbelieve_time(fix.observed_at, now()), None, "{fix:?}");
        assert!(!fix.vehicle_id.is_empty(), "{fix:?}");
        assert!(
            fix.speed_kmh.is_none_or(f64::is_finite) && fix.heading_deg.is_none_or(f64::is_finite)
        );
    }
    for observation in &decoded.observations {
        let missing = observation.flag == domain::observation::QualityFlag::Missing;
        assert_eq!(observation.value.is_none(), missing, "{observation:?}");
        assert!(
            observation.value.is_none_or(f64::is_finite),
            "{observation:?}"
        );
    }
    for entry in &decoded.work_log {
        assert!(entry.started_at <= entry.ended_at, "{entry:?}");
    }
    for plan in &decoded.plans {
        assert!(plan.from <= plan.until, "{plan:?}");
    }
    for rejection in &decoded.rejections {
        assert!(!rejection.reason.is_empty(), "{rejection:?}");
    }
    // No database keeps a NUL in its text.
    assert!(
        facts(decoded).iter().all(|fact| !fact.contains("\\0")),
        "{decoded:?}"
    );
}

pub(crate) fn no_bytes_make_it_panic(f: &Fixture) {
    runner()
        .run(&vec(any::<u8>(), 0..200), |bytes| {
            if let Ok(decoded) = f.decode(&bytes) {
                assert_believable(&decoded);
            }
            Ok(())
        })
        .unwrap();
}

pub(crate) fn no_mutation_makes_it_panic_or_lie(f: &Fixture) {
    let good = (f.wrap)(&f.records(3));
    runner()
        .run(&vec(change(), 1..6), |changes| {
            let mut payload = good.clone();
            for change in &changes {
                apply(&mut payload, change);
            }
            if let Ok(decoded) = f.decode(&payload) {
                assert_believable(&decoded);
            }
            Ok(())
        })
        .unwrap();
}
