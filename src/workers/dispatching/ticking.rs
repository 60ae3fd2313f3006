//! Lets time pass for call-outs: whose deadline has come, goes on.

use super::{CHANNEL, Dispatching, POLL, said};
use crate::call_outs::{Book, alive, step};
use crate::workers::{Shutdown, Waiter, called};
use dispatch::life::Event;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use store::{DispatchChange, DispatchRecord};

/// Call-outs looked at in one transaction.
const AT_ONCE: i64 = 500;
/// An idle round is written down as often.
const IDLE_ROUND: Duration = Duration::from_secs(10);

impl Dispatching {
    pub(super) async fn tick_on(&self, shutdown: Shutdown) -> anyhow::Result<()> {
        let mut waiter = Waiter::new(&self.store, CHANNEL);
        let mut told: Option<Instant> = None;
        while !*shutdown.borrow() {
            let (looked_at, changed) = self.tick_all().await?;
            if changed > 0 || told.is_none_or(|at| at.elapsed() >= IDLE_ROUND) {
                self.round_ended(&said(looked_at, changed)).await?;
                told = Some(Instant::now());
            }
            let pause = self.clock.real(POLL).clamp(Duration::from_millis(50), POLL);
            tokio::select! {
                () = called(&shutdown) => {}
                () = waiter.wait(pause) => {}
            }
        }
        Ok(())
    }

    /// Lets all that is due go on; how many were looked at, and how many changed.
    ///
    /// # Errors
    /// Database errors.
    pub async fn tick_all(&self) -> anyhow::Result<(usize, usize)> {
        let (mut looked_at, mut changed) = (0, 0);
        loop {
            let now = self.clock.now();
            let due = self.store.due_dispatches(now, AT_ONCE).await?;
            let count = due.len();
            let done = self.tick(due, now).await?;
            looked_at += count;
            changed += done;
            // Another process may be at the same ones: then the next round sees what is left.
            if count < AT_ONCE as usize || done == 0 {
                return Ok((looked_at, changed));
            }
        }
    }

    async fn tick(&self, due: Vec<DispatchRecord>, now: Timestamp) -> anyhow::Result<usize> {
        let mut by_manager: BTreeMap<String, Vec<DispatchRecord>> = BTreeMap::new();
        for record in due {
            let of_manager = by_manager.entry(record.manager_code.clone()).or_default();
            of_manager.push(record);
        }
        let mut changes = Vec::new();
        let mut untouched = Vec::new();
        for (manager, records) in by_manager {
            let book = Book::load(&self.store, &manager).await?;
            for record in records {
                match self.tick_of(&record, &book, now) {
                    Ok(Some(change)) => changes.push(change),
                    Ok(None) => untouched.push(record.id),
                    // One that can't be read must not keep the others from being called.
                    Err(error) => tracing::error!(call_out = record.id, "{error:#}"),
                }
            }
        }
        if !untouched.is_empty() {
            self.store.touch_dispatches(&untouched, now).await?;
        }
        let kept = self.store.keep_dispatch_changes(&changes).await?;
        Ok(kept.into_iter().filter(|kept| *kept).count())
    }

    fn tick_of(
        &self,
        record: &DispatchRecord,
        book: &Book,
        now: Timestamp,
    ) -> anyhow::Result<Option<DispatchChange>> {
        let roster = book.roster(&alive(record)?, self.notifiers.has_voice());
        match step(record, &Event::Tick { roster }, book, now)? {
            Ok(change) => Ok(change),
            Err(refused) => anyhow::bail!("time was refused: {refused}"),
        }
    }
}
