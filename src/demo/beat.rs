//! Beats: each plow's own connected set of its manager's roads.

use super::fleet::Fleet;
use super::road_map::{RoadMap, Xy};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeSet, VecDeque};

/// Work that makes a beat of its own worth while.
const LEAST_WORK_M: f64 = 900.0;
/// Connected work that gets plows of its own.
const OWN_BEATS_M: f64 = 3000.0;
/// Work for which a manager keeps one plow.
const WORK_PER_PLOW_M: f64 = 4000.0;
/// The longest beat.
const MOST_WORK_M: f64 = 8000.0;

/// The streets of one plow.
#[derive(Debug, Clone)]
pub(super) struct Beat {
    pub streets: Vec<u32>,
}

/// The beats of one manager, compact and about equally long.
pub(super) fn beats(map: &RoadMap, fleet: Fleet, rng: &mut ChaCha8Rng) -> Vec<Beat> {
    let own_m: f64 = (0..map.streets.len() as u32)
        .filter(|s| is_own(map, fleet, *s))
        .map(|s| work_m(map, s))
        .sum();
    let plows = fleet
        .most_plows()
        .min((own_m / WORK_PER_PLOW_M).ceil() as usize);
    let (main, islets) = own_streets(map, fleet, 1.3 * MOST_WORK_M * plows as f64);
    let mut free: BTreeSet<u32> = main.iter().copied().collect();
    let mut growing: Vec<Growing> = seeds(map, &main, plows)
        .into_iter()
        .map(|seed| {
            free.remove(&seed);
            Growing {
                streets: vec![seed],
                seed_at: map.streets[seed as usize].middle(),
                work_m: work_m(map, seed),
                wanted_m: rng.random_range(0.75..1.0) * MOST_WORK_M,
            }
        })
        .collect();
    grow(map, &mut growing, &mut free);
    growing.retain(|g| g.work_m >= LEAST_WORK_M || plows == 1);
    for islet in islets {
        add_islet(map, &mut growing, islet);
    }
    growing
        .into_iter()
        .map(|g| Beat { streets: g.streets })
        .collect()
}

/// The shortest grows next, so that all become about equally long.
fn grow(map: &RoadMap, growing: &mut [Growing], free: &mut BTreeSet<u32>) {
    loop {
        let mut order: Vec<usize> = (0..growing.len())
            .filter(|i| growing[*i].work_m < growing[*i].wanted_m)
            .collect();
        order.sort_by(|a, b| growing[*a].work_m.total_cmp(&growing[*b].work_m));
        let next = order
            .into_iter()
            .find_map(|i| growing[i].nearest_neighbour(map, free).map(|s| (i, s)));
        let Some((i, street)) = next else { return };
        free.remove(&street);
        growing[i].streets.push(street);
        growing[i].work_m += work_m(map, street);
    }
}

/// A hamlet is cleared by the nearest plow that still has time for it.
fn add_islet(map: &RoadMap, growing: &mut [Growing], islet: Vec<u32>) {
    let islet_m: f64 = islet.iter().map(|s| work_m(map, *s)).sum();
    let at = map.streets[islet[0] as usize].middle();
    let nearest = growing
        .iter_mut()
        .filter(|g| g.work_m + islet_m <= MOST_WORK_M)
        .min_by(|a, b| apart_m(a.seed_at, at).total_cmp(&apart_m(b.seed_at, at)));
    if let Some(beat) = nearest {
        beat.streets.extend(islet);
        beat.work_m += islet_m;
    }
}

struct Growing {
    streets: Vec<u32>,
    seed_at: Xy,
    work_m: f64,
    wanted_m: f64,
}

impl Growing {
    fn nearest_neighbour(&self, map: &RoadMap, free: &BTreeSet<u32>) -> Option<u32> {
        self.streets
            .iter()
            .flat_map(|s| map.streets[*s as usize].ends)
            .flat_map(|node| map.streets_at(node))
            .filter(|s| free.contains(s))
            .map(|s| (apart_m(map.streets[s as usize].middle(), self.seed_at), s))
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
            .map(|(_, s)| s)
    }
}

fn work_m(map: &RoadMap, street: u32) -> f64 {
    map.streets[street as usize].work_m()
}

fn apart_m(a: Xy, b: Xy) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

fn is_own(map: &RoadMap, fleet: Fleet, street: u32) -> bool {
    let street = &map.streets[street as usize];
    street.fleet == fleet && street.is_cleared
}

/// The manager's streets nearest to the middle, up to `most_m` of work: those that hang together
/// in parts long enough for beats, and the islets, such as hamlets along another's road.
fn own_streets(map: &RoadMap, fleet: Fleet, most_m: f64) -> (Vec<u32>, Vec<Vec<u32>>) {
    let mut parts: Vec<(f64, Vec<u32>)> = Vec::new();
    let mut left: BTreeSet<u32> = BTreeSet::new();
    let mut sum_m = 0.0;
    // Streets are numbered from the middle outwards.
    for street in (0..map.streets.len() as u32).filter(|s| is_own(map, fleet, *s)) {
        if sum_m < most_m {
            left.insert(street);
        }
        sum_m += work_m(map, street);
    }
    while let Some(first) = left.pop_first() {
        let mut part = vec![first];
        let mut next = VecDeque::from([first]);
        while let Some(street) = next.pop_front() {
            for node in map.streets[street as usize].ends {
                for neighbour in map.streets_at(node) {
                    if left.remove(&neighbour) {
                        part.push(neighbour);
                        next.push_back(neighbour);
                    }
                }
            }
        }
        parts.push((part.iter().map(|s| work_m(map, *s)).sum(), part));
    }
    let longest_m = parts.iter().map(|(m, _)| *m).fold(0.0, f64::max);
    let (main, islets): (Vec<_>, Vec<_>) = parts
        .into_iter()
        .partition(|(m, _)| *m >= OWN_BEATS_M.min(longest_m));
    let mut main: Vec<u32> = main.into_iter().flat_map(|(_, part)| part).collect();
    main.sort_unstable();
    (main, islets.into_iter().map(|(_, part)| part).collect())
}

/// Streets far from each other, the first one in the middle.
fn seeds(map: &RoadMap, own: &[u32], count: usize) -> Vec<u32> {
    let mut seeds: Vec<u32> = own.first().copied().into_iter().collect();
    while seeds.len() < count.min(own.len()) {
        let next = own
            .iter()
            .map(|s| {
                let at = map.streets[*s as usize].middle();
                let away_m = seeds
                    .iter()
                    .map(|seed| apart_m(at, map.streets[*seed as usize].middle()))
                    .fold(f64::MAX, f64::min);
                (away_m, *s)
            })
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        match next {
            Some((away_m, street)) if away_m > 0.0 => seeds.push(street),
            _ => break,
        }
    }
    seeds
}
