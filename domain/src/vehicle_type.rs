//! Types of snow vehicles, and what their work comes to (design §2).

use crate::work::WorkKind;
use serde::{Deserialize, Serialize};

/// Type of a vehicle. Only the first four clear a carriageway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VehicleType {
    /// 除雪トラック, 除雪ドーザ: pushes snow aside.
    Plow,
    /// 除雪グレーダ: takes packed snow off.
    Grader,
    /// ローダ: loads snow onto trucks.
    Loader,
    /// ロータリ除雪車: throws snow aside, or onto trucks.
    Rotary,
    /// 凍結防止剤散布車: spreads, and clears nothing.
    Spreader,
    /// ダンプトラック: carries snow away, and clears nothing.
    Dump,
    /// パトロールカー: looks, and clears nothing.
    Patrol,
}

impl VehicleType {
    /// All types.
    pub const ALL: [VehicleType; 7] = [
        VehicleType::Plow,
        VehicleType::Grader,
        VehicleType::Loader,
        VehicleType::Rotary,
        VehicleType::Spreader,
        VehicleType::Dump,
        VehicleType::Patrol,
    ];

    /// The name used in every interface (`snake_case`).
    pub fn as_str(self) -> &'static str {
        match self {
            VehicleType::Plow => "plow",
            VehicleType::Grader => "grader",
            VehicleType::Loader => "loader",
            VehicleType::Rotary => "rotary",
            VehicleType::Spreader => "spreader",
            VehicleType::Dump => "dump",
            VehicleType::Patrol => "patrol",
        }
    }

    /// Reads the interface name; `None` for anything else.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether it clears carriageways at all.
    pub fn clears(self) -> bool {
        matches!(
            self,
            VehicleType::Plow | VehicleType::Grader | VehicleType::Loader | VehicleType::Rotary
        )
    }

    /// What it does when it is said to do this: no vehicle is taken to clear what its type can't.
    ///
    /// Hauling clears only where snow is loaded, so a vehicle that carries it, or drives along, is in
    /// transit; a spreader that works spreads. A change of type so changes the work, and splits a pass.
    pub fn work(self, told: Option<WorkKind>) -> Option<WorkKind> {
        let told = told?;
        let loads = matches!(self, VehicleType::Loader | VehicleType::Rotary);
        Some(match told {
            WorkKind::Hauling if loads => told,
            WorkKind::Hauling => WorkKind::Transit,
            _ if !told.clears_carriageway() || self.clears() => told,
            _ if self == VehicleType::Spreader => WorkKind::Deicing,
            _ => WorkKind::Transit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for kind in VehicleType::ALL {
            assert_eq!(VehicleType::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(VehicleType::parse("bicycle"), None);
    }

    #[test]
    fn no_vehicle_clears_what_its_type_cannot() {
        use WorkKind::{Deicing, Grading, Hauling, Plowing, Sidewalk, Transit};
        let cases = [
            (VehicleType::Plow, Plowing, Plowing),
            (VehicleType::Plow, Deicing, Deicing),
            (VehicleType::Plow, Hauling, Transit),
            (VehicleType::Grader, Grading, Grading),
            (VehicleType::Loader, Hauling, Hauling),
            (VehicleType::Rotary, Hauling, Hauling),
            (VehicleType::Dump, Hauling, Transit),
            (VehicleType::Dump, Plowing, Transit),
            (VehicleType::Spreader, Plowing, Deicing),
            (VehicleType::Spreader, Deicing, Deicing),
            (VehicleType::Spreader, Transit, Transit),
            (VehicleType::Patrol, Plowing, Transit),
            (VehicleType::Rotary, Sidewalk, Sidewalk),
        ];
        for (vehicle, told, expected) in cases {
            assert_eq!(
                vehicle.work(Some(told)),
                Some(expected),
                "{vehicle:?} {told:?}"
            );
        }
        for vehicle in VehicleType::ALL {
            assert_eq!(vehicle.work(None), None, "what nobody told stays unknown");
            let clears = |told: &WorkKind| {
                vehicle
                    .work(Some(*told))
                    .is_some_and(WorkKind::clears_carriageway)
            };
            let any = WorkKind::ALL.iter().any(clears);
            assert_eq!(any, vehicle.clears(), "{vehicle:?}");
        }
    }
}
