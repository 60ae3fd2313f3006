//! A plow's beat: the streets of a neighbourhood, each side on its own, with all that plows do.
//!
//! How often it does each of them is set so that the peers' known errors on plow beats come out again
//! (10 m of white noise at 5/10/30/60 s: Meili 13/12/17/37 %, OSRM 9/9/9/24 %).

use super::motion::speed_m_per_s;
use super::plan::{Plan, Step};
use super::streets::Streets;
use super::{Pace, pick, routing};
use domain::coverage::NarrowRoads;
use domain::network::DirectedSegment;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

/// Length driven, metres.
const DRIVEN_M: f64 = 14_000.0;
/// Length of the neighbourhood's streets, metres.
const NEIGHBOURHOOD_M: f64 = 12_000.0;
/// Dead ends shorter than this are mostly left to smaller machines.
const STUB_M: f64 = 70.0;
const STUBS_LEFT_OUT: f64 = 0.8;
/// Share of streets that are cleared twice.
const TWICE: f64 = 0.15;
/// At a junction: goes back over the street just cleared, then over it again.
const BACK_AND_FORTH: f64 = 0.012;
/// On a street long enough: turns round between its ends.
const MID_BLOCK: f64 = 0.012;
const MID_BLOCK_MIN_M: f64 = 60.0;
/// On a street: backs off a little, to push snow aside.
const BACKS: f64 = 0.01;
const BACKS_M: [f64; 2] = [5.0, 20.0];
/// On a street: stands.
const PARKS: f64 = 0.0015;
const PARKS_S: [f64; 2] = [60.0, 420.0];
/// At a junction: waits.
const WAITS: f64 = 0.06;
const WAITS_S: [f64; 2] = [3.0, 25.0];
/// On its way to the next street: drives through a tunnel, where the way allows one.
const SILENT: f64 = 0.3;
/// At a junction with more to clear: takes the straightest way on.
const STRAIGHT_ON: f64 = 0.9;
/// Turns at a junction to clear the other side at once.
const OTHER_SIDE: f64 = 0.06;

/// Directed segments still to be cleared, and how often.
type Wanted = BTreeMap<DirectedSegment, u32>;

/// The way of a plow that clears the neighbourhood of a place drawn at random.
pub(super) fn plan(streets: &Streets<'_>, rng: &mut ChaCha8Rng) -> Option<Plan> {
    let centre = pick(rng, &streets.segments)?;
    let neighbourhood = neighbourhood(streets, centre);
    let mut wanted = wanted(streets, &neighbourhood, rng);
    let (&first, _) = wanted
        .iter()
        .nth(rng.random_range(0..wanted.len().max(1)))?;
    let mut plan = Plan::new(first, 0.0);
    while plan.driven_m < DRIVEN_M {
        clear(streets, &mut plan, &mut wanted, rng);
        if wanted.is_empty() {
            // Snow goes on falling: the round begins anew.
            wanted = self::wanted(streets, &neighbourhood, rng);
        }
        go_on(streets, &mut plan, &wanted, rng)?;
    }
    Some(plan)
}

/// The streets nearest to a segment along the roads.
fn neighbourhood(streets: &Streets<'_>, centre: u32) -> BTreeSet<u32> {
    let network = streets.network;
    let mut found = BTreeSet::new();
    let mut seen = HashSet::new();
    let mut open = VecDeque::from([network.segments()[centre as usize].from_node]);
    let mut length_m = 0.0;
    while let Some(node) = open.pop_front() {
        if length_m > NEIGHBOURHOOD_M {
            break;
        }
        for directed in streets.leaving(node) {
            if found.insert(directed.segment()) {
                length_m += streets.length_m(directed);
            }
            let head = network.head(directed);
            if seen.insert(head) {
                open.push_back(head);
            }
        }
    }
    found
}

