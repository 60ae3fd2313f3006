//! The call-outs of zones, as tiles show them.

use super::zones::Zones;
use dispatch::life::State;
use std::collections::{HashMap, HashSet};
use store::ZoneDispatch;

/// The tile digit of each segment whose zone has an open call-out; of several the highest.
pub(super) fn digits(called: &[ZoneDispatch], zones: &Zones) -> HashMap<u32, u8> {
    let mut of_zone: HashMap<(&str, &str), u8> = HashMap::new();
    for call_out in called {
        let digit = State::parse(&call_out.state).map_or(0, State::tile_digit) as u8;
        let highest = of_zone
            .entry((&call_out.manager_code, &call_out.zone))
            .or_default();
        *highest = digit.max(*highest);
    }
    if of_zone.is_empty() {
        return HashMap::new();
    }
    zones
        .segments()
        .filter_map(|(segment, (manager, zone))| {
            let digit = of_zone.get(&(manager.as_str(), zone.as_str()))?;
            (*digit > 0).then_some((segment, *digit))
        })
        .collect()
}

/// Segments that have another digit than before.
pub(super) fn changed(before: &HashMap<u32, u8>, after: &HashMap<u32, u8>) -> Vec<u32> {
    let all: HashSet<u32> = before.keys().chain(after.keys()).copied().collect();
    let mut changed: Vec<u32> = all
        .into_iter()
        .filter(|segment| before.get(segment) != after.get(segment))
        .collect();
    changed.sort_unstable();
    changed
}
