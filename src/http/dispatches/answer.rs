//! What is told of a call-out.

use crate::call_outs::Book;
use dispatch::life::Dispatch;
use serde_json::{Value, json};
use store::{AttemptRecord, DispatchEventRecord};

/// A call-out as its own manager's people and contacts see it.
pub(super) fn told(id: i64, dispatch: &Dispatch, book: &Book) -> Value {
    let firm = dispatch.contractor.as_deref().map(|code| {
        let name = book.contacts.firm(code).map(|firm| firm.name.as_str());
        json!({"code": code, "name": name})
    });
    let state = dispatch.state();
    json!({
        "id": id,
        "manager": dispatch.key.manager,
        "zone": dispatch.key.zone,
        "rule": dispatch.key.rule,
        "round": dispatch.key.round,
        "mode": dispatch.mode,
        "drill": dispatch.drill,
        "state": state,
        "state_ja": state.ja(),
        "phase": dispatch.phase,
        "since": dispatch.phase_since,
        "reported": dispatch.reported,
        "reason": dispatch.reason,
        "raised_at": dispatch.raised_at,
        "deadline": dispatch.deadline,
        "contractor": firm,
        "answer": dispatch.answer,
        "firms": dispatch.firms,
        "doubt": dispatch.doubt.map(|(doubt, since)| json!({
            "why": doubt,
            "why_ja": doubt.ja(),
            "since": since,
        })),
        "overdue_since": dispatch.overdue_since,
        "below_since": dispatch.below_since,
        "started_at": dispatch.started_at,
        "silence": dispatch.silence,
        "call_by_hand_since": dispatch.call_by_hand_since(),
        "calling": dispatch.calls.iter().map(|calling| json!({
            "why": calling.why,
            "called": calling.called,
            "laps": calling.laps,
            "next_at": calling.next_at,
        })).collect::<Vec<_>>(),
        "excused_segments": dispatch.excused,
        "progress": dispatch.progress,
        "progress_share": dispatch.progress.map(|progress| progress.share()),
        "next_at": dispatch.next_at(),
    })
}

/// All that happened, in turn.
pub(super) fn timeline(events: &[DispatchEventRecord]) -> Value {
    let told = |event: &DispatchEventRecord| {
        json!({
            "ordinal": event.ordinal,
            "at": event.at,
            "kind": event.kind,
            "by": event.by_name,
            "state": event.state,
            "event": event.event,
        })
    };
    events.iter().map(told).collect()
}

/// What happened and when, without who did it: what a firm sees of its call-out.
pub(super) fn outline(events: &[DispatchEventRecord]) -> Value {
    let told = |event: &DispatchEventRecord| {
        json!({
            "ordinal": event.ordinal,
            "at": event.at,
            "kind": event.kind,
            "state": event.state,
        })
    };
    events.iter().map(told).collect()
}

/// All attempts to tell somebody, in turn.
pub(super) fn attempts(attempts: &[AttemptRecord], book: &Book) -> Value {
    let told = |attempt: &AttemptRecord| {
        let contact = book.contacts.contact(&attempt.contact);
        json!({
            "number": attempt.number,
            "contact": attempt.contact,
            "name": contact.map(|(contact, _)| contact.name.as_str()),
            "way": attempt.way,
            "begun_at": attempt.begun_at,
            "ended_at": attempt.ended_at,
            "outcome": attempt.outcome,
            "detail": attempt.detail,
        })
    };
    attempts.iter().map(told).collect()
}
