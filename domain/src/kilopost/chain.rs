//! One connected path through a row of posts.

use super::{Kilopost, KilopostParams, Unplaced};
use crate::network::{DirectedSegment, Reach, RoadNetwork, Travel};
use crate::route_name::{RouteKey, keys_of_road};
use crate::work::Direction;

/// What a metre off the route costs in metres.
const OFF_ROUTE_COST: f64 = 10.0;
/// Most places where one post may stand.
const MOST_PLACES: usize = 8;

/// The path between two neighbouring posts.
#[derive(Debug, Clone)]
pub(super) struct Leg {
    pub from_km: f64,
    pub to_km: f64,
    /// Directed segments with the metres along each where they are entered and left.
    pub way: Vec<(DirectedSegment, f64, f64)>,
}

impl Leg {
    pub(super) fn length_m(&self) -> f64 {
        self.way
            .iter()
            .map(|(_, enter_m, leave_m)| leave_m - enter_m)
            .sum()
    }
}

/// Where a post may stand, in one direction of travel.
#[derive(Debug, Clone, Copy)]
struct Place {
    directed: DirectedSegment,
    along_m: f64,
    distance_m: f64,
    on_route: bool,
}

/// The best row of places, one for each post, joined by paths with the traffic.
pub(super) fn chain_of(
    network: &RoadNetwork,
    route: &RouteKey,
    posts: &[&Kilopost],
    params: &KilopostParams,
) -> Result<Vec<Leg>, Unplaced> {
    let on_route = |segment: u32| {
        let attributes = &network.road(segment).attributes;
        keys_of_road(attributes)
            .iter()
            .any(|key| key.is_same(route))
    };
    let mut places: Vec<Vec<Place>> = Vec::with_capacity(posts.len());
    for post in posts {
        let found = places_of(network, post, &on_route, params);
        if found.is_empty() {
            return Err(Unplaced::PostOffRoad(post.km));
        }
        places.push(found);
    }
    let mut costs: Vec<f64> = places[0].iter().map(|place| place.distance_m).collect();
    let mut steps: Vec<Vec<Option<(usize, Leg)>>> = Vec::new();
    for (k, pair) in posts.windows(2).enumerate() {
        let mut next_costs = vec![f64::INFINITY; places[k + 1].len()];
        let mut step: Vec<Option<(usize, Leg)>> = vec![None; places[k + 1].len()];
        for (i, from) in places[k].iter().enumerate() {
            if !costs[i].is_finite() {
                continue;
            }
            let legs = legs_from(network, from, &places[k + 1], pair, &on_route, params);
            for (j, (mismatch_m, leg)) in legs {
                let cost = costs[i] + mismatch_m + places[k + 1][j].distance_m;
                if cost < next_costs[j] {
                    next_costs[j] = cost;
                    step[j] = Some((i, leg));
                }
            }
        }
        if next_costs.iter().all(|cost| !cost.is_finite()) {
            return Err(Unplaced::NoPath(pair[0].km, pair[1].km));
        }
        costs = next_costs;
        steps.push(step);
    }
    let mut at = (costs.iter().enumerate())
        .min_by(|a, b| a.1.total_cmp(b.1))
        .map_or(0, |(i, _)| i);
    let mut legs = Vec::with_capacity(steps.len());
    for step in steps.iter_mut().rev() {
        if let Some((before, leg)) = step[at].take() {
            legs.push(leg);
            at = before;
        }
    }
    legs.reverse();
    Ok(legs)
}

/// The roads beside a post that are open to traffic: the route's own, or all where none of them is
/// known to be the route's.
fn places_of(
    network: &RoadNetwork,
    post: &Kilopost,
    on_route: &dyn Fn(u32) -> bool,
    params: &KilopostParams,
) -> Vec<Place> {
    let mut places: Vec<Place> = network
        .near(post.at, params.post_radius_m)
        .into_iter()
        .flat_map(|near| {
            let length_m = network.segments()[near.segment as usize].length_m;
            let own = on_route(near.segment);
            Direction::BOTH.map(|direction| Place {
                directed: DirectedSegment::new(near.segment, direction),
                along_m: match direction {
                    Direction::Forward => near.at_m,
                    Direction::Backward => length_m - near.at_m,
                },
                distance_m: near.distance_m,
                on_route: own,
            })
        })
        .filter(|place| network.is_open(place.directed))
        .collect();
    if places.iter().any(|place| place.on_route) {
        places.retain(|place| place.on_route);
    }
    places.truncate(MOST_PLACES);
    places
}

/// The paths from one place to those of the next post, with by how much each is too long or short.
fn legs_from(
    network: &RoadNetwork,
    from: &Place,
    targets: &[Place],
    pair: &[&Kilopost],
    on_route: &dyn Fn(u32) -> bool,
    params: &KilopostParams,
) -> Vec<(usize, (f64, Leg))> {
    let stated_m = 1000.0 * (pair[1].km - pair[0].km).abs();
    let slack_m = params.length_share * stated_m + params.length_slack_m;
    let cost_per_m = |segment: u32| match from.on_route && !on_route(segment) {
        true => OFF_ROUTE_COST,
        false => 1.0,
    };
    let travel = Travel {
        against_traffic: false,
        cost_per_m: &cost_per_m,
        limit: stated_m + slack_m + OFF_ROUTE_COST * params.off_route_m,
    };
    let length_m = |d: DirectedSegment| network.segments()[d.segment() as usize].length_m;
    let mut reach: Option<Reach> = None;
    let mut legs = Vec::new();
    for (j, to) in targets.iter().enumerate() {
        let mut way = Vec::new();
        if to.directed == from.directed && to.along_m >= from.along_m {
            way.push((from.directed, from.along_m, to.along_m));
        } else {
            let reach = reach.get_or_insert_with(|| Reach::beyond(network, from.directed, &travel));
            if reach.gap_m(to.directed).is_none() {
                continue;
            }
            way.push((from.directed, from.along_m, length_m(from.directed)));
            for between in reach.way_into(to.directed) {
                way.push((between, 0.0, length_m(between)));
            }
            way.push((to.directed, 0.0, to.along_m));
        }
        let off_route_m: f64 = (way.iter())
            .filter(|(directed, ..)| from.on_route && to.on_route && !on_route(directed.segment()))
            .map(|(_, enter_m, leave_m)| leave_m - enter_m)
            .sum();
        let leg = Leg {
            from_km: pair[0].km,
            to_km: pair[1].km,
            way,
        };
        let mismatch_m = (leg.length_m() - stated_m).abs();
        if mismatch_m <= slack_m && off_route_m <= params.off_route_m {
            legs.push((j, (mismatch_m, leg)));
        }
    }
    legs
}
