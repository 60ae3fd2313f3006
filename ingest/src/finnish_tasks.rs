//! What Finnish contractors do: tasks as HARJA sends them and as Digitraffic publishes them.

use crate::mapping::MappingError;
use crate::text::normalize;
use domain::work::WorkKind;
use std::collections::{BTreeMap, BTreeSet};

/// Winter tasks in both spellings. Sources: HARJA's `suoritettavatTehtavat`, Digitraffic's
/// `MaintenanceTrackingTask`.
const WINTER: [(&str, &str, WorkKind); 8] = [
    (
        "auraus ja sohjonpoisto",
        "PLOUGHING_AND_SLUSH_REMOVAL",
        WorkKind::Plowing,
    ),
    (
        "pinnan tasaus",
        "LEVELLING_OF_ROAD_SURFACE",
        WorkKind::Grading,
    ),
    (
        "paannejaan poisto",
        "REMOVAL_OF_BULGE_ICE",
        WorkKind::PackedSnowRemoval,
    ),
    (
        "lumivallien madaltaminen",
        "LOWERING_OF_SNOWBANKS",
        WorkKind::Widening,
    ),
    ("lumensiirto", "TRANSFER_OF_SNOW", WorkKind::Hauling),
    ("suolaus", "SALTING", WorkKind::Deicing),
    ("linjahiekoitus", "LINE_SANDING", WorkKind::Deicing),
    ("pistehiekoitus", "SPOT_SANDING", WorkKind::Deicing),
];

/// Other tasks of both systems, which clear nothing.
const OTHER: [&str; 31] = [
    "asfaltointi",
    "aurausviitoitus ja kinostimet",
    "harjaus",
    "jyrays",
    "kelintarkastus",
    "koneellinen niitto",
    "koneellinen vesakonraivaus",
    "kuumennus",
    "l- ja p-alueiden puhdistus",
    "liikennemerkkien puhdistus",
    "ojitus",
    "paallysteiden juotostyot",
    "paallysteiden paikkaus",
    "palteen poisto",
    "siltojen puhdistus",
    "sorastus",
    "tiemerkinta",
    "tiestotarkastus",
    "tilaajan laadunvalvonta",
    "sohjo-ojien teko",
    "BRUSHING",
    "CLEANSING_OF_TRAFFIC_SIGNS",
    "CLIENTS_QUALITY_CONTROL",
    "PATCHING",
    "PAVING",
    "PLOUGHING_OF_SLUSH_DITCH",
    "PREVENTING_MELTING_WATER_PROBLEMS",
    "ROAD_INSPECTIONS",
    "ROAD_STATE_CHECKING",
    "SERVICE_ROUND",
    "SNOW_PLOUGHING_STICKS_AND_SNOW_FENCES",
];

/// Reads tasks; a feed's own `task_values` come first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tasks {
    own: BTreeMap<String, WorkKind>,
    /// Tasks that nobody has mapped, seen so far.
    pub(crate) unknown: BTreeSet<String>,
}

impl Tasks {
    pub(crate) fn new(task_values: &BTreeMap<String, String>) -> Result<Self, MappingError> {
        let own = task_values
            .iter()
            .map(|(task, name)| match WorkKind::parse(name) {
                Some(kind) => Ok((normalize(task), kind)),
                None => Err(MappingError::new(
                    "task_values",
                    format!(
                        "{name:?} is no work kind; they are {}",
                        WorkKind::ALL.map(WorkKind::as_str).join(", ")
                    ),
                )),
            })
            .collect::<Result<_, MappingError>>()?;
        Ok(Tasks {
            own,
            unknown: BTreeSet::new(),
        })
    }

    /// The work that tasks done at once come to: the one that clears most. No task at all is driving;
    /// tasks of which none is known are unknown work.
    pub(crate) fn work(&mut self, tasks: &[String]) -> Option<WorkKind> {
        let mut works = Vec::with_capacity(tasks.len());
        for task in tasks.iter().map(|task| normalize(task)) {
            match self.own.get(&task).copied().or_else(|| known(&task)) {
                Some(work) => works.push(work),
                None => {
                    self.unknown.insert(task);
                }
            }
        }
        let unknown = works.len() < tasks.len();
        match works.into_iter().min() {
            // An unknown task beside none that works may be work.
            Some(WorkKind::Transit) if unknown => None,
            Some(work) => Some(work),
            None => (!unknown).then_some(WorkKind::Transit),
        }
    }

    /// What a person should know of tasks that were not understood.
    pub(crate) fn note(&self) -> Option<String> {
        let names: Vec<&str> = self.unknown.iter().map(String::as_str).collect();
        (!names.is_empty()).then(|| {
            format!(
                "unknown tasks count as unknown work; map them in task_values: {}",
                names.join(", ")
            )
        })
    }
}

fn known(task: &str) -> Option<WorkKind> {
    let winter = WINTER
        .into_iter()
        .find(|(harja, public, _)| task == *harja || task == *public);
    winter
        .map(|(_, _, kind)| kind)
        .or_else(|| OTHER.contains(&task).then_some(WorkKind::Transit))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_task_that_clears_most_counts() {
        let mut tasks = Tasks::new(&BTreeMap::from([(
            "ojan auraus".to_owned(),
            "widening".to_owned(),
        )]))
        .unwrap();
        let cases: [(&[&str], Option<WorkKind>); 7] = [
            (&[], Some(WorkKind::Transit)),
            (
                &["suolaus", "auraus ja sohjonpoisto"],
                Some(WorkKind::Plowing),
            ),
            (&["LINE_SANDING"], Some(WorkKind::Deicing)),
            (&["aurausviitoitus ja kinostimet"], Some(WorkKind::Transit)),
            (&["ojan auraus"], Some(WorkKind::Widening)),
            (&["jotain uutta"], None),
            (&["jotain uutta", "suolaus"], Some(WorkKind::Deicing)),
        ];
        for (names, wanted) in cases {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(tasks.work(&names), wanted, "{names:?}");
        }
        assert!(tasks.note().unwrap().contains("jotain uutta"));
        let wrong = BTreeMap::from([("a".to_owned(), "mowing".to_owned())]);
        assert_eq!(Tasks::new(&wrong).unwrap_err().key, "task_values");
    }
}
