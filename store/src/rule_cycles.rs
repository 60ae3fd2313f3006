//! A look at all rules: what they remember, what was raised, and that it was looked at all.

use crate::database::{Store, StoreError};
use crate::dispatch_events::DispatchChange;
use crate::dispatches::NewDispatch;
use crate::facts::{ensure_days, from_json, json_of};
use crate::instants::{from_sql, to_sql};
use domain::rules::{RoundEnd, RoundEnding, RuleMemory};
use jiff::Timestamp;
use sqlx::{Postgres, Transaction};
use std::collections::HashMap;

/// Advisory lock of the one who looks.
const CYCLE_LOCK: i64 = 0x596d_0020;

/// What a rule is to a zone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleZone {
    /// Code of the road manager.
    pub manager_code: String,
    /// The rule's id.
    pub rule_id: String,
    /// The zone's name.
    pub zone: String,
}

/// How a rule was last found for a zone.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleStanding {
    /// What it remembers.
    pub memory: RuleMemory,
    /// What the last look came to.
    pub outcome: String,
    /// Why, for people.
    pub reason: String,
    /// Since when it is so.
    pub since: Timestamp,
}

/// One look at all rules.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RuleCycle {
    /// Zones that were looked at.
    pub zones: u32,
    /// Rules that were looked at.
    pub rules: u32,
    /// Rounds that were opened.
    pub raised: u32,
    /// Rounds that were closed.
    pub stood_down: u32,
    /// Zones of which nobody could say.
    pub doubts: u32,
    /// How long it took, ms.
    pub took_ms: f64,
}

/// A look that is being written down: all of it or nothing.
#[derive(Debug)]
pub struct CycleWriter<'s> {
    pub(crate) tx: Transaction<'s, Postgres>,
}

impl Store {
    /// What rules remember of zones.
    ///
    /// # Errors
    /// Database errors.
    pub async fn rule_standings(
        &self,
        manager_code: Option<&str>,
    ) -> Result<HashMap<RuleZone, RuleStanding>, StoreError> {
        let rows = sqlx::query!(
            "SELECT manager_code, rule_id, zone, memory, outcome, reason, since \
             FROM rule_memory WHERE $1::text IS NULL OR manager_code = $1",
            manager_code
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let key = RuleZone {
                    manager_code: row.manager_code,
                    rule_id: row.rule_id,
                    zone: row.zone,
                };
                let standing = RuleStanding {
                    memory: from_json("rule memory", row.memory)?,
                    outcome: row.outcome,
                    reason: row.reason,
                    since: from_sql(row.since),
                };
                Ok((key, standing))
            })
            .collect()
    }

    /// The last look that was written down, and when.
    ///
    /// # Errors
    /// Database errors.
    pub async fn last_rule_cycle(&self) -> Result<Option<(Timestamp, RuleCycle)>, StoreError> {
        let row = sqlx::query!(
            "SELECT at, zones, rules, raised, stood_down, doubts, took_ms FROM rule_cycle \
             ORDER BY at DESC LIMIT 1"
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| {
            let cycle = RuleCycle {
                zones: row.zones.unsigned_abs(),
                rules: row.rules.unsigned_abs(),
                raised: row.raised.unsigned_abs(),
                stood_down: row.stood_down.unsigned_abs(),
                doubts: row.doubts.unsigned_abs(),
                took_ms: row.took_ms,
            };
            (from_sql(row.at), cycle)
        }))
    }

    /// How rounds that rules hold open, and the standbys before them, have ended.
    ///
    /// # Errors
    /// Database errors.
    pub async fn rule_round_endings(&self) -> Result<HashMap<RuleZone, RoundEnding>, StoreError> {
        let rows = sqlx::query!(
            "SELECT d.manager_code, d.rule, d.zone, d.round, d.state, d.changed_at \
             FROM rule_memory m JOIN dispatch d \
                  ON d.manager_code = m.manager_code AND d.zone = m.zone AND d.rule = m.rule_id \
                  AND d.round = (m.memory->>'round')::int \
                                + (m.memory->>'phase' <> 'open')::int \
             WHERE d.state IN ('completed', 'cancelled')"
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let key = RuleZone {
                    manager_code: row.manager_code,
                    rule_id: row.rule,
                    zone: row.zone,
                };
                let end = match row.state.as_str() {
                    "completed" => RoundEnd::Completed,
                    _ => RoundEnd::Cancelled,
                };
                let ending = RoundEnding {
                    round: row.round.unsigned_abs(),
                    end,
                    at: from_sql(row.changed_at),
                };
                (key, ending)
            })
            .collect())
    }

    /// The last call-out of each rule and zone: its round, and when it was opened, by which what a rule
    /// remembers can be made again.
    ///
    /// # Errors
    /// Database errors.
    pub async fn last_rule_rounds(
        &self,
    ) -> Result<HashMap<RuleZone, (u32, Timestamp)>, StoreError> {
        let rows = sqlx::query!(
            "SELECT DISTINCT ON (manager_code, zone, rule) manager_code, zone, rule, round, raised_at \
             FROM dispatch ORDER BY manager_code, zone, rule, round DESC"
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let key = RuleZone {
                    manager_code: row.manager_code,
                    rule_id: row.rule,
                    zone: row.zone,
                };
                (key, (row.round.unsigned_abs(), from_sql(row.raised_at)))
            })
            .collect())
    }

    /// Begins to write a look down; `None` while another process does.
    ///
    /// # Errors
    /// Database errors.
    pub async fn write_rule_cycle(&self) -> Result<Option<CycleWriter<'_>>, StoreError> {
        let mut tx = self.pool.begin().await?;
        let mine = sqlx::query_scalar!(
            r#"SELECT pg_try_advisory_xact_lock($1) AS "mine!""#,
            CYCLE_LOCK
        )
        .fetch_one(&mut *tx)
        .await?;
        Ok(mine.then_some(CycleWriter { tx }))
    }
}

