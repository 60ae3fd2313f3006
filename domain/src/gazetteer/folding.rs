//! One writing for all ways to write a name, and numbers of routes in queries.

use super::NamedRoad;
use crate::network::RoadAttributes;
use crate::route_name::{RouteKey, keys_of_road, route_key};
use unicode_normalization::UnicodeNormalization;

/// A query, read.
#[derive(Debug)]
pub(super) struct Query {
    /// As [`folded`].
    pub(super) text: String,
    /// The route, where a number is asked for.
    route: Option<RouteKey>,
}

impl Query {
    pub(super) fn read(query: &str) -> Self {
        let text = folded(query);
        let number = ["route", "rt", "r"]
            .iter()
            .find_map(|word| text.strip_prefix(word))
            .unwrap_or(&text);
        let number = number.strip_suffix('号').unwrap_or(number);
        let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        let route = if is_number {
            Some(RouteKey {
                number: number.parse().ok(),
                ..RouteKey::default()
            })
        } else {
            Some(route_key(query))
        };
        Query {
            text,
            route: route.filter(|route| route.number.is_some()),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether the road has the number that is asked for.
    pub(super) fn is_number_of(&self, road: &NamedRoad) -> bool {
        let Some(route) = &self.route else {
            return false;
        };
        let attributes = RoadAttributes {
            name: Some(road.name.clone()).filter(|name| !name.is_empty()),
            reference: Some(road.reference.clone()).filter(|number| !number.is_empty()),
            class: road.class.clone(),
            ..RoadAttributes::default()
        };
        keys_of_road(&attributes)
            .iter()
            .any(|key| key.number.is_some() && key.is_same(route))
    }
}

/// NFKC in small letters, katakana as hiragana, without blanks and dots.
pub(super) fn folded(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace() && !matches!(c, '・' | '.' | ',' | '\''))
        .map(|c| match c {
            'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
            c => c,
        })
        .collect()
}
