//! The way from here to there.

use super::streets::Streets;
use domain::network::DirectedSegment;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// The cheapest way from the end of `from` to a directed segment that `is_goal`, which ends the way.
///
/// `cost` is what one directed segment takes. `None` where nothing can be reached. Ties are broken by
/// number, so that the same question has the same answer.
pub(super) fn way(
    streets: &Streets<'_>,
    from: DirectedSegment,
    cost: impl Fn(DirectedSegment) -> f64,
    is_goal: impl Fn(DirectedSegment) -> bool,
) -> Option<Vec<DirectedSegment>> {
    let mut before: HashMap<DirectedSegment, DirectedSegment> = HashMap::new();
    let mut settled: HashMap<DirectedSegment, u64> = HashMap::new();
    let mut open = BinaryHeap::from([Reverse((0_u64, from, from))]);
    while let Some(Reverse((so_far, directed, came_from))) = open.pop() {
        if settled.contains_key(&directed) && directed != from {
            continue;
        }
        let is_start = directed == from && came_from == from && so_far == 0;
        if !is_start {
            settled.insert(directed, so_far);
            before.insert(directed, came_from);
            if is_goal(directed) {
                return Some(traced_back(&before, from, directed));
            }
            if directed == from {
                continue;
            }
        }
        for next in streets.onward(directed) {
            if !settled.contains_key(&next) {
                let millis = (1000.0 * cost(next)).max(1.0) as u64;
                open.push(Reverse((so_far + millis, next, directed)));
            }
        }
    }
    None
}

/// The way without its start, in order.
fn traced_back(
    before: &HashMap<DirectedSegment, DirectedSegment>,
    from: DirectedSegment,
    goal: DirectedSegment,
) -> Vec<DirectedSegment> {
    let mut way = vec![goal];
    let mut at = goal;
    while let Some(&previous) = before.get(&at) {
        if previous == from {
            break;
        }
        way.push(previous);
        at = previous;
    }
    way.reverse();
    way
}