impl CycleWriter<'_> {
    /// Keeps how rules were found, where that has changed. Nobody else writes them, so that what they remember is what the look
    /// began with.
    ///
    /// # Errors
    /// Database errors.
    pub async fn remember(&mut self, found: &[(RuleZone, RuleStanding)]) -> Result<(), StoreError> {
        let of = |part: fn(&RuleZone) -> &String| -> Vec<String> {
            found.iter().map(|(key, _)| part(key).clone()).collect()
        };
        let (managers, rules) = (of(|k| &k.manager_code), of(|k| &k.rule_id));
        let zones = of(|k| &k.zone);
        let memories = found
            .iter()
            .map(|(_, standing)| json_of("rule memory", &standing.memory))
            .collect::<Result<Vec<_>, _>>()?;
        let outcomes: Vec<String> = found.iter().map(|(_, s)| s.outcome.clone()).collect();
        let reasons: Vec<String> = found.iter().map(|(_, s)| s.reason.clone()).collect();
        let since: Vec<_> = found.iter().map(|(_, s)| to_sql(s.since)).collect();
        sqlx::query!(
            "INSERT INTO rule_memory (manager_code, rule_id, zone, memory, outcome, reason, since) \
             SELECT * FROM UNNEST($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::text[], \
                                  $6::text[], $7::timestamptz[]) \
             ON CONFLICT (manager_code, rule_id, zone) DO UPDATE \
             SET memory = excluded.memory, outcome = excluded.outcome, reason = excluded.reason, \
                 since = excluded.since",
            &managers,
            &rules,
            &zones,
            &memories,
            &outcomes,
            &reasons,
            &since
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Opens call-outs and changes open ones, with what the look remembers: all of it or nothing.
    ///
    /// # Errors
    /// Database errors; [`StoreError::Overtaken`] where a call-out changed meanwhile.
    pub async fn call(
        &mut self,
        openings: &[NewDispatch],
        changes: &[DispatchChange],
    ) -> Result<(), StoreError> {
        crate::dispatches::raise(&mut self.tx, openings).await?;
        let kept = crate::dispatch_events::keep_changes(&mut self.tx, changes).await?;
        match kept.iter().all(|kept| *kept) {
            true => Ok(()),
            false => Err(StoreError::Overtaken),
        }
    }

    /// Writes down that it was looked, and what came of it.
    ///
    /// # Errors
    /// Database errors; then nothing was written.
    pub async fn commit(mut self, cycle: &RuleCycle, now: Timestamp) -> Result<(), StoreError> {
        ensure_days(&mut self.tx, "rule_cycle", std::iter::once(now)).await?;
        sqlx::query!(
            "INSERT INTO rule_cycle (at, zones, rules, raised, stood_down, doubts, took_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            to_sql(now),
            cycle.zones as i32,
            cycle.rules as i32,
            cycle.raised as i32,
            cycle.stood_down as i32,
            cycle.doubts as i32,
            cycle.took_ms
        )
        .execute(&mut *self.tx)
        .await?;
        self.tx.commit().await?;
        Ok(())
    }
}
