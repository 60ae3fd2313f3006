//! From how much new snow on a road is to be cleared.

use serde::Deserialize;

/// A threshold for some roads. What is left out fits all of them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Code of the road manager.
    #[serde(default)]
    pub manager: Option<String>,
    /// Highway classes of OSM, such as `trunk` or `residential`.
    #[serde(default)]
    pub class: Option<Vec<String>>,
    /// Priorities of routes as tiles show them: `1` for 第１種, `emergency`.
    #[serde(default)]
    pub priority: Option<Vec<String>>,
    /// New snow since the last clearing, cm.
    pub new_snow_cm: f64,
}

/// What a road is looked up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThresholdKey<'a> {
    /// Code of its manager, where that is known.
    pub manager: Option<&'a str>,
    /// Its highway class.
    pub class: &'a str,
    /// Its priority, where it has one.
    pub priority: Option<&'a str>,
}

/// Thresholds of one's own in their order, then those in common use.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thresholds {
    /// The first that fits a road counts.
    pub own: Vec<Threshold>,
}

impl Thresholds {
    /// The threshold of a road, cm.
    pub fn of(&self, road: ThresholdKey<'_>) -> f64 {
        let own = self.own.iter().find(|threshold| threshold.fits(road));
        own.map_or_else(|| usual_cm(road.class), |threshold| threshold.new_snow_cm)
    }
}

impl Threshold {
    fn fits(&self, road: ThresholdKey<'_>) -> bool {
        let among = |names: &Option<Vec<String>>, name: Option<&str>| {
            let Some(names) = names else {
                return true;
            };
            name.is_some_and(|name| names.iter().any(|n| n == name))
        };
        let manager = self.manager.as_deref();
        manager.is_none_or(|code| Some(code) == road.manager)
            && among(&self.class, Some(road.class))
            && among(&self.priority, road.priority)
    }
}

/// What is in use (design §7): 5 cm on the national roads of Aomori and the priority routes of Ishikawa,
/// 10 cm on arterials and classes 1 to 3 (Ishikawa, Hakodate, Asahikawa), 15 cm in residential streets
/// (Asahikawa).
fn usual_cm(class: &str) -> f64 {
    match class {
        "motorway" | "motorway_link" | "trunk" | "trunk_link" => 5.0,
        "residential" | "living_street" | "service" | "pedestrian" => 15.0,
        _ => 10.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_fits_counts() {
        let names = |names: &[&str]| Some(names.iter().map(|n| (*n).to_owned()).collect());
        let thresholds = Thresholds {
            own: vec![
                Threshold {
                    manager: Some("02201".to_owned()),
                    class: None,
                    priority: names(&["1"]),
                    new_snow_cm: 8.0,
                },
                Threshold {
                    manager: None,
                    class: names(&["residential", "service"]),
                    priority: None,
                    new_snow_cm: 20.0,
                },
            ],
        };
        let cases = [
            (Some("02201"), "residential", Some("1"), 8.0),
            (Some("02201"), "residential", Some("2"), 20.0),
            (Some("02202"), "residential", Some("1"), 20.0),
            (Some("02201"), "tertiary", None, 10.0),
            (None, "trunk", None, 5.0),
            (None, "no such class", None, 10.0),
        ];
        for (manager, class, priority, expected) in cases {
            let road = ThresholdKey {
                manager,
                class,
                priority,
            };
            assert_eq!(thresholds.of(road), expected, "{road:?}");
        }
        let usual = ThresholdKey {
            manager: None,
            class: "residential",
            priority: None,
        };
        assert_eq!(Thresholds::default().of(usual), 15.0);
    }
}
