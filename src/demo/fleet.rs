//! The three road managers of the night and what sets their plows apart.

use domain::coverage::NarrowRoads;
use domain::road_manager::{BilingualName, ManagerLevel, RoadManager};

/// One road manager's plows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fleet {
    /// The national road office.
    National,
    /// The prefecture.
    Prefecture,
    /// The town.
    Town,
}

/// What the night runs on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ground {
    /// The town made by the program.
    #[default]
    MadeUpTown,
    /// A real network, whose true managers have nothing to do with the demo.
    RealRoads,
}

impl Fleet {
    /// All three.
    pub const ALL: [Fleet; 3] = [Fleet::National, Fleet::Prefecture, Fleet::Town];

    /// The code of its road manager.
    pub fn manager(self) -> &'static str {
        match self {
            Fleet::National => "demo-national",
            Fleet::Prefecture => "demo-prefecture",
            Fleet::Town => "demo-town",
        }
    }

    /// The level of its road manager.
    pub fn level(self) -> ManagerLevel {
        match self {
            Fleet::National => ManagerLevel::National,
            Fleet::Prefecture => ManagerLevel::Prefectural,
            Fleet::Town => ManagerLevel::Municipal,
        }
    }

    /// Its road manager as the configuration names it.
    pub fn road_manager(self, ground: Ground) -> RoadManager {
        let (ja, en) = match (ground, self) {
            (Ground::MadeUpTown, Fleet::National) => {
                ("雪道国道事務所", "Yukimichi National Road Office")
            }
            (Ground::MadeUpTown, Fleet::Prefecture) => ("雪道県", "Yukimichi Prefecture"),
            (Ground::MadeUpTown, Fleet::Town) => ("雪道町", "Yukimichi Town"),
            (Ground::RealRoads, Fleet::National) => {
                ("模擬国道事務所", "Simulated National Road Office")
            }
            (Ground::RealRoads, Fleet::Prefecture) => ("模擬県", "Simulated Prefecture"),
            (Ground::RealRoads, Fleet::Town) => ("模擬町", "Simulated Town"),
        };
        RoadManager {
            code: self.manager().to_owned(),
            level: self.level(),
            name: BilingualName {
                ja: ja.to_owned(),
                en: en.to_owned(),
            },
            narrow: NarrowRoads::default(),
        }
    }

    /// Plows that it has where there is road enough.
    pub(super) fn most_plows(self) -> usize {
        match self {
            Fleet::National => 6,
            Fleet::Prefecture => 8,
            Fleet::Town => 10,
        }
    }

    /// Seconds between two reports of its `plow`th vehicle. The town still has some old units.
    pub(super) fn report_every_s(self, plow: usize) -> u32 {
        match self {
            Fleet::National => 5,
            Fleet::Prefecture => 10,
            Fleet::Town if plow >= 8 => 30,
            Fleet::Town => 15,
        }
    }

    /// Its name for its `plow`th vehicle.
    pub(super) fn vehicle_id(self, plow: usize) -> String {
        match self {
            Fleet::National => format!("国除-{:02}", plow + 1),
            Fleet::Prefecture => format!("P-{:02}", plow + 1),
            Fleet::Town => format!("除雪車{}号", plow + 1),
        }
    }

    /// Decimals of a degree in its reports.
    pub(super) fn decimals(self) -> u32 {
        match self {
            Fleet::National | Fleet::Prefecture => 6,
            Fleet::Town => 5,
        }
    }

    /// Whether it reports heading and speed: the town does neither.
    pub(super) fn reports_heading(self) -> bool {
        self != Fleet::Town
    }

    /// Whether it reports speed.
    pub(super) fn reports_speed(self) -> bool {
        self == Fleet::National
    }
}
