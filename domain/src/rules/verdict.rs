//! What a look at a rule comes to.

use super::cause::Cause;
use super::condition::Measure;
use super::evidence::Evidence;
use super::finding::{Finding, Truth, new_snow_reaches};
use super::hours::{last_at, next_at};
use super::memory::{Phase, RuleMemory};
use super::reason::{Part, reason_ja};
use super::{OnDoubt, Rule};
use jiff::{SignedDuration, Timestamp};

/// A deciding hour that was missed is still decided within this long.
const DECIDED_WITHIN: SignedDuration = SignedDuration::from_hours(6);
/// Doubt is told this long before it decides, so that a person has time to look.
const TOLD_BEFORE: SignedDuration = SignedDuration::from_hours(1);

/// What a look comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Not crossed.
    Quiet,
    /// Not the part of the year in which the rule holds.
    OffSeason,
    /// Crossed, but not yet in as many passes as it takes.
    Counting {
        /// In how many it was.
        seen: u32,
    },
    /// Crossed or in doubt, but it isn't the hour for it.
    Waiting {
        /// When it is.
        until: Timestamp,
    },
    /// A round opens.
    Raise {
        /// Which.
        round: u32,
    },
    /// A round is open.
    Holding {
        /// Which.
        round: u32,
    },
    /// A round closes, since the value fell below the hysteresis.
    StandDown {
        /// Which.
        round: u32,
    },
    /// Nobody can say: a person is told.
    Doubt,
}

impl Outcome {
    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Quiet => "quiet",
            Outcome::OffSeason => "off_season",
            Outcome::Counting { .. } => "counting",
            Outcome::Waiting { .. } => "waiting",
            Outcome::Raise { .. } | Outcome::Holding { .. } => "round_open",
            Outcome::StandDown { .. } => "stood_down",
            Outcome::Doubt => "doubt",
        }
    }
}

/// A change of 待機.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandbyTurn {
    /// Firms are asked to be ready for a round.
    Ready {
        /// The round that would be next.
        round: u32,
        /// From when.
        from: Timestamp,
    },
    /// 解除.
    Lifted {
        /// The round that didn't come.
        round: u32,
    },
}

/// What a look at a rule comes to, and what the rule remembers from then on.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What it comes to.
    pub outcome: Outcome,
    /// A change of 待機.
    pub standby: Option<StandbyTurn>,
    /// The values that decided.
    pub parts: Vec<Part>,
    /// Of which causes a person is to be told.
    pub causes: Vec<Cause>,
    /// By when the roads are to be done, of a round that opens.
    pub deadline: Option<Timestamp>,
    /// To be remembered.
    pub memory: RuleMemory,
}

impl Verdict {
    /// Why, for people: the values that decided, else why nobody can say.
    pub fn reason_ja(&self) -> String {
        let doubts = self.causes.iter().map(Cause::ja);
        let values = Some(reason_ja(&self.parts)).filter(|values| !values.is_empty());
        values
            .into_iter()
            .chain(doubts)
            .collect::<Vec<_>>()
            .join("／")
    }
}

/// Looks at a rule for one zone. Looking again without anything new changes nothing.
pub fn evaluate(rule: &Rule, evidence: &Evidence, memory: &RuleMemory, now: Timestamp) -> Verdict {
    let mut look = Look {
        rule,
        evidence,
        now,
        memory: memory.clone(),
        causes: Vec::new(),
    };
    look.take_ending();
    let (outcome, parts) = look.outcome();
    let standby = look.standby(outcome);
    let opens = matches!(outcome, Outcome::Raise { .. });
    Verdict {
        outcome,
        standby,
        parts,
        causes: look.causes,
        deadline: (rule.deadline.filter(|_| opens)).map(|time| next_at(time, now)),
        memory: look.memory,
    }
}

struct Look<'a> {
    rule: &'a Rule,
    evidence: &'a Evidence,
    now: Timestamp,
    memory: RuleMemory,
    causes: Vec<Cause>,
}

