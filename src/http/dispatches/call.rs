//! `/api/v1/call/{token}`: the call-out page behind the one-time link. GET shows; only POST answers.

use super::acts::reported;
use super::list::book_of;
use super::{Which, answer, do_once, framed, once, private, read, unknown};
use crate::call_outs::{Book, alive};
use crate::http::browser_push::BrowserPush;
use crate::http::{AppState, Problem, body};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use dispatch::life::{Actor, Answer, DeclineReason, Dispatch, Event, Phase};
use domain::contractor::Contact;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{CallLink, PushSubscription};

/// What a contact answers.
#[derive(Debug, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case", deny_unknown_fields)]
enum Said {
    Accept {
        machines: Option<u16>,
        eta: Option<Timestamp>,
    },
    Delay {
        until: Timestamp,
    },
    Decline {
        reason: DeclineReason,
    },
    Start {},
    Complete {},
    /// An officer's.
    Approve {},
    /// An officer's.
    Cancel {
        #[serde(default)]
        reason: String,
    },
}

/// Whom a token is for.
struct Caller {
    link: CallLink,
    book: Book,
    contact: Contact,
    /// Code of the contact's firm; officers have none.
    firm: Option<String>,
}

impl Caller {
    async fn of(state: &AppState, token: &str) -> Result<Self, Problem> {
        let gone = || Problem::not_found("this link is unknown or has run out");
        let link = state.store.call_link(token, state.clock.now()).await?;
        let link = link.ok_or_else(gone)?;
        let book = book_of(state, &link.manager_code).await?;
        // A contact who was taken out of the book since has no say any more.
        let (contact, firm) = book.contacts.contact(&link.contact).ok_or_else(gone)?;
        let (contact, firm) = (contact.clone(), firm.map(|firm| firm.code.clone()));
        Ok(Caller {
            link,
            book,
            contact,
            firm,
        })
    }

    fn actor(&self) -> Actor {
        let name = self.contact.name.clone();
        match &self.firm {
            Some(contractor) => Actor::Firm {
                contractor: contractor.clone(),
                name,
            },
            None => Actor::Officer { name },
        }
    }

    /// What is told on the page: where, why, by when, who else was called, and the firm's other open
    /// call-outs.
    async fn page(&self, state: &AppState) -> Result<Value, Problem> {
        let (manager, id) = (&self.link.manager_code, self.link.dispatch_id);
        let record = state.store.dispatch(manager, id).await?;
        let dispatch = alive(&record.ok_or_else(|| unknown(id))?).map_err(Problem::internal)?;
        let called = dispatch
            .told
            .iter()
            .filter(|key| **key != self.link.contact);
        let called: Vec<&str> = called
            .filter_map(|key| Some(self.book.contacts.contact(key)?.0.name.as_str()))
            .collect();
        let mut others = Vec::new();
        for record in state.store.open_dispatches(manager).await? {
            let other = alive(&record).map_err(Problem::internal)?;
            if record.id != id && self.is_concerned(&other) {
                others.push(answer::told(record.id, &other, &self.book));
            }
        }
        let managers = state.store.road_managers().await?;
        let road_manager = managers.into_iter().find(|m| m.code == *manager);
        let centre = state
            .store
            .zone_centre(&dispatch.key.manager, &dispatch.key.zone)
            .await?;
        let events = state.store.dispatch_timeline(manager, id).await?;
        Ok(json!({
            "dispatch": answer::told(id, &dispatch, &self.book),
            "manager": road_manager,
            "you": {
                "name": self.contact.name,
                "role": if self.firm.is_some() { "firm" } else { "officer" },
            },
            "others_called": called,
            "other_call_outs": others,
            "timeline": answer::outline(&events),
            "centre": centre.map(|at| [at.lon, at.lat]),
            "push_key": state.push_key,
        }))
    }

    fn is_concerned(&self, dispatch: &Dispatch) -> bool {
        match &self.firm {
            None => true,
            Some(firm) => {
                dispatch.contractor.as_ref() == Some(firm)
                    || dispatch.firms.iter().any(|order| order.contractor == *firm)
            }
        }
    }
}

pub(in crate::http) async fn show(
    State(state): State<AppState>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let caller = Caller::of(&state, &token).await?;
    let page = caller.page(&state).await?;
    Ok(private(framed(&state, "call", page)))
}

pub(in crate::http) async fn answer(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = read(&headers, body).await?;
    let said: Said = body::json(&bytes)?;
    let once = once(&headers, "call", &bytes)?;
    let caller = Caller::of(&state, &token).await?;
    let by = caller.actor();
    let answered = |answer: Answer| Event::Answered {
        by: caller.actor(),
        answer,
    };
    let name = by.name().to_owned();
    let event = match said {
        Said::Accept { machines, eta } => answered(Answer::Accept { machines, eta }),
        Said::Delay { until } => answered(Answer::Delay { until }),
        Said::Decline { reason } => answered(Answer::Decline { reason }),
        Said::Start {} => reported(by, Phase::Started, name, String::new()),
        Said::Complete {} => reported(by, Phase::Completed, name, String::new()),
        Said::Approve {} => Event::Approved { by },
        Said::Cancel { reason } => Event::Cancelled { by, reason },
    };
    let which = Which {
        manager_code: &caller.link.manager_code,
        id: caller.link.dispatch_id,
    };
    do_once(&state, which, &event, once).await?;
    let page = caller.page(&state).await?;
    Ok(private(framed(&state, "call", page)))
}

/// Lets the contact's browser be told by Web Push from now on (`PushSubscription.toJSON()`).
pub(in crate::http) async fn subscribe(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = read(&headers, body).await?;
    let asked: BrowserPush = body::json(&bytes)?;
    let caller = Caller::of(&state, &token).await?;
    let address = asked.address("", state.simulated)?;
    let subscription = PushSubscription {
        id: 0,
        contact: caller.link.contact.clone(),
        endpoint: address.endpoint,
        p256dh: address.p256dh,
        auth: address.auth,
    };
    let manager = &caller.link.manager_code;
    let now = state.clock.now();
    state
        .store
        .keep_push_subscription(manager, &subscription, now)
        .await?;
    Ok(private(framed(&state, "subscribed", true.into())))
}
