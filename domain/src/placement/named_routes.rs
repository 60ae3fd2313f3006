//! Segments by the names of their routes.

use crate::network::RoadNetwork;
use crate::route_name::{RouteClass, keys_of_road, route_key};
use std::collections::HashMap;

/// The routes of a network that go by names, made once for it.
#[derive(Debug, Default)]
pub struct NamedRoutes {
    /// Segments with their routes' classes, by the routes' names.
    by_name: HashMap<String, Vec<(Option<RouteClass>, u32)>>,
}

impl NamedRoutes {
    /// Looks at all roads of the network.
    pub fn of(network: &RoadNetwork) -> Self {
        let names: Vec<Vec<(Option<RouteClass>, String)>> = (network.roads().iter())
            .map(|road| {
                let mut names: Vec<_> = keys_of_road(&road.attributes)
                    .into_iter()
                    .filter(|key| !key.name.is_empty())
                    .map(|key| (key.class, key.name))
                    .collect();
                names.sort_unstable();
                names.dedup();
                names
            })
            .collect();
        let mut by_name: HashMap<String, Vec<(Option<RouteClass>, u32)>> = HashMap::new();
        for (i, segment) in (0..).zip(network.segments()) {
            for (class, name) in &names[segment.road as usize] {
                match by_name.get_mut(name) {
                    Some(segments) => segments.push((*class, i)),
                    None => {
                        by_name.insert(name.clone(), vec![(*class, i)]);
                    }
                }
            }
        }
        NamedRoutes { by_name }
    }

    /// The segments of a route that is given by a name without a number; none for any other.
    pub fn segments(&self, route: &str) -> Vec<u32> {
        let key = route_key(route);
        if key.number.is_some() {
            return Vec::new();
        }
        let found = self.by_name.get(&key.name).into_iter().flatten();
        found
            .filter(|(class, _)| class.is_none() || key.class.is_none() || *class == key.class)
            .map(|(_, segment)| *segment)
            .collect()
    }
}
