//! Road managers (道路管理者): who owns a road and clears it.

use crate::coverage::NarrowRoads;
use serde::{Deserialize, Serialize};

/// Level of the road manager.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ManagerLevel {
    /// 国: MLIT's regional bureaus.
    National,
    /// 県: prefectures, also for the national roads that they keep (補助国道).
    Prefectural,
    /// 市町村.
    Municipal,
    /// 高速: NEXCO and other toll road companies.
    Expressway,
    /// The source does not say.
    #[default]
    Unknown,
}

impl ManagerLevel {
    /// All levels.
    pub const ALL: [ManagerLevel; 5] = [
        ManagerLevel::National,
        ManagerLevel::Prefectural,
        ManagerLevel::Municipal,
        ManagerLevel::Expressway,
        ManagerLevel::Unknown,
    ];

    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        match self {
            ManagerLevel::National => "national",
            ManagerLevel::Prefectural => "prefectural",
            ManagerLevel::Municipal => "municipal",
            ManagerLevel::Expressway => "expressway",
            ManagerLevel::Unknown => "unknown",
        }
    }

    /// Reads the interface name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }
}

/// A name in the users' two languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BilingualName {
    /// Japanese.
    pub ja: String,
    /// English; empty where none is known.
    #[serde(default)]
    pub en: String,
}

/// One road manager.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadManager {
    /// 団体コード, or a name of one's own.
    pub code: String,
    /// Its level.
    pub level: ManagerLevel,
    /// Its name.
    pub name: BilingualName,
    /// Which of its roads one pass clears in both directions.
    #[serde(default)]
    pub narrow: NarrowRoads,
}

/// The manager of a road among those configured: by the road's own manager code; by its level
/// where it names none and only one manager of that level is configured.
pub fn owner_among<'a>(
    managers: impl Iterator<Item = &'a RoadManager> + Clone,
    code: Option<&str>,
    level: ManagerLevel,
) -> Option<&'a RoadManager> {
    if let Some(code) = code {
        return managers.into_iter().find(|m| m.code == code);
    }
    let mut of_level = managers.filter(|m| level != ManagerLevel::Unknown && m.level == level);
    let first = of_level.next()?;
    of_level.all(|m| m.code == first.code).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manager(code: &str, level: ManagerLevel) -> RoadManager {
        RoadManager {
            code: code.to_owned(),
            level,
            name: BilingualName {
                ja: code.to_owned(),
                en: String::new(),
            },
            narrow: NarrowRoads::default(),
        }
    }

    #[test]
    fn a_level_names_an_owner_only_when_nobody_else_has_it() {
        use ManagerLevel::{Municipal, National, Unknown};
        let managers = [
            manager("n", National),
            manager("a", Municipal),
            manager("b", Municipal),
            manager("u", Unknown),
        ];
        let cases = [
            (Some("b"), Municipal, Some("b")),
            (Some("x"), National, None),
            (None, National, Some("n")),
            (None, Municipal, None),
            (None, Unknown, None),
        ];
        for (code, level, expected) in cases {
            let owner = owner_among(managers.iter(), code, level).map(|m| m.code.as_str());
            assert_eq!(owner, expected, "{code:?} {level:?}");
        }
    }
}
