//! Kiloposts (距離標): a road manager's own linear reference on a route, and what it means on the
//! network.
//!
//! Between two posts the measure is interpolated along one connected path. Kilometres are not metres:
//! posts keep their numbers when a road is straightened, so a path need only be about as long as
//! they say. Where the posts lie too far apart, or no such path is there, nothing is placed: a
//! stretch that nobody worked on must not show as cleared.

mod chain;
mod table;

#[cfg(test)]
mod tests;

pub use table::{Kilopost, KilopostGap, KilopostTable, TableProblem};

use crate::conflation::{SegmentStretch, union_of_stretches};
use crate::network::{DirectedSegment, RoadNetwork};
use crate::place::RouteStretch;
use crate::work::Direction;
use chain::{Leg, chain_of};
use table::Route;

/// Numbers of the placing, with units.
#[derive(Debug, Clone, PartialEq)]
pub struct KilopostParams {
    /// Posts farther apart than this leave what is between them unplaced.
    pub most_gap_km: f64,
    /// A post stands within this distance of its carriageway's line.
    pub post_radius_m: f64,
    /// A path may differ from what the kilometres say by this share …
    pub length_share: f64,
    /// … and by so many metres besides.
    pub length_slack_m: f64,
    /// Metres of other roads that a path may take where the route is known at both its posts: a
    /// junction's inner pieces often lack the route's number.
    pub off_route_m: f64,
}

impl Default for KilopostParams {
    fn default() -> Self {
        KilopostParams {
            most_gap_km: 2.0,
            post_radius_m: 40.0,
            length_share: 0.25,
            length_slack_m: 100.0,
            off_route_m: 60.0,
        }
    }
}

/// Why a stretch is not placed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Unplaced {
    /// No post stands on the route.
    #[error("there is no kilopost of route {0:?}")]
    UnknownRoute(String),
    /// Several routes of the table go by that name.
    #[error("route {0:?} may be any of {1}")]
    AmbiguousRoute(String, String),
    /// It says neither kilometres nor places that posts are named after.
    #[error("neither kilometres nor named posts say where on route {0:?} it lies")]
    NoEnds(String),
    /// Both ends are one.
    #[error("it begins and ends at km {0}")]
    NoLength(f64),
    /// It reaches beyond the posts.
    #[error("km {km} lies outside the posts, which go from km {first} to km {last}")]
    OffTheEnds {
        /// The end that lies outside.
        km: f64,
        /// The lowest post.
        first: f64,
        /// The highest post.
        last: f64,
    },
    /// The posts are too far apart.
    #[error("there is no post between km {0} and km {1}")]
    Gap(f64, f64),
    /// A post stands by no road.
    #[error("the post at km {0} stands by no road")]
    PostOffRoad(f64),
    /// The posts are not joined by a way that is about as long as they say.
    #[error("no connected path of about the right length leads from km {0} to km {1}")]
    NoPath(f64, f64),
}

/// Places a stretch of a route on the network.
///
/// `direction` is the carriageway, as in [`crate::work_log::WorkLogEntry`]: `Forward` = 上り, towards
/// lower kilometres and by the posts of that carriageway; `Backward` = 下り; `None` = both. The
/// stretches then have the direction of travel and come in its order; those of both come from lower
/// kilometres to higher ones.
///
/// # Errors
/// Why it stays unplaced, for the list of what is kept so.
pub fn place_stretch(
    network: &RoadNetwork,
    table: &KilopostTable,
    stretch: &RouteStretch,
    direction: Option<Direction>,
    params: &KilopostParams,
) -> Result<Vec<SegmentStretch>, Unplaced> {
    let route = table.route(&stretch.route)?;
    let (from_km, to_km) = table::ends_of(route, stretch)?;
    let (low_km, high_km) = (from_km.min(to_km), from_km.max(to_km));
    if high_km - low_km < 0.001 {
        return Err(Unplaced::NoLength(low_km));
    }
    let one = |travel| place_one_way(network, route, (low_km, high_km), travel, params);
    match direction {
        Some(travel) => one(travel),
        None => match (one(Direction::Backward), one(Direction::Forward)) {
            (Ok(mut down), Ok(up)) => {
                down.extend(up.into_iter().rev());
                Ok(union_of_stretches(down))
            }
            // Where only one carriageway is on the network, or has posts.
            (Ok(only), Err(_)) | (Err(_), Ok(only)) => Ok(union_of_stretches(only)),
            (Err(reason), Err(_)) => Err(reason),
        },
    }
}

fn place_one_way(
    network: &RoadNetwork,
    route: &Route,
    (low_km, high_km): (f64, f64),
    travel: Direction,
    params: &KilopostParams,
) -> Result<Vec<SegmentStretch>, Unplaced> {
    let mut posts = route.posts_between(travel, low_km, high_km, params.most_gap_km)?;
    if travel == Direction::Forward {
        posts.reverse();
    }
    let legs = chain_of(network, &route.key, &posts, params)?;
    let mut stretches: Vec<SegmentStretch> = Vec::new();
    for leg in &legs {
        let along = |km: f64| {
            let share = (km - leg.from_km) / (leg.to_km - leg.from_km);
            share.clamp(0.0, 1.0) * leg.length_m()
        };
        let (a, b) = (along(low_km), along(high_km));
        add_part(network, leg, a.min(b), a.max(b), &mut stretches);
    }
    Ok(stretches)
}

/// Adds what lies between two measures of a leg, as one with the stretch before where they meet.
fn add_part(
    network: &RoadNetwork,
    leg: &Leg,
    from_m: f64,
    to_m: f64,
    stretches: &mut Vec<SegmentStretch>,
) {
    let mut start_m = 0.0;
    for (directed, enter_m, leave_m) in &leg.way {
        let end_m = start_m + leave_m - enter_m;
        let (a, b) = (from_m.max(start_m), to_m.min(end_m));
        if b > a {
            let (a, b) = (enter_m + a - start_m, enter_m + b - start_m);
            push(network, *directed, a, b, stretches);
        }
        start_m = end_m;
    }
}

fn push(
    network: &RoadNetwork,
    directed: DirectedSegment,
    enter_m: f64,
    leave_m: f64,
    stretches: &mut Vec<SegmentStretch>,
) {
    let segment = directed.segment();
    let length_m = network.segments()[segment as usize].length_m;
    let (from_m, to_m) = match directed.direction() {
        Direction::Forward => (enter_m, leave_m),
        Direction::Backward => (length_m - leave_m, length_m - enter_m),
    };
    let direction = Some(directed.direction());
    match stretches.last_mut() {
        Some(last)
            if last.segment == segment
                && last.direction == direction
                && last.from_m <= to_m + 0.01
                && from_m <= last.to_m + 0.01 =>
        {
            last.from_m = last.from_m.min(from_m);
            last.to_m = last.to_m.max(to_m);
        }
        _ => stretches.push(SegmentStretch {
            segment,
            from_m,
            to_m,
            direction,
        }),
    }
}
