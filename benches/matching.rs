//! Fixes per second of the matcher on one core: the demo's plows on the made-up town, an hour of them.
//!
//! Run by `script/bench matching`. Peers (Valhalla, OSRM) come with the matcher's own bench.

use domain::fix::PlowFix;
use domain::matching::{MatchParams, match_vehicle};
use domain::network::build;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::time::Instant;
use yukimichi::demo::{Fleet, Night, town};

const ROUNDS: usize = 7;

fn main() -> anyhow::Result<()> {
    let (network, report) = build(vec![town(1)], 15.0)?;
    let epoch: Timestamp = "2026-01-15T04:00:00+09:00".parse()?;
    let night = Night::new(&network, 1, epoch);
    let end = epoch.checked_add(SignedDuration::from_hours(1))?;
    let mut by_vehicle: BTreeMap<String, Vec<PlowFix>> = BTreeMap::new();
    for fleet in Fleet::ALL {
        for fix in night.fixes_between(fleet, epoch, end) {
            by_vehicle
                .entry(fix.vehicle_id.clone())
                .or_default()
                .push(fix);
        }
    }
    for fixes in by_vehicle.values_mut() {
        fixes.sort_by_key(|f| f.observed_at);
    }
    let total: usize = by_vehicle.values().map(Vec::len).sum();
    println!(
        "{} segments, {} vehicles, {total} fixes",
        report.segments,
        by_vehicle.len()
    );
    let params = MatchParams::default();
    let mut rates: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            let spans: usize = by_vehicle
                .values()
                .map(|fixes| match_vehicle(&network, fixes, &params).len())
                .sum();
            assert!(spans > 0);
            total as f64 / began.elapsed().as_secs_f64()
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    println!(
        "fixes/s: min {:.0}, median {:.0}, max {:.0}",
        rates[0],
        rates[ROUNDS / 2],
        rates[ROUNDS - 1]
    );
    Ok(())
}
