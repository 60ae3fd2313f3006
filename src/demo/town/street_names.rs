//! Names of the municipal roads: the district and a number.

use super::path::Xy;
use std::collections::BTreeMap;

/// Counts the streets of each district.
#[derive(Debug, Default)]
pub(super) struct StreetNames {
    counts: BTreeMap<&'static str, u32>,
}

impl StreetNames {
    /// The next name in the district around a place of the plan.
    pub(super) fn next(&mut self, [u, v]: Xy) -> String {
        let district = match (u, v) {
            (_, v) if v < -640.0 => "川向",
            (u, v) if v < 0.0 && u < -350.0 => "川原町",
            (u, v) if v < 0.0 && u < 400.0 => "本町",
            (_, v) if v < 0.0 => "東町",
            (u, v) if u < -350.0 && v > 400.0 => "緑町",
            (u, _) if u < -350.0 => "栄町",
            (u, v) if u > 150.0 && v > 350.0 => "駅前",
            _ => "中央",
        };
        self.numbered(district)
    }

    /// The next name of a district.
    pub(super) fn numbered(&mut self, district: &'static str) -> String {
        let count = self.counts.entry(district).or_default();
        *count += 1;
        format!("{district}{count}号線")
    }
}
