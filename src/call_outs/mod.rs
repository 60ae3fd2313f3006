//! Call-outs between the machine that decides (`dispatch`) and the store that remembers.

mod book;
pub mod letters;
pub mod notifiers;

pub use book::Book;

use anyhow::Context;
use dispatch::life::{Dispatch, Effect, Event, Opening, Refused, apply};
use jiff::Timestamp;
use store::{DispatchChange, DispatchEventRecord, DispatchRecord, LifeRow, NewDispatch, Store};

/// Rule of a call-out that a person opened.
pub const BY_HAND: &str = "by-hand";

/// How often a step is worked out anew when another process was faster.
const MOST_TRIES: usize = 20;

/// What is kept of a call-out that is opened now; [`Store::raise`] keeps it. The same (manager, zone,
/// rule, round) again changes nothing. Nobody is told in this step: the first deadline of what is
/// kept is `now`, and the dispatching worker is woken by the commit.
///
/// # Errors
/// Never, for what can be opened.
pub fn opened(opening: &Opening, now: Timestamp) -> anyhow::Result<NewDispatch> {
    let dispatch = Dispatch::open(opening, now);
    Ok(NewDispatch {
        manager_code: opening.key.manager.clone(),
        zone: opening.key.zone.clone(),
        rule: opening.key.rule.clone(),
        round: opening.key.round,
        drill: opening.drill,
        raised_at: now,
        opening: serde_json::to_value(opening)?,
        by_name: opening.by.as_ref().map(|by| by.name().to_owned()),
        life: life_row(&dispatch)?,
    })
}

/// The call-out as the machine knows it.
///
/// # Errors
/// When what is stored can't be read any more.
pub fn alive(record: &DispatchRecord) -> anyhow::Result<Dispatch> {
    serde_json::from_value(record.life.life.clone())
        .with_context(|| format!("call-out {} can't be read", record.id))
}

/// The call-out as its events make it, from the one that opened it on.
///
/// # Errors
/// When they are not a call-out's.
pub fn as_of(events: &[DispatchEventRecord]) -> anyhow::Result<Dispatch> {
    let (first, others) = events.split_first().context("a call-out without events")?;
    let opening: Opening = serde_json::from_value(first.event.clone()).context("opening")?;
    let mut dispatch = Dispatch::open(&opening, first.at);
    for kept in others {
        let event: Event = serde_json::from_value(kept.event.clone()).context("event")?;
        dispatch = apply(&dispatch, &event, kept.at)?.0;
    }
    Ok(dispatch)
}

/// The step that an event is; `None` where it changes nothing. `Store::keep_dispatch_changes` keeps
/// it, unless another process was faster.
///
/// # Errors
/// When what is stored can't be read any more; within, why the machine refuses.
pub fn step(
    record: &DispatchRecord,
    event: &Event,
    book: &Book,
    now: Timestamp,
) -> anyhow::Result<Result<Option<DispatchChange>, Refused>> {
    let dispatch = alive(record)?;
    let (next, effects) = match apply(&dispatch, event, now) {
        Ok(done) => done,
        Err(refused) => return Ok(Err(refused)),
    };
    if next == dispatch && effects.is_empty() {
        return Ok(Ok(None));
    }
    let mut messages = Vec::new();
    for Effect::Tell(tell) in &effects {
        messages.extend(book.messages(tell)?);
    }
    Ok(Ok(Some(DispatchChange {
        manager_code: record.manager_code.clone(),
        id: record.id,
        from_version: record.version,
        at: now,
        kind: event.name().to_owned(),
        event: serde_json::to_value(event)?,
        by_name: event.by().map(|by| by.name().to_owned()),
        request: None,
        life: life_row(&next)?,
        messages,
    })))
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The call-out as it is now.
    Done(Box<DispatchRecord>),
    /// The machine refused it.
    Refused(Refused),
    /// The manager has no such call-out.
    Unknown,
}

/// Lets an event happen to a call-out, again where another process was faster. `request` is the
/// request's own key and the hash of its body.
///
/// # Errors
/// Database errors.
pub async fn happen(
    store: &Store,
    manager_code: &str,
    id: i64,
    event: &Event,
    request: Option<(String, Vec<u8>)>,
    now: Timestamp,
) -> anyhow::Result<Outcome> {
    let book = Book::load(store, manager_code).await?;
    for _ in 0..MOST_TRIES {
        let Some(record) = store.dispatch(manager_code, id).await? else {
            return Ok(Outcome::Unknown);
        };
        let mut change = match step(&record, event, &book, now)? {
            Err(refused) => return Ok(Outcome::Refused(refused)),
            Ok(None) => return Ok(Outcome::Done(Box::new(record))),
            Ok(Some(change)) => change,
        };
        change.request.clone_from(&request);
        let kept = store
            .keep_dispatch_changes(std::slice::from_ref(&change))
            .await?;
        if kept == [true] {
            return Ok(Outcome::Done(Box::new(DispatchRecord {
                version: record.version + 1,
                changed_at: now,
                life: change.life,
                ..record
            })));
        }
    }
    anyhow::bail!("call-out {id} is being changed by too many at once")
}

fn life_row(dispatch: &Dispatch) -> anyhow::Result<LifeRow> {
    Ok(LifeRow {
        state: dispatch.state().as_str().to_owned(),
        next_at: dispatch.next_at(),
        life: serde_json::to_value(dispatch)?,
    })
}
