//! Why nobody can say whether a rule is crossed, and whom that concerns.

use crate::observation::QualityFlag;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One cause of doubt. Equal causes are one page to a person, however many zones hang on them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A station's reading is missing or isn't believed.
    Station {
        /// The station as `feed/station`.
        station: String,
        /// What is believed of it.
        flag: QualityFlag,
    },
    /// A station has said nothing for longer than the rule takes.
    StationSilent {
        /// The station as `feed/station`.
        station: String,
    },
    /// The snow field knows nothing at these zones.
    NoSnowField,
    /// The snow field there rests on too few stations.
    FewStations,
    /// What the snow field rests on is too old.
    SnowFieldOld,
    /// There is no forecast, or none that is new enough.
    NoForecast,
    /// What no sensor tells.
    ByPerson {
        /// What a person has to look at.
        what: String,
    },
}

impl Cause {
    /// For people.
    pub fn ja(&self) -> String {
        match self {
            Cause::Station { station, flag } => {
                let what = match flag {
                    QualityFlag::Missing => "欠測",
                    QualityFlag::Fail => "異常値",
                    QualityFlag::Suspect | QualityFlag::Pass => "疑わしい値",
                };
                format!("観測所 {station} が{what}")
            }
            Cause::StationSilent { station } => format!("観測所 {station} の通信が途絶えています"),
            Cause::NoSnowField => "近くに使える積雪観測がありません".to_owned(),
            Cause::FewStations => "積雪の推定に使える観測所が足りません".to_owned(),
            Cause::SnowFieldOld => "積雪の観測が古くなっています".to_owned(),
            Cause::NoForecast => "新しい降雪予測がありません".to_owned(),
            Cause::ByPerson { what } => format!("目視で確認が必要です：{what}"),
        }
    }
}

/// One page to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<Z> {
    /// Why.
    pub cause: Cause,
    /// Whom it concerns, in order.
    pub zones: Vec<Z>,
}

/// One page for each cause, with all that hang on it.
pub fn pages<'c, Z: Ord + Clone>(
    doubts: impl IntoIterator<Item = (Z, &'c [Cause])>,
) -> Vec<Page<Z>> {
    let mut by_cause: BTreeMap<&Cause, Vec<Z>> = BTreeMap::new();
    for (zone, causes) in doubts {
        for cause in causes {
            by_cause.entry(cause).or_default().push(zone.clone());
        }
    }
    by_cause
        .into_iter()
        .map(|(cause, mut zones)| {
            zones.sort_unstable();
            zones.dedup();
            Page {
                cause: cause.clone(),
                zones,
            }
        })
        .collect()
}
