//! Threshold rules with their versions.

use crate::database::{Store, StoreError};
use crate::facts::{from_json, json_of, without_nul};
use crate::instants::{from_sql, to_sql};
use domain::rules::Rule;
use jiff::Timestamp;
use sqlx::PgConnection;

/// Advisory lock under which versions are numbered.
const RULES_LOCK: i64 = 0x596d_0019;

/// A rule as it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleRecord {
    /// Code of its road manager.
    pub manager_code: String,
    /// The rule.
    pub rule: Rule,
    /// Its version, from 1.
    pub version: i32,
    /// Since when it holds.
    pub known_since: Timestamp,
    /// Who recorded it.
    pub recorded_by: String,
}

/// What came of keeping rules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeptRules {
    /// Rules that were not there before.
    pub new: usize,
    /// Rules that say something else now.
    pub changed: usize,
    /// Rules that say what they said.
    pub unchanged: usize,
}

impl Store {
    /// Keeps rules of a manager, each as a new version where it says something else than before. Others of
    /// the manager stay as they are.
    ///
    /// # Errors
    /// Database errors, as for a manager that is not there; then nothing has changed.
    pub async fn keep_rules(
        &self,
        manager_code: &str,
        rules: &[Rule],
        recorded_by: &str,
        now: Timestamp,
    ) -> Result<KeptRules, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock(&mut tx).await?;
        let mut kept = KeptRules::default();
        for rule in rules {
            let value = json_of("rule", rule)?;
            let newest = newest_version(&mut tx, manager_code, &rule.id).await?;
            match &newest {
                Some((_, Some(was))) if *was == value => {
                    kept.unchanged += 1;
                    continue;
                }
                Some((_, Some(_))) => kept.changed += 1,
                _ => kept.new += 1,
            }
            let version = newest.map_or(1, |(version, _)| version + 1);
            let key = (manager_code, rule.id.as_str());
            insert(&mut tx, key, version, Some(value), recorded_by, now).await?;
        }
        announce(&mut tx).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Withdraws a rule; false where there is none. Its open rounds go on.
    ///
    /// # Errors
    /// Database errors.
    pub async fn withdraw_rule(
        &self,
        manager_code: &str,
        rule_id: &str,
        recorded_by: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock(&mut tx).await?;
        let Some((version, Some(_))) = newest_version(&mut tx, manager_code, rule_id).await? else {
            return Ok(false);
        };
        let key = (manager_code, rule_id);
        insert(&mut tx, key, version + 1, None, recorded_by, now).await?;
        announce(&mut tx).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Rules as they held at a moment, of all managers or of one, by manager and id.
    ///
    /// # Errors
    /// Database errors.
    pub async fn rules_at(
        &self,
        at: Timestamp,
        manager_code: Option<&str>,
    ) -> Result<Vec<RuleRecord>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT manager_code, rule_id, version, known_since, recorded_by, rule AS "rule!"
               FROM (SELECT DISTINCT ON (manager_code, rule_id) * FROM rule
                     WHERE known_since <= $1 AND ($2::text IS NULL OR manager_code = $2)
                     ORDER BY manager_code, rule_id, version DESC) newest
               WHERE rule IS NOT NULL ORDER BY manager_code, rule_id"#,
            to_sql(at),
            manager_code
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(RuleRecord {
                    manager_code: row.manager_code,
                    rule: from_json("rule", row.rule)?,
                    version: row.version,
                    known_since: from_sql(row.known_since),
                    recorded_by: row.recorded_by,
                })
            })
            .collect()
    }
}

async fn lock(connection: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!("SELECT pg_advisory_xact_lock($1)", RULES_LOCK)
        .fetch_one(connection)
        .await?;
    Ok(())
}

async fn newest_version(
    connection: &mut PgConnection,
    manager_code: &str,
    rule_id: &str,
) -> Result<Option<(i32, Option<serde_json::Value>)>, StoreError> {
    let row = sqlx::query!(
        "SELECT version, rule FROM rule WHERE manager_code = $1 AND rule_id = $2 \
         ORDER BY version DESC LIMIT 1",
        manager_code,
        rule_id
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.version, row.rule)))
}

async fn insert(
    connection: &mut PgConnection,
    (manager_code, rule_id): (&str, &str),
    version: i32,
    rule: Option<serde_json::Value>,
    recorded_by: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO rule (manager_code, rule_id, version, known_since, recorded_by, rule) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        manager_code,
        rule_id,
        version,
        to_sql(now),
        without_nul(recorded_by),
        rule
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn announce(connection: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!("SELECT pg_notify('yukimichi_rules', '')")
        .fetch_one(connection)
        .await?;
    Ok(())
}
