//! What every format promises.

use domain::fix::unique_fixes;
use ingest::formats::{Decoder, FeedFormat, MAX_PAYLOAD_BYTES, decode_within};
use ingest::{DecodeError, Decoded};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// What becomes of a record whose time can't be of something that has happened lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OddTime {
    /// It is rejected.
    Rejected,
    /// It is a fact of this format, as the window of a plan is.
    Kept,
}

/// A format's records, from which the suite makes payloads.
pub(crate) struct Fixture {
    /// The format.
    pub(crate) format: FeedFormat,
    /// Its section of the configuration, TOML.
    pub(crate) keys: &'static str,
    /// A good record of this time. `n` tells records apart (a vehicle's or a zone's name); `at` is
    /// whole minutes, and two records never share both.
    pub(crate) record: fn(n: usize, at: Timestamp) -> String,
    /// A record that must be rejected for its own sake, and the field that is to be named.
    pub(crate) bad_record: fn() -> (String, &'static str),
    /// A payload of these records, in order. It holds each record's text as it is, unless `is_text` is
    /// false.
    pub(crate) wrap: fn(&[String]) -> Vec<u8>,
    /// Facts that a record makes.
    pub(crate) facts_per_record: usize,
    /// Whether a record that stands twice is two facts (the payload's form may not allow it).
    pub(crate) repeats: bool,
    /// Whether a payload is text. KMZ is not, and has no encoding to be wrong.
    pub(crate) is_text: bool,
    /// Times an hour ahead of the clock.
    pub(crate) future: OddTime,
    /// Times three years ago.
    pub(crate) years_old: OddTime,
}

impl Fixture {
    /// The decoder under the fixture's keys.
    pub(crate) fn decoder(&self) -> Arc<dyn Decoder> {
        let keys = toml::Deserializer::parse(self.keys).expect("keys are TOML");
        let decoder = self.format.section(keys).expect("keys are the format's");
        decoder.check().expect("keys are good");
        decoder
    }

    /// What a payload says.
    pub(crate) fn decode(&self, payload: &[u8]) -> Result<Decoded, DecodeError> {
        decode_within(self.decoder().as_ref(), MAX_PAYLOAD_BYTES, payload, now())
    }

