//! What must hold at every step.

use crate::life::*;
use std::collections::BTreeMap;

/// A contact is never called again so soon, but for a reason (s).
const SOON: i64 = 5 * 60;
/// Nobody who is to be called waits longer (s): a lap's pause, and once more where the clock was
/// set back within it.
const LONGEST: i64 = 15 * 60;
const LONGEST_WITH_STEP: i64 = 2 * LONGEST;

/// Looks at one call-out over its life, in real seconds.
#[derive(Debug)]
pub(super) struct Watch {
    last_number: u32,
    /// When each contact was last called to go out.
    requested: BTreeMap<String, i64>,
    /// When somebody last was called, or calling began.
    last_call: i64,
    /// A person, or the clock, changed something since the last call.
    reason_to_repeat: bool,
    clock_set: bool,
}

impl Watch {
    pub(super) fn new(real: i64) -> Self {
        Watch {
            last_number: 0,
            requested: BTreeMap::new(),
            last_call: real,
            reason_to_repeat: false,
            clock_set: false,
        }
    }

    pub(super) fn clock_was_set(&mut self) {
        self.clock_set = true;
        self.reason_to_repeat = true;
    }

    pub(super) fn step(
        &mut self,
        before: &Dispatch,
        event: &Event,
        after: &Dispatch,
        effects: &[Effect],
        real: i64,
        now: Timestamp,
    ) {
        if event.by().is_some() || after.phase != before.phase {
            self.reason_to_repeat = true;
        }
        self.numbers_are_used_once(effects);
        self.nobody_is_forgotten(before, event, after, effects, real);
        self.nobody_is_called_twice(effects, real);
        state_is_legal(after, now);
        repeated_says_nothing(after, event, now);
    }

    fn numbers_are_used_once(&mut self, effects: &[Effect]) {
        for Effect::Tell(tell) in effects {
            assert_eq!(tell.number, self.last_number + 1, "{tell:?}");
            self.last_number = tell.number;
        }
    }

    fn nobody_is_forgotten(
        &mut self,
        before: &Dispatch,
        event: &Event,
        after: &Dispatch,
        effects: &[Effect],
        real: i64,
    ) {
        let to_call = !before.calls.is_empty() && before.silence.is_none();
        if to_call {
            let most = if self.clock_set {
                LONGEST_WITH_STEP
            } else {
                LONGEST
            };
            let waited = real - self.last_call;
            assert!(waited <= most, "forgotten for {waited} s: {before:?}");
        }
        let climbed = matches!(event, Event::Tick { .. }) && before.calls != after.calls;
        let called = effects
            .iter()
            .any(|Effect::Tell(tell)| tell.what.wants_answer());
        if called || climbed || !to_call {
            self.last_call = real;
            self.clock_set &= !to_call;
        }
    }

    fn nobody_is_called_twice(&mut self, effects: &[Effect], real: i64) {
        for Effect::Tell(tell) in effects {
            if tell.what != What::Request || tell.kind != RungKind::Firm {
                continue;
            }
            if let Some(last) = self.requested.insert(tell.contact.clone(), real) {
                let soon = real - last < SOON;
                assert!(
                    !soon || self.reason_to_repeat,
                    "{tell:?} again after {} s",
                    real - last
                );
            }
            self.reason_to_repeat = false;
        }
    }
}

fn state_is_legal(dispatch: &Dispatch, now: Timestamp) {
    let over = dispatch.phase.is_over();
    assert_eq!(dispatch.next_at().is_none(), over, "{dispatch:?}");
    assert!(
        !over || (dispatch.calls.is_empty() && dispatch.silence.is_none()),
        "{dispatch:?}"
    );
    let called_for = |why: &Why| dispatch.calls.iter().any(|calling| calling.why == *why);
    let aid_is_called = dispatch.calls.iter().any(|c| matches!(c.why, Why::Aid(_)));
    match dispatch.phase {
        Phase::Requested => assert!(called_for(&Why::Request), "{dispatch:?}"),
        Phase::AwaitingApproval => assert!(called_for(&Why::Approval), "{dispatch:?}"),
        Phase::Declined => assert!(called_for(&Why::Declined) || aid_is_called, "{dispatch:?}"),
        Phase::Accepted | Phase::Delayed | Phase::Started | Phase::Standby => assert!(
            dispatch.check_at.is_some() || called_for(&Why::Doubt),
            "nobody will ask: {dispatch:?}"
        ),
        Phase::Completed | Phase::Cancelled => {}
    }
    assert_eq!(
        called_for(&Why::Doubt),
        dispatch.doubt.is_some(),
        "{dispatch:?}"
    );
    let mut whys: Vec<String> = dispatch
        .calls
        .iter()
        .map(|c| format!("{:?}", c.why))
        .collect();
    whys.sort();
    whys.dedup();
    assert_eq!(
        whys.len(),
        dispatch.calls.len(),
        "two ladders for one reason"
    );
    if let Some(silence) = &dispatch.silence {
        assert!(silence.until <= silence.since.checked_add(LONGEST_WAIT).unwrap());
    }
    assert!(dispatch.phase_since <= now.checked_add(SignedDuration::from_hours(25)).unwrap());
}

/// The same event at the same time again changes nothing more, or is refused.
fn repeated_says_nothing(after: &Dispatch, event: &Event, now: Timestamp) {
    let restarts = matches!(event, Event::Silenced { .. } | Event::Escalated { .. });
    if let (false, Ok((again, effects))) = (restarts, apply(after, event, now)) {
        assert!(effects.is_empty(), "{event:?} twice: {effects:?}");
        assert_eq!(again.phase, after.phase);
    }
}
