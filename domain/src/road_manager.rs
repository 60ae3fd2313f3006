//! Road managers (道路管理者): who owns a road and clears it.

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadManager {
    /// 団体コード, or a name of one's own.
    pub code: String,
    /// Its level.
    pub level: ManagerLevel,
    /// Its name.
    pub name: BilingualName,
}