    /// Good records, one each ten minutes, the last ten minutes ago.
    pub(crate) fn records(&self, count: usize) -> Vec<String> {
        (0..count)
            .map(|n| {
                let ago = SignedDuration::from_mins(10 * (count - n) as i64);
                (self.record)(n, now() - ago)
            })
            .collect()
    }
}

/// The suite's clock.
pub(crate) fn now() -> Timestamp {
    "2026-01-15T06:00:00+09:00".parse().unwrap()
}

/// Every fact of a payload as text. Stations are left out: many records may describe one.
pub(crate) fn facts(decoded: &Decoded) -> Vec<String> {
    fn texts<T: std::fmt::Debug>(facts: &[T]) -> impl Iterator<Item = String> {
        facts.iter().map(|fact| format!("{fact:?}"))
    }
    texts(&decoded.fixes)
        .chain(texts(&decoded.observations))
        .chain(texts(&decoded.orders))
        .chain(texts(&decoded.plans))
        .chain(texts(&decoded.closures))
        .chain(texts(&decoded.work_log))
        .chain(texts(&decoded.snow_forecasts))
        .collect()
}

/// Whether every rejection says what is wrong, and with what.
fn assert_rejections_are_told(decoded: &Decoded) {
    for rejection in &decoded.rejections {
        assert!(!rejection.reason.trim().is_empty(), "{rejection:?}");
    }
}

pub(crate) fn good(f: &Fixture) {
    let payload = (f.wrap)(&f.records(5));
    let decoded = f.decode(&payload).unwrap();
    assert_eq!(decoded.rejections, []);
    let facts = facts(&decoded);
    assert_eq!(facts.len(), 5 * f.facts_per_record, "{facts:#?}");
    assert_eq!(
        f.decode(&payload),
        Ok(decoded),
        "the same payload says the same"
    );
}

pub(crate) fn empty(f: &Fixture) {
    if let Ok(decoded) = f.decode(&(f.wrap)(&[])) {
        assert_eq!(
            (facts(&decoded), decoded.rejections),
            (Vec::new(), Vec::new())
        );
    }
    for nothing in ["", " ", "\n\n"] {
        let error = f
            .decode(nothing.as_bytes())
            .expect_err("nothing at all is an error");
        assert!(!error.0.trim().is_empty());
    }
}

/// A payload that is cut anywhere gives facts of the whole, and what was read of it isn't dropped
/// silently. Only the record that is cut may be read differently: `40.71` is a number even as `40.7`.
pub(crate) fn truncated(f: &Fixture) {
    let records = f.records(3);
    let payload = (f.wrap)(&records);
    let whole = facts(&f.decode(&payload).unwrap());
    if !f.is_text {
        for cut in 0..payload.len() {
            let _ = f.decode(&payload[..cut]);
        }
        return;
    }
    let text = std::str::from_utf8(&payload).unwrap();
    let mut from = 0;
    let ends: Vec<usize> = records
        .iter()
        .map(|record| {
            from += text[from..].find(record.as_str()).expect("a record's text") + record.len();
            from
        })
        .collect();
    for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
        let Ok(decoded) = f.decode(&payload[..cut]) else {
            continue;
        };
        assert_rejections_are_told(&decoded);
        let seen = facts(&decoded);
        let sure = ends.iter().filter(|end| **end <= cut).count();
        let certain = (sure * f.facts_per_record).min(seen.len());
        assert_eq!(seen[..certain], whole[..certain], "cut at byte {cut}");
        let accounted = seen.len() + decoded.rejections.len() * f.facts_per_record;
        assert!(
            accounted >= sure * f.facts_per_record,
            "dropped silently when cut at byte {cut}"
        );
    }
}

pub(crate) fn wrong_encoding(f: &Fixture) {
    let payload = (f.wrap)(&f.records(3));
    for at in (0..payload.len()).step_by(1 + payload.len() / 40) {
        let mut bad = payload.clone();
        // Neither UTF-8 nor CP932 has these.
        bad.splice(at..at, [0xFF, 0xFF]);
        match f.decode(&bad) {
            Err(error) if f.is_text => {
                assert!(
                    error.0.contains("byte"),
                    "where it is wrong is not said: {error}"
                );
            }
            Err(_) => {}
            Ok(decoded) => {
                assert!(!f.is_text, "bytes that are no text were taken for text");
                assert!(!format!("{decoded:?}").contains('\u{fffd}'));
            }
        }
    }
}

pub(crate) fn every_right_encoding(f: &Fixture) {
    if !f.is_text {
        return;
    }
    let payload = (f.wrap)(&f.records(3));
    let text = std::str::from_utf8(&payload).unwrap();
    let wanted = f.decode(&payload);
    let marked = [b"\xEF\xBB\xBF", payload.as_slice()].concat();
    let utf16: Vec<u8> = b"\xFF\xFE"
        .iter()
        .copied()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let (cp932, _, lossy) = encoding_rs::SHIFT_JIS.encode(text);
    assert!(!lossy, "the fixture's text can be written in CP932");
    for (name, bytes) in [
        ("UTF-8 with a mark", &marked[..]),
        ("UTF-16", &utf16),
        ("CP932", &cp932),
    ] {
        assert_eq!(f.decode(bytes), wanted, "{name}");
    }
}

pub(crate) fn one_bad_record(f: &Fixture) {
    let records = f.records(4);
    let wanted = facts(&f.decode(&(f.wrap)(&records)).unwrap());
    let (bad, field) = (f.bad_record)();
    for place in 0..=records.len() {
        let mut mixed = records.clone();
        mixed.insert(place, bad.clone());
        let decoded = f.decode(&(f.wrap)(&mixed)).unwrap();
        assert_eq!(facts(&decoded), wanted, "the rest goes on");
        let [rejection] = decoded.rejections.as_slice() else {
            panic!("one rejection is wanted: {:?}", decoded.rejections);
        };
        assert_eq!(rejection.field, field);
        assert!(!rejection.reason.trim().is_empty() && !rejection.record.trim().is_empty());
    }
}

