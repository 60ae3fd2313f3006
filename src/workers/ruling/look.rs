//! One look at all rules: a function of what is known, for the cycle and for past nights alike.

use super::grounds::{Grounds, ZoneKey};
use domain::rules::{PlacedGround, RoundEnding, RuleMemory, Surroundings, Verdict, evaluate};
use domain::snow_field::SnowField;
use std::collections::HashMap;
use std::sync::Arc;
use store::{RuleRecord, RuleZone};

/// What a look at one rule in one zone came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Which rule and zone.
    pub key: RuleZone,
    /// Index of the rule among those that were looked at.
    pub rule: usize,
    /// What the rule remembered before.
    pub before: RuleMemory,
    /// What it came to.
    pub verdict: Verdict,
}

/// A zone, and which of its roads a rule looks at.
type GroundKey = (ZoneKey, Vec<String>, Vec<String>);

/// Grounds with their places in the snow field, kept from one look to the next.
#[derive(Debug, Default)]
pub struct PlacedGrounds {
    field: Option<Arc<SnowField>>,
    placed: HashMap<GroundKey, (u64, PlacedGround)>,
}

impl PlacedGrounds {
    /// Forgets places that another set of stations surrounds.
    fn take_field(&mut self, field: &Arc<SnowField>) {
        if !(self.field.as_ref()).is_some_and(|known| field.has_stations_of(known)) {
            self.placed.clear();
        }
        self.field = Some(Arc::clone(field));
    }
}

/// Looks at every rule in every zone that it is for. Zones without a road that a rule looks at are left
/// out.
pub fn look(
    rules: &[RuleRecord],
    grounds: &Grounds,
    placed: &mut PlacedGrounds,
    around: &Surroundings,
    memory_of: impl Fn(&RuleZone) -> RuleMemory,
    ending_of: impl Fn(&RuleZone) -> Option<RoundEnding>,
) -> Vec<Found> {
    placed.take_field(around.field());
    let mut found = Vec::new();
    for (index, record) in rules.iter().enumerate() {
        let rule = &record.rule;
        for zone in grounds.zones_of_rule(&record.manager_code, rule) {
            let version = grounds.version_of(zone);
            let key = (zone.clone(), rule.classes.clone(), rule.priorities.clone());
            let (known, ground) = placed
                .placed
                .entry(key)
                .or_insert_with(|| (version, around.place(grounds.ground(rule, zone))));
            if *known != version {
                (*known, *ground) = (version, around.place(grounds.ground(rule, zone)));
            }
            if ground.ground.is_empty() {
                continue;
            }
            let key = RuleZone {
                manager_code: record.manager_code.clone(),
                rule_id: rule.id.clone(),
                zone: zone.1.clone(),
            };
            let before = memory_of(&key);
            let evidence = around.evidence(rule, ground, &before, ending_of(&key));
            let verdict = evaluate(rule, &evidence, &before, around.now());
            found.push(Found {
                key,
                rule: index,
                before,
                verdict,
            });
        }
    }
    // Grounds that no rule looks at any more, or that have no road.
    let field = around.field();
    (placed.placed).retain(|_, (_, ground)| ground.is_told_by(field));
    found
}
