//! The quickest way over the plows' own map (Dijkstra).

use super::road_map::{EdgeNumber, RoadMap};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Metres per second by pace, for choosing a way only.
const GUESS_MPS: [f64; 3] = [7.0, 10.0, 13.0];

/// The quickest way from a node to the first node that satisfies `is_goal`.
pub(super) fn way(
    map: &RoadMap,
    from: u32,
    is_goal: impl Fn(u32) -> bool,
) -> Option<Vec<EdgeNumber>> {
    let mut best_ms = vec![u64::MAX; map.node_count()];
    let mut came_by: Vec<Option<EdgeNumber>> = vec![None; map.node_count()];
    let mut queue = BinaryHeap::from([Reverse((0u64, from))]);
    best_ms[from as usize] = 0;
    while let Some(Reverse((cost_ms, node))) = queue.pop() {
        if cost_ms > best_ms[node as usize] {
            continue;
        }
        if is_goal(node) {
            return Some(traced(map, &came_by, node));
        }
        for edge in map.leaving(node) {
            let street = map.street(edge);
            let step_ms = (1000.0 * street.length_m / GUESS_MPS[street.pace]) as u64;
            let (head, total_ms) = (map.head(edge), cost_ms + step_ms);
            if total_ms < best_ms[head as usize] {
                best_ms[head as usize] = total_ms;
                came_by[head as usize] = Some(edge);
                queue.push(Reverse((total_ms, head)));
            }
        }
    }
    None
}

fn traced(map: &RoadMap, came_by: &[Option<EdgeNumber>], goal: u32) -> Vec<EdgeNumber> {
    let mut way = Vec::new();
    let mut node = goal;
    while let Some(edge) = came_by[node as usize] {
        way.push(edge);
        node = map.tail(edge);
    }
    way.reverse();
    way
}