pub(crate) fn duplicates(f: &Fixture) {
    let records = f.records(2);
    let wanted = facts(&f.decode(&(f.wrap)(&records)).unwrap());
    let twice = [records.clone(), records].concat();
    if !f.repeats {
        // The form can't repeat a record; it must not break on the attempt.
        let _ = f.decode(&(f.wrap)(&twice));
        return;
    }
    let decoded = f.decode(&(f.wrap)(&twice)).unwrap();
    assert_eq!(decoded.rejections, []);
    assert_eq!(
        facts(&decoded),
        [wanted.clone(), wanted].concat(),
        "repeats are told as they come"
    );
    let fixes = decoded.fixes.len();
    let (unique, conflicts) = unique_fixes(decoded.fixes.into_facts());
    assert_eq!((unique.len(), conflicts.len()), (fixes / 2, 0));
}

pub(crate) fn out_of_order(f: &Fixture) {
    let mut records = f.records(5);
    let sorted = |records: &[String]| {
        let mut facts = facts(&f.decode(&(f.wrap)(records)).unwrap());
        facts.sort();
        facts
    };
    let wanted = sorted(&records);
    records.reverse();
    assert_eq!(sorted(&records), wanted);
    records.swap(1, 3);
    assert_eq!(sorted(&records), wanted);
}

pub(crate) fn future_times(f: &Fixture) {
    odd_time(f, now() + SignedDuration::from_hours(1), f.future);
}

pub(crate) fn years_old_times(f: &Fixture) {
    odd_time(
        f,
        now() - SignedDuration::from_hours(24 * 365 * 3),
        f.years_old,
    );
}

fn odd_time(f: &Fixture, at: Timestamp, wanted: OddTime) {
    let mut records = f.records(2);
    records.insert(1, (f.record)(9, at));
    let decoded = f.decode(&(f.wrap)(&records)).unwrap();
    assert_rejections_are_told(&decoded);
    let good = if wanted == OddTime::Kept { 3 } else { 2 };
    assert_eq!(
        facts(&decoded).len(),
        good * f.facts_per_record,
        "{decoded:#?}"
    );
    assert_eq!(
        decoded.rejections.is_empty(),
        wanted == OddTime::Kept,
        "{:?}",
        decoded.rejections
    );
}

pub(crate) fn ten_times_the_size_limit(f: &Fixture) {
    let decoder = f.decoder();
    let payload = (f.wrap)(&f.records(3));
    let limit = payload.len();
    assert!(decode_within(decoder.as_ref(), limit, &payload, now()).is_ok());
    let mut large = payload;
    large.resize(10 * limit, b' ');
    let error = decode_within(decoder.as_ref(), limit, &large, now()).unwrap_err();
    assert!(
        error.0.contains(&limit.to_string()),
        "the limit is not said: {error}"
    );
}

/// `fuzz/seeds/<fixture>/good` is where the fuzzer starts from.
pub(crate) fn fuzz_seed(f: &Fixture, name: &str) {
    let folder = format!("{}/../fuzz/seeds/{name}", env!("CARGO_MANIFEST_DIR"));
    let wanted = (f.wrap)(&f.records(3));
    if std::env::var_os("YUKIMICHI_WRITE_SEEDS").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(format!("{folder}/good"), &wanted).unwrap();
    }
    let seed = std::fs::read(format!("{folder}/good"));
    let seed = seed.expect("a seed; YUKIMICHI_WRITE_SEEDS=1 writes it");
    assert_eq!(
        f.decode(&seed),
        f.decode(&wanted),
        "YUKIMICHI_WRITE_SEEDS=1 writes it anew"
    );
}
