//! From verdicts to call-outs: what is opened, and what is told to those that are open.

use super::look::Found;
use crate::call_outs::{self, Book};
use dispatch::life::{DispatchKey, Event, Mode, Opening};
use domain::japan_time::JST;
use domain::rules::{self, Outcome, StandbyTurn};
use jiff::Timestamp;
use std::collections::HashMap;
use store::{DispatchChange, NewDispatch, PageRecord, RuleRecord, RuleZone, Store};

/// Rule of a call-out that asks a person, since nobody can say.
pub const DOUBT: &str = "doubt";

/// What a look asks of the dispatching side.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// Call-outs to be opened.
    pub(super) openings: Vec<NewDispatch>,
    /// Steps of open ones.
    pub(super) changes: Vec<DispatchChange>,
}

/// Works out what is to be asked.
pub(super) struct Caller<'a> {
    store: &'a Store,
    now: Timestamp,
    books: HashMap<String, Book>,
    calls: Calls,
}

impl<'a> Caller<'a> {
    /// One that has been asked nothing yet.
    pub(super) fn new(store: &'a Store, now: Timestamp) -> Self {
        Caller {
            store,
            now,
            books: HashMap::new(),
            calls: Calls::default(),
        }
    }

    /// What is to be asked.
    pub(super) fn calls(self) -> Calls {
        self.calls
    }

    /// Asks what a verdict wants.
    ///
    /// # Errors
    /// Database errors.
    pub(super) async fn take(&mut self, found: &Found, record: &RuleRecord) -> anyhow::Result<()> {
        let verdict = &found.verdict;
        match verdict.outcome {
            Outcome::Raise { round } => {
                let reason = verdict.reason_ja();
                let crossed = Event::Crossed {
                    reason: reason.clone(),
                    deadline: verdict.deadline,
                };
                // A standby that is open is this round already.
                let stood_by = found.before.standby_from.is_some();
                if !(stood_by && self.tell(&found.key, round, &crossed).await?) {
                    self.open(found, record, round, reason, false).await?;
                }
            }
            Outcome::StandDown { round } => {
                let reason = verdict.reason_ja();
                self.tell(&found.key, round, &Event::FellBelow { reason })
                    .await?;
            }
            _ => {}
        }
        match verdict.standby {
            Some(StandbyTurn::Ready { round, from }) => {
                let from = JST.to_datetime(from);
                let why = verdict.reason_ja();
                let reason = format!("{} から待機：{why}", from.strftime("%-H:%M"));
                self.open(found, record, round, reason, true).await?;
            }
            Some(StandbyTurn::Lifted { round }) => {
                let reason = "待機の条件がなくなりました".to_owned();
                self.tell(&found.key, round, &Event::FellBelow { reason })
                    .await?;
            }
            None => {}
        }
        Ok(())
    }

    /// Opens one for a page: officers are asked, again and again, until one says that it is seen to.
    ///
    /// # Errors
    /// Never, for what can be opened.
    pub(super) fn page(&mut self, page: &PageRecord) -> anyhow::Result<()> {
        let opening = Opening {
            key: page_key(page),
            mode: Mode::Approve,
            drill: false,
            standby: false,
            reason: format!(
                "自動では判断できません（{}）。工区 {} を確認し、必要なら出動を指令してください",
                page.text_ja,
                page.zones.join("、")
            ),
            deadline: None,
            contractor: None,
            by: None,
        };
        (self.calls.openings).push(call_outs::opened(&opening, self.now)?);
        Ok(())
    }

    /// A page whose cause is gone.
    ///
    /// # Errors
    /// Database errors.
    pub(super) async fn page_is_over(&mut self, page: &PageRecord) -> anyhow::Result<()> {
        let key = page_key(page);
        let key_of_page = RuleZone {
            manager_code: key.manager,
            rule_id: key.rule,
            zone: key.zone,
        };
        let reason = "観測が戻り、自動で判断できるようになりました".to_owned();
        self.tell(&key_of_page, key.round, &Event::FellBelow { reason })
            .await?;
        Ok(())
    }

    async fn open(
        &mut self,
        found: &Found,
        record: &RuleRecord,
        round: u32,
        reason: String,
        standby: bool,
    ) -> anyhow::Result<()> {
        let key = &found.key;
        let book = self.book(&key.manager_code).await?;
        let opening = Opening {
            contractor: book.contacts.firm_of(&key.zone).map(|f| f.code.clone()),
            key: DispatchKey {
                manager: key.manager_code.clone(),
                zone: key.zone.clone(),
                rule: key.rule_id.clone(),
                round,
            },
            mode: mode_of(record.rule.mode),
            drill: false,
            standby,
            reason,
            deadline: found.verdict.deadline,
            by: None,
        };
        (self.calls.openings).push(call_outs::opened(&opening, self.now)?);
        Ok(())
    }

    /// Tells an open call-out; false where there is none.
    async fn tell(&mut self, key: &RuleZone, round: u32, event: &Event) -> anyhow::Result<bool> {
        let record = self
            .store
            .dispatch_of(&key.manager_code, &key.zone, &key.rule_id, round)
            .await?;
        let Some(record) = record.filter(|record| record.life.next_at.is_some()) else {
            return Ok(false);
        };
        let now = self.now;
        let book = self.book(&key.manager_code).await?;
        match call_outs::step(&record, event, book, now)? {
            Ok(change) => self.calls.changes.extend(change),
            Err(refused) => tracing::warn!(id = record.id, %refused, "a call-out would not hear"),
        }
        Ok(true)
    }

    async fn book(&mut self, manager_code: &str) -> anyhow::Result<&Book> {
        if !self.books.contains_key(manager_code) {
            let book = Book::load(self.store, manager_code).await?;
            self.books.insert(manager_code.to_owned(), book);
        }
        Ok(&self.books[manager_code])
    }
}

fn page_key(page: &PageRecord) -> DispatchKey {
    DispatchKey {
        manager: page.manager_code.clone(),
        // Zones may join a page and leave it; its name stays.
        zone: "要確認".to_owned(),
        rule: DOUBT.to_owned(),
        round: u32::try_from(page.id).unwrap_or(u32::MAX),
    }
}

/// The dispatching side has its own word for the same.
pub fn mode_of(mode: rules::Mode) -> Mode {
    match mode {
        rules::Mode::Order => Mode::Order,
        rules::Mode::Approve => Mode::Approve,
        rules::Mode::SelfStart => Mode::SelfStart,
    }
}