impl Look<'_> {
    /// An open round whose dispatch has ended is over.
    fn take_ending(&mut self) {
        if let (Phase::Open { .. }, Some(ending)) = (self.memory.phase, self.evidence.ending)
            && ending.round == self.memory.round
        {
            self.memory.phase = Phase::Spent { since: ending.at };
            self.memory.seen = 0;
        }
        // A standby is the next round already; called off by hand, that round is over.
        if let (Some(_), Some(ending)) = (self.memory.standby_from, self.evidence.ending)
            && ending.round == self.memory.round.saturating_add(1)
        {
            self.memory.round = ending.round;
            self.memory.standby_from = None;
            self.memory.standby_refused = true;
        }
    }

    fn outcome(&mut self) -> (Outcome, Vec<Part>) {
        let rule = self.rule;
        // An open round stays open past the season's end; it never begins outside it.
        if let Phase::Open { .. } = self.memory.phase {
            return self.open();
        }
        if rule.season.is_some_and(|season| !season.holds_at(self.now)) {
            self.memory.seen = 0;
            return (Outcome::OffSeason, Vec::new());
        }
        let above = rule.when.find(rule, self.evidence, 0.0, self.now);
        if let Phase::Spent { .. } = self.memory.phase
            && let Some(outcome) = self.spent(&above)
        {
            return (outcome, above.parts);
        }
        self.armed(above)
    }

    fn open(&mut self) -> (Outcome, Vec<Part>) {
        let rule = self.rule;
        let round = self.memory.round;
        let holds = (rule.when).find(rule, self.evidence, rule.hysteresis_cm, self.now);
        if holds.truth != Truth::No {
            // The round is open already: doubt changes nothing about it.
            self.memory.seen = 0;
            return (Outcome::Holding { round }, holds.parts);
        }
        // As many passes as it takes to open it: one reading too low must not call anyone back.
        if !self.count(holds.newest) {
            return (Outcome::Holding { round }, holds.parts);
        }
        self.memory.phase = Phase::Armed;
        self.memory.seen = 0;
        (Outcome::StandDown { round }, holds.parts)
    }

    /// After a round that ended while it was crossed; `None` when it may be crossed again.
    fn spent(&mut self, above: &Finding) -> Option<Outcome> {
        let rule = self.rule;
        let holds = (rule.when).find(rule, self.evidence, rule.hysteresis_cm, self.now);
        if holds.truth == Truth::No {
            self.memory.phase = Phase::Armed;
            return None;
        }
        if above.truth == Truth::No {
            self.memory.seen = 0;
            return Some(Outcome::Quiet);
        }
        let again = self
            .again_cm()
            .map(|threshold_cm| new_snow_reaches(rule, self.evidence, threshold_cm, self.now));
        match again {
            Some(again) if again.truth == Truth::Yes => None,
            Some(again) if again.truth == Truth::Unknown => Some(self.doubt(again.causes)),
            _ => {
                self.memory.seen = 0;
                Some(Outcome::Quiet)
            }
        }
    }

    fn again_cm(&self) -> Option<f64> {
        let mut lowest: Option<f64> = None;
        self.rule.when.each(&mut |measure, threshold| {
            if measure == Measure::NewSnow {
                let here = threshold.at(self.now);
                lowest = Some(lowest.map_or(here, |lowest| lowest.min(here)));
            }
        });
        self.rule.again_cm.or(lowest)
    }

    fn armed(&mut self, above: Finding) -> (Outcome, Vec<Part>) {
        let outcome = match above.truth {
            Truth::No => {
                self.memory.seen = 0;
                self.decide();
                Outcome::Quiet
            }
            Truth::Yes if self.count(above.newest) => self.crossed(),
            Truth::Yes => Outcome::Counting {
                seen: self.memory.seen,
            },
            Truth::Unknown if self.rule.on_doubt == OnDoubt::Raise => {
                let outcome = self.crossed();
                self.causes = above.causes;
                outcome
            }
            Truth::Unknown => self.doubt(above.causes),
        };
        (outcome, above.parts)
    }

    /// Counts a pass where there are new readings; true when there are enough.
    fn count(&mut self, newest: Option<Timestamp>) -> bool {
        if self.memory.seen == 0 || newest > self.memory.counted_at {
            self.memory.seen = self.memory.seen.saturating_add(1);
            self.memory.counted_at = newest;
        }
        self.memory.seen >= self.rule.consecutive
    }

    fn crossed(&mut self) -> Outcome {
        if let Some(until) = self.not_before() {
            return Outcome::Waiting { until };
        }
        self.decide();
        self.memory.round = self.memory.round.saturating_add(1);
        self.memory.phase = Phase::Open { since: self.now };
        self.memory.seen = 0;
        Outcome::Raise {
            round: self.memory.round,
        }
    }

    fn doubt(&mut self, causes: Vec<Cause>) -> Outcome {
        match self.not_before() {
            Some(until) if until.duration_since(self.now) > TOLD_BEFORE => {
                Outcome::Waiting { until }
            }
            _ => {
                self.causes = causes;
                Outcome::Doubt
            }
        }
    }

    /// The hour to wait for; `None` when it is time.
    fn not_before(&self) -> Option<Timestamp> {
        let (rule, now) = (self.rule, self.now);
        if let Some(window) = rule.window
            && !window.holds_at(now)
        {
            return Some(next_at(window.from, now));
        }
        let time = rule.decide_at?;
        (self.due().is_none()).then(|| next_at(time, now))
    }

    /// The deciding hour that is still to be decided.
    fn due(&self) -> Option<Timestamp> {
        let due = last_at(self.rule.decide_at?, self.now);
        let late = self.now.duration_since(due) > DECIDED_WITHIN;
        // One that lies ahead was decided before the clock was set back: it says nothing of tonight.
        let decided = (self.memory.decided_for).is_some_and(|at| due <= at && at <= self.now);
        (!late && !decided).then_some(due)
    }

    fn decide(&mut self) {
        if let Some(due) = self.due() {
            self.memory.decided_for = Some(due);
        }
    }

    fn standby(&mut self, outcome: Outcome) -> Option<StandbyTurn> {
        let (rule, now) = (self.rule, self.now);
        let standby = rule.standby.as_ref()?;
        if let Phase::Open { .. } = self.memory.phase {
            // The round itself takes its place.
            self.memory.standby_from = None;
            return None;
        }
        let round = self.memory.round.saturating_add(1);
        let lowered_cm = match self.memory.standby_from {
            Some(_) => rule.hysteresis_cm,
            None => 0.0,
        };
        let found = standby.when.find(rule, self.evidence, lowered_cm, now);
        let wanted = outcome != Outcome::OffSeason && found.truth == Truth::Yes;
        let over = outcome == Outcome::OffSeason || found.truth == Truth::No;
        if over {
            self.memory.standby_refused = false;
        }
        match self.memory.standby_from {
            None if wanted && !self.memory.standby_refused => {
                let from = standby.from.map_or(now, |time| next_at(time, now));
                self.memory.standby_from = Some(from);
                Some(StandbyTurn::Ready { round, from })
            }
            Some(_) if over => {
                self.memory.standby_from = None;
                self.memory.round = round;
                Some(StandbyTurn::Lifted { round })
            }
            _ => None,
        }
    }
}
