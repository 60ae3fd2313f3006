//! One suite for all formats (after restic's for its backends): each registers a fixture, and every
//! promise that formats share is tested on it. No format is left out, see the last test.
//!
//! To add a format: its keys in `keys/<format>.toml` (the fuzz target reads them too), a fixture in
//! `fixtures/<format>.rs` (see [`suite::Fixture`]), and its name in `fixtures/mod.rs` and in the list
//! below; then `YUKIMICHI_WRITE_SEEDS=1 cargo test -p ingest --test conformance seed` and a target in
//! `fuzz/`. What is special to a format is tested beside its decoder.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod fixtures;
mod mutation;
mod suite;

use ingest::formats::FeedFormat;

macro_rules! conformance {
    ($($format:ident),* $(,)?) => {
        $(mod $format {
            use super::{fixtures::$format::FIXTURE as F, mutation, suite};

            #[test]
            fn good() { suite::good(&F) }
            #[test]
            fn empty() { suite::empty(&F) }
            #[test]
            fn truncated() { suite::truncated(&F) }
            #[test]
            fn wrong_encoding() { suite::wrong_encoding(&F) }
            #[test]
            fn every_right_encoding() { suite::every_right_encoding(&F) }
            #[test]
            fn one_bad_record_among_good_ones() { suite::one_bad_record(&F) }
            #[test]
            fn duplicates() { suite::duplicates(&F) }
            #[test]
            fn out_of_order() { suite::out_of_order(&F) }
            #[test]
            fn future_times() { suite::future_times(&F) }
            #[test]
            fn years_old_times() { suite::years_old_times(&F) }
            #[test]
            fn ten_times_the_size_limit() { suite::ten_times_the_size_limit(&F) }
            #[test]
            fn the_fuzz_seed_is_the_good_payload() { suite::fuzz_seed(&F, stringify!($format)) }
            #[test]
            fn no_bytes_make_it_panic() { mutation::no_bytes_make_it_panic(&F) }
            #[test]
            fn no_mutation_makes_it_panic_or_lie() { mutation::no_mutation_makes_it_panic_or_lie(&F) }
        })*

        const REGISTERED: &[FeedFormat] = &[$(fixtures::$format::FIXTURE.format),*];
    };
}

conformance! {
    plow_json,
    push_json,
    plow_csv,
    plow_gpx,
    maintenance_tracking,
    harja,
    work_log_csv,
    amedas,
    snow_csv,
    snow_forecast,
    zone_orders,
    zone_orders_kml,
    zone_orders_kmz,
    plans,
    closures,
}

#[test]
fn every_format_passes_through_the_suite() {
    let missing: Vec<&str> = FeedFormat::ALL
        .iter()
        .filter(|format| !REGISTERED.contains(format))
        .map(|format| format.as_str())
        .collect();
    assert_eq!(missing, Vec::<&str>::new(), "formats without a fixture");
}
