//! `POST /api/v1/dispatches/{id}/{act}`: what the road manager's people do to a call-out.

use super::list::book_of;
use super::{Which, answer, do_once, framed, once, private, read, required};
use crate::call_outs::alive;
use crate::http::officer::Officer;
use crate::http::{AppState, Problem, body};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use dispatch::life::{Actor, Answer, DeclineReason, Event, FirmRole, Phase, Report};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptBody {
    pub(super) machines: Option<u16>,
    pub(super) eta: Option<Timestamp>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclineBody {
    reason: DeclineReason,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UntilBody {
    until: Timestamp,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoteBody {
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherBody {
    contractor: String,
    role: FirmRole,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportBody {
    /// The state by hand (申告).
    state: Option<Phase>,
    /// Segments that need not be done (路上駐車).
    #[serde(default)]
    excused_segments: Vec<u64>,
    said_by: Option<String>,
    #[serde(default)]
    note: String,
}

/// Does it, once for each `Idempotency-Key`.
pub(in crate::http) async fn act(
    State(state): State<AppState>,
    officer: Officer,
    Path((id, act)): Path<(i64, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = read(&headers, body).await?;
    let once = required(once(&headers, &act, &bytes)?)?;
    let by = Actor::Officer {
        name: officer.name.clone(),
    };
    let event = event_of(&act, by, &bytes)?;
    let book = book_of(&state, &officer.manager_code).await?;
    if let Event::OrderedOther { contractor, .. } = &event
        && book.contacts.firm(contractor).is_none()
    {
        return Err(Problem::unprocessable(format!(
            "contractor: {contractor:?} is not in the book of contacts"
        )));
    }
    let which = Which {
        manager_code: &officer.manager_code,
        id,
    };
    let record = do_once(&state, which, &event, Some(once)).await?;
    let dispatch = alive(&record).map_err(Problem::internal)?;
    let told = answer::told(id, &dispatch, &book);
    Ok(private(framed(&state, "dispatch", told)))
}

fn event_of(act: &str, by: Actor, bytes: &[u8]) -> Result<Event, Problem> {
    Ok(match act {
        "approve" => {
            nothing(bytes)?;
            Event::Approved { by }
        }
        "escalate" => {
            nothing(bytes)?;
            Event::Escalated { by }
        }
        "accept" => {
            let AcceptBody { machines, eta } = of(bytes)?;
            let answer = Answer::Accept { machines, eta };
            Event::Answered { by, answer }
        }
        "delay" => {
            let UntilBody { until } = of(bytes)?;
            let answer = Answer::Delay { until };
            Event::Answered { by, answer }
        }
        "decline" => {
            let DeclineBody { reason } = of(bytes)?;
            let answer = Answer::Decline { reason };
            Event::Answered { by, answer }
        }
        "cancel" => {
            let NoteBody { reason } = of(bytes)?;
            Event::Cancelled { by, reason }
        }
        "silence" => {
            let UntilBody { until } = of(bytes)?;
            Event::Silenced { by, until }
        }
        "order_other" => {
            let OtherBody { contractor, role } = of(bytes)?;
            Event::OrderedOther {
                by,
                contractor,
                role,
            }
        }
        "complete" => {
            let NoteBody { reason } = of(bytes)?;
            let said_by = by.name().to_owned();
            reported(by, Phase::Completed, said_by, reason)
        }
        "report" => report_of(by, of(bytes)?)?,
        _ => {
            return Err(Problem::not_found(format!(
                "{act:?} is none of approve, accept, decline, delay, cancel, complete, escalate, \
                 silence, order_other, report"
            )));
        }
    })
}

fn report_of(by: Actor, body: ReportBody) -> Result<Event, Problem> {
    match (body.state, body.excused_segments.is_empty()) {
        (Some(phase), true) => {
            let said_by = body.said_by.unwrap_or_else(|| by.name().to_owned());
            Ok(reported(by, phase, said_by, body.note))
        }
        (None, false) => Ok(Event::Excused {
            by,
            segments: body.excused_segments,
            note: body.note,
        }),
        _ => Err(Problem::unprocessable(
            "exactly one of state and excused_segments is needed",
        )),
    }
}

pub(super) fn reported(by: Actor, phase: Phase, said_by: String, note: String) -> Event {
    Event::Reported {
        by,
        report: Report {
            phase,
            said_by,
            note,
        },
    }
}

/// A body; none at all is an empty object.
fn of<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    body::json(match bytes.trim_ascii() {
        b"" => b"{}",
        bytes => bytes,
    })
}

fn nothing(bytes: &[u8]) -> Result<(), Problem> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}
    of::<Nothing>(bytes).map(|_| ())
}
