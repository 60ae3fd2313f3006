//! Finding a road by what people call it, over the network's own names.
//!
//! A road is all that goes by one name and number and hangs together: 中央通り of one town is another
//! road than that of the next. A query meets a name however it is written: full-width or not, in
//! hiragana or katakana, `国道7号`, `７号`, `R7`.

mod folding;
mod gathering;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use crate::geometry::{BoundingBox, LonLat};
use crate::network::{RoadNetwork, SegmentId};
use crate::road_manager::ManagerLevel;
use folding::{Query, folded};

/// A road that can be found.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedRoad {
    /// Its name; empty where it has a number alone.
    pub name: String,
    /// Its number, as the source writes it; empty where it has none.
    pub reference: String,
    /// OSM highway value of its longest part.
    pub class: String,
    /// Level of its road manager.
    pub manager_level: ManagerLevel,
    /// Code of its road manager.
    pub manager: Option<String>,
    /// Metres.
    pub length_m: f64,
    /// Where it lies.
    pub bounds: BoundingBox,
    /// A place on it, near its middle.
    pub at: LonLat,
    /// A segment there.
    pub segment: SegmentId,
}

/// All roads of a network that have a name or a number.
#[derive(Debug, Default)]
pub struct Gazetteer {
    roads: Vec<NamedRoad>,
    /// What each is called, folded, name first.
    words: Vec<Vec<String>>,
}

/// How well a road meets a query; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    Beginning,
    Part,
}

impl Gazetteer {
    /// Gathers the roads of a network.
    pub fn of(network: &RoadNetwork) -> Self {
        let roads = gathering::named_roads(network);
        let words = roads.iter().map(words_of).collect();
        Gazetteer { roads, words }
    }

    /// The roads that meet a query, best first: those that are called just so, then those whose name
    /// begins so, then those that hold it; among equals the one nearer to `near`, else the longer.
    pub fn find(&self, query: &str, near: Option<LonLat>, most: usize) -> Vec<&NamedRoad> {
        let query = Query::read(query);
        if query.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(Fit, f64, &NamedRoad)> = self
            .roads
            .iter()
            .zip(&self.words)
            .filter_map(|(road, words)| {
                let fit = fit_of(&query, road, words)?;
                let order = near.map_or(-road.length_m, |near| distance_m(near, &road.bounds));
                Some((fit, order, road))
            })
            .collect();
        found.sort_by(|a, b| {
            a.0.cmp(&b.0)
                .then(a.1.total_cmp(&b.1))
                .then(b.2.length_m.total_cmp(&a.2.length_m))
                .then(a.2.segment.cmp(&b.2.segment))
        });
        found
            .into_iter()
            .take(most)
            .map(|(_, _, road)| road)
            .collect()
    }

    /// How many roads it knows.
    pub fn len(&self) -> usize {
        self.roads.len()
    }

    /// Whether no road has a name.
    pub fn is_empty(&self) -> bool {
        self.roads.is_empty()
    }
}

fn words_of(road: &NamedRoad) -> Vec<String> {
    [&road.name, &road.reference]
        .into_iter()
        .filter(|word| !word.is_empty())
        .map(|word| folded(word))
        .collect()
}

fn fit_of(query: &Query, road: &NamedRoad, words: &[String]) -> Option<Fit> {
    let by_word = words.iter().filter_map(|word| {
        if *word == query.text {
            Some(Fit::Whole)
        } else if word.starts_with(&query.text) {
            Some(Fit::Beginning)
        } else {
            word.contains(&query.text).then_some(Fit::Part)
        }
    });
    let by_number = query.is_number_of(road).then_some(Fit::Whole);
    by_word.chain(by_number).min()
}

/// From a place to the nearest point of a box.
fn distance_m(from: LonLat, bounds: &BoundingBox) -> f64 {
    let nearest = LonLat::new(
        from.lon.clamp(bounds.west, bounds.east),
        from.lat.clamp(bounds.south, bounds.north),
    );
    from.geodesic_m(nearest)
}
