//! What a manager calls each type of vehicle.

use crate::mapping::MappingError;
use crate::text::normalize;
use domain::vehicle_type::VehicleType;
use domain::work::WorkKind;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The usual words, which need no mapping. Sources: 国土交通省 『除雪機械』's names; HARJA's
/// `tyokonetyyppi`.
const USUAL: [(&str, VehicleType); 22] = [
    ("除雪車", VehicleType::Plow),
    ("除雪トラック", VehicleType::Plow),
    ("除雪ドーザ", VehicleType::Plow),
    ("除雪ドーザー", VehicleType::Plow),
    ("タイヤドーザ", VehicleType::Plow),
    ("除雪グレーダ", VehicleType::Grader),
    ("除雪グレーダー", VehicleType::Grader),
    ("モータグレーダ", VehicleType::Grader),
    ("ローダ", VehicleType::Loader),
    ("ローダー", VehicleType::Loader),
    ("積込機", VehicleType::Loader),
    ("ホイールローダ", VehicleType::Loader),
    ("バックホウ", VehicleType::Loader),
    ("ロータリ", VehicleType::Rotary),
    ("ロータリ除雪車", VehicleType::Rotary),
    ("ロータリー除雪車", VehicleType::Rotary),
    ("散布車", VehicleType::Spreader),
    ("凍結防止剤散布車", VehicleType::Spreader),
    ("ダンプ", VehicleType::Dump),
    ("ダンプトラック", VehicleType::Dump),
    ("パトロールカー", VehicleType::Patrol),
    ("aura-auto", VehicleType::Plow),
];

/// A feed's words for types of vehicles: its own come first, then the names of [`VehicleType`], then the
/// usual words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VehicleWords {
    own: BTreeMap<String, VehicleType>,
    untyped: Option<VehicleType>,
}

/// Keys of a format's section that say of what type vehicles are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VehicleTypeSettings {
    /// From a value's text to a type's name.
    pub values: BTreeMap<String, String>,
    /// The type of vehicles whose type is not told.
    pub untyped: Option<String>,
}

impl VehicleWords {
    /// From the key `vehicle_types` of a format's section.
    ///
    /// # Errors
    /// A name that is no type.
    pub fn new(settings: &VehicleTypeSettings) -> Result<Self, MappingError> {
        let own = settings.values.iter();
        let own = own
            .map(|(value, name)| Ok((normalize(value).to_lowercase(), kind(name)?)))
            .collect::<Result<_, MappingError>>()?;
        let untyped = settings.untyped.as_deref().map(kind).transpose()?;
        Ok(VehicleWords { own, untyped })
    }

    /// The type that a value stands for; without one, that of vehicles whose type is not told.
    ///
    /// # Errors
    /// The reason for a person, when the value is unknown.
    pub fn read(&self, value: Option<&str>) -> Result<Option<VehicleType>, String> {
        let value = value.map(|v| normalize(v).to_lowercase());
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Ok(self.untyped);
        };
        let usual = || USUAL.into_iter().find(|(word, _)| *word == value);
        self.own
            .get(&value)
            .copied()
            .or_else(|| VehicleType::parse(&value))
            .or_else(|| usual().map(|(_, kind)| kind))
            .map(Some)
            .ok_or_else(|| {
                format!("{value:?} is no known type of vehicle; add it to vehicle_types.values")
            })
    }

    /// The work of a vehicle whose type is given by a value.
    ///
    /// # Errors
    /// As [`VehicleWords::read`].
    pub fn work(
        &self,
        value: Option<&str>,
        told: Option<WorkKind>,
    ) -> Result<Option<WorkKind>, String> {
        Ok(match self.read(value)? {
            Some(kind) => kind.work(told),
            None => told,
        })
    }
}

fn kind(name: &str) -> Result<VehicleType, MappingError> {
    VehicleType::parse(name).ok_or_else(|| {
        let names = VehicleType::ALL.map(VehicleType::as_str).join(", ");
        MappingError::new(
            "vehicle_types",
            format!("{name:?} is no type of vehicle; they are {names}"),
        )
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn own_words_come_first_and_unknown_ones_are_named() {
        let settings = VehicleTypeSettings {
            values: [("3".to_owned(), "dump".to_owned())].into(),
            untyped: Some("spreader".to_owned()),
        };
        let words = VehicleWords::new(&settings).unwrap();
        assert_eq!(words.read(Some("3")), Ok(Some(VehicleType::Dump)));
        assert_eq!(words.read(Some("grader")), Ok(Some(VehicleType::Grader)));
        assert_eq!(words.read(Some("Aura-auto")), Ok(Some(VehicleType::Plow)));
        for absent in [None, Some(""), Some(" ")] {
            assert_eq!(words.read(absent), Ok(Some(VehicleType::Spreader)));
        }
        assert!(words.read(Some("sled")).unwrap_err().contains("sled"));
        let plowing = Some(WorkKind::Plowing);
        assert_eq!(words.work(None, plowing), Ok(Some(WorkKind::Deicing)));
        assert_eq!(VehicleWords::default().work(None, plowing), Ok(plowing));
        let wrong = VehicleTypeSettings {
            untyped: Some("sled".to_owned()),
            ..VehicleTypeSettings::default()
        };
        assert!(VehicleWords::new(&wrong).is_err());
    }
}
