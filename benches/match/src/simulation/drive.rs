//! Trips from here to there, one after another, on the fastest way or on the shortest.

use super::motion::speed_m_per_s;
use super::plan::{Plan, Step};
use super::streets::Streets;
use super::{Pace, pick, routing};
use domain::network::DirectedSegment;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use std::collections::HashMap;

/// Length of all trips together, metres.
const DRIVEN_M: f64 = 18_000.0;
/// How far goals lie away, as the crow flies.
const AWAY_M: [f64; 2] = [800.0, 6_000.0];
/// Share of trips with a tunnel, where the way allows one.
const SILENT_SHARE: f64 = 0.3;
/// Nobody takes quite the best way: each weighs each street anew by up to this share.
const TASTE: f64 = 0.1;

/// Ways between places drawn at random.
pub(super) fn plan(streets: &Streets<'_>, rng: &mut ChaCha8Rng) -> Option<Plan> {
    let start = pick(rng, &streets.segments)?;
    let open: Vec<DirectedSegment> = streets.open_directions(start).collect();
    let first = pick(rng, &open)?;
    let mut plan = Plan::new(first, rng.random::<f64>() * streets.length_m(first));
    let taste: HashMap<u32, f64> = streets
        .segments
        .iter()
        .map(|s| (*s, 1.0 + TASTE * (2.0 * rng.random::<f64>() - 1.0)))
        .collect();
    let seconds = |d: DirectedSegment| {
        streets.length_m(d) / speed_m_per_s(streets, d, Pace::Traffic) * taste[&d.segment()]
    };
    let metres = |d: DirectedSegment| streets.length_m(d) * taste[&d.segment()];
    for _ in 0..200 {
        if plan.driven_m >= DRIVEN_M {
            break;
        }
        let Some(goal) = goal(streets, plan.at, rng) else {
            continue;
        };
        // One driver knows the fastest way, another the shortest.
        let way = if rng.random::<bool>() {
            routing::way(streets, plan.at, seconds, |d| d == goal)
        } else {
            routing::way(streets, plan.at, metres, |d| d == goal)
        };
        let Some(way) = way else {
            continue;
        };
        if rng.random::<f64>() < SILENT_SHARE {
            plan.follow_silently(streets, &way);
        } else {
            plan.follow(streets, &way);
        }
        plan.run_to(rng.random::<f64>() * streets.length_m(goal));
        plan.steps.push(Step::Stand {
            seconds: rng.random_range(5.0..90.0),
        });
    }
    (!plan.steps.is_empty()).then_some(plan)
}

fn goal(
    streets: &Streets<'_>,
    from: DirectedSegment,
    rng: &mut ChaCha8Rng,
) -> Option<DirectedSegment> {
    let here = streets.network.line(from.segment())[0];
    let segment = pick(rng, &streets.segments)?;
    let there = streets.network.line(segment)[0];
    let away_m = here.geodesic_m(there);
    if segment == from.segment() || !(AWAY_M[0]..AWAY_M[1]).contains(&away_m) {
        return None;
    }
    let open: Vec<DirectedSegment> = streets.open_directions(segment).collect();
    pick(rng, &open)
}
