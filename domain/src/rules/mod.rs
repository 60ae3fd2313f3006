//! Rules: when a zone's snow calls for plows, and when it is for a person to say.
//!
//! A rule is data. [`evaluate`] is a pure function of the rule, what is known of its zone, what the
//! rule remembers and the time. Its logic has three values (Kleene 1952): what is missing or doubtful
//! is *unknown*, and an unknown that decides is told to a person; it never silently means no.
//!
//! A **round** (巡) opens when the condition is crossed, and closes when its dispatch is completed or
//! cancelled, or when the value falls below the hysteresis; new snow past the threshold after that
//! opens the next.

mod cause;
mod check;
mod condition;
mod evidence;
mod finding;
mod ground;
mod hours;
mod memory;
mod reason;
mod season;
mod surroundings;
mod verdict;

#[cfg(test)]
mod tests;

pub use cause::{Cause, Page, pages};
pub use check::RuleError;
pub use condition::{Comparison, Condition, Measure, Threshold};
pub use evidence::{Evidence, Measured, RoundEnd, RoundEnding, Witness};
pub use finding::{Finding, Truth};
pub use ground::{GroundRoad, ZoneGround};
pub use hours::next_at;
pub use memory::{Phase, RuleMemory};
pub use reason::{Part, reason_ja};
pub use season::{MonthDay, Season, SeasonValue};
pub use surroundings::{PlacedGround, Surroundings, name_of, readings_since};
pub use verdict::{Outcome, StandbyTurn, Verdict, evaluate};

use crate::closure::DailyWindow;
use crate::network::RoadAttributes;
use jiff::SignedDuration;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// What happens when a rule is crossed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// 出動要請 goes out at once.
    Order,
    /// An officer approves it first.
    #[default]
    Approve,
    /// 自主出動: firms start by contract; their own start opens the dispatch.
    #[serde(rename = "self")]
    SelfStart,
}

impl Mode {
    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Order => "order",
            Mode::Approve => "approve",
            Mode::SelfStart => "self",
        }
    }
}

/// What happens when data are missing or doubtful, so that nobody can say whether a rule is crossed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDoubt {
    /// A person is told, who decides.
    #[default]
    Page,
    /// It is taken for crossed; a person is told too.
    Raise,
}

/// 待機: firms are asked to be ready before a rule is crossed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standby {
    /// When it is asked for.
    pub when: Condition,
    /// From which time of the day on; from then on where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
}

/// One rule of one road manager for some of its zones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name within its manager; the key.
    pub id: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Names of the zones (工区) that it is for; `*` = all of the manager's.
    pub zones: Vec<String>,
    /// When it is crossed.
    pub when: Condition,
    /// What happens then.
    #[serde(default)]
    pub mode: Mode,
    /// OSM highway values of the roads that it looks at; all where it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// Priorities of the roads that it looks at (`emergency`, `1` = 第1種 …); all where it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub priorities: Vec<String>,
    /// 基準観測点 as `feed/station`. Without stations the snow field at the zone is asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stations: Vec<String>,
    /// How many of these stations must say so, or on how many stations the snow field must rest.
    #[serde(default = "one")]
    pub at_least: u32,
    /// Passes with new readings in which it must be crossed, one after the other.
    #[serde(default = "two")]
    pub consecutive: u32,
    /// A round is over when depths and snowfall are this much below the threshold, cm.
    #[serde(default = "three_cm")]
    pub hysteresis_cm: f64,
    /// New snow since a round ended that opens the next, cm; the lowest new snow threshold of `when`
    /// where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_cm: Option<f64>,
    /// Decided once a night, at this time of the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decide_at: Option<Time>,
    /// Hours in which firms are called; outside them it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<DailyWindow>,
    /// Part of the year in which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
    /// By when the roads are to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Time>,
    /// Readings that are older are doubtful.
    #[serde(default = "three_hours")]
    pub oldest: SignedDuration,
    /// What missing and doubtful data do.
    #[serde(default)]
    pub on_doubt: OnDoubt,
    /// When firms are asked to be ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standby: Option<Standby>,
}

fn one() -> u32 {
    1
}

fn two() -> u32 {
    2
}

fn three_cm() -> f64 {
    3.0
}

fn three_hours() -> SignedDuration {
    SignedDuration::from_hours(3)
}

impl Rule {
    /// A rule with everything that may be left out left out.
    pub fn new(id: impl Into<String>, zones: Vec<String>, when: Condition) -> Self {
        Rule {
            id: id.into(),
            name: String::new(),
            zones,
            when,
            mode: Mode::default(),
            classes: Vec::new(),
            priorities: Vec::new(),
            stations: Vec::new(),
            at_least: one(),
            consecutive: two(),
            hysteresis_cm: three_cm(),
            again_cm: None,
            decide_at: None,
            window: None,
            season: None,
            deadline: None,
            oldest: three_hours(),
            on_doubt: OnDoubt::default(),
            standby: None,
        }
    }

    /// Whether it is for a zone of its manager.
    pub fn is_for(&self, zone: &str) -> bool {
        self.zones.iter().any(|own| own == "*" || own == zone)
    }

    /// Whether it looks at a road.
    pub fn looks_at(&self, road: &RoadAttributes) -> bool {
        let of_class = self.classes.is_empty() || self.classes.contains(&road.class);
        let of_priority = self.priorities.is_empty()
            || (road.priority()).is_some_and(|priority| self.priorities.contains(&priority));
        of_class && of_priority
    }

    /// What must be known to evaluate it, each once: new snow always, since it opens the next round.
    pub fn measures(&self) -> Vec<Measure> {
        let mut measures = vec![Measure::NewSnow];
        self.when.each(&mut |measure, _| measures.push(measure));
        if let Some(standby) = &self.standby {
            standby.when.each(&mut |measure, _| measures.push(measure));
        }
        measures.sort_unstable();
        measures.dedup();
        measures
    }
}