fn wanted(streets: &Streets<'_>, neighbourhood: &BTreeSet<u32>, rng: &mut ChaCha8Rng) -> Wanted {
    let narrow = NarrowRoads::default();
    let mut wanted = Wanted::new();
    for &segment in neighbourhood {
        let mut open: Vec<DirectedSegment> = streets.open_directions(segment).collect();
        let is_stub = open.len() == 2
            && streets.length_m(open[0]) < STUB_M
            && open.iter().any(|d| streets.onward(*d) == [d.reverse()]);
        if is_stub && rng.random::<f64>() < STUBS_LEFT_OUT {
            continue;
        }
        // One pass does for a narrow street, whichever way.
        if narrow.hold(&streets.network.road(segment).attributes) && rng.random::<bool>() {
            open.truncate(1);
        }
        let times = if rng.random::<f64>() < TWICE { 2 } else { 1 };
        wanted.extend(open.into_iter().map(|d| (d, times)));
    }
    wanted
}

/// Clears the directed segment at whose start the plow is.
fn clear(streets: &Streets<'_>, plan: &mut Plan, wanted: &mut Wanted, rng: &mut ChaCha8Rng) {
    let here = plan.at;
    let length_m = streets.length_m(here);
    let two_way = streets.is_two_way(here.segment());
    let somewhere = |rng: &mut ChaCha8Rng| length_m * rng.random_range(0.2..0.8);
    if rng.random::<f64>() < PARKS {
        plan.run_to(somewhere(rng));
        plan.steps.push(Step::Stand {
            seconds: rng.random_range(PARKS_S[0]..PARKS_S[1]),
        });
    }
    let dice: f64 = rng.random();
    if dice < MID_BLOCK && two_way && length_m > MID_BLOCK_MIN_M {
        // It stays wanted: the rest comes later.
        plan.run_to(somewhere(rng).max(plan.at_m));
        plan.turn_round(streets);
        plan.finish(streets);
        return;
    }
    if dice > 1.0 - BACKS {
        plan.run_to(somewhere(rng).max(plan.at_m));
        let metres = rng.random_range(BACKS_M[0]..BACKS_M[1]).min(plan.at_m);
        plan.steps.push(Step::Back { metres });
    }
    plan.finish(streets);
    done(wanted, here);
    if two_way && rng.random::<f64>() < BACK_AND_FORTH {
        for _ in 0..2 {
            plan.turn_round(streets);
            plan.finish(streets);
            done(wanted, plan.at);
        }
    }
}

fn done(wanted: &mut Wanted, directed: DirectedSegment) {
    if let Some(times) = wanted.get_mut(&directed) {
        *times -= 1;
        if *times == 0 {
            wanted.remove(&directed);
        }
    }
}

/// Comes to the start of the next segment to clear; `None` where none can be reached.
fn go_on(
    streets: &Streets<'_>,
    plan: &mut Plan,
    wanted: &Wanted,
    rng: &mut ChaCha8Rng,
) -> Option<()> {
    if rng.random::<f64>() < WAITS {
        plan.steps.push(Step::Stand {
            seconds: rng.random_range(WAITS_S[0]..WAITS_S[1]),
        });
    }
    let here = plan.at;
    if wanted.contains_key(&here.reverse()) && rng.random::<f64>() < OTHER_SIDE {
        plan.turn_round(streets);
        plan.at_m = 0.0;
        return Some(());
    }
    let mut next: Vec<DirectedSegment> = streets.onward(here);
    next.retain(|d| wanted.contains_key(d));
    if !next.is_empty() {
        let turn = |d: &DirectedSegment| streets.turn_deg(here, *d);
        next.sort_by(|a, b| turn(a).total_cmp(&turn(b)));
        let straight = rng.random::<f64>() < STRAIGHT_ON;
        plan.enter(if straight { next[0] } else { pick(rng, &next)? });
        return Some(());
    }
    let seconds = |d: DirectedSegment| streets.length_m(d) / speed_m_per_s(streets, d, Pace::Plow);
    let way = routing::way(streets, here, seconds, |d| wanted.contains_key(&d))?;
    if rng.random::<f64>() < SILENT {
        plan.follow_silently(streets, &way);
    } else {
        plan.follow(streets, &way);
    }
    Some(())
}
