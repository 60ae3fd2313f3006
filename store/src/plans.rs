//! Plans (除排雪予定).

use crate::database::{Store, StoreError};
use crate::facts::{Intake, ensure_days, from_json, json_of, times_of, without_nul};
use crate::instants::{from_sql, to_sql};
use crate::laid::{LaidKind, to_lay};
use domain::plan::{Plan, PlanState};
use domain::work::WorkKind;
use jiff::Timestamp;

/// A plan with its feed.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanRecord {
    /// The feed.
    pub feed_id: String,
    /// The plan.
    pub plan: Plan,
    /// When this version of it came.
    pub received_at: Timestamp,
    /// Who recorded it, where a person did.
    pub recorded_by: Option<String>,
}

impl Store {
    /// Plans whose window had not ended by `since`, as they were known at `at`, by feed and id.
    ///
    /// # Errors
    /// Database errors.
    pub async fn plans_at(
        &self,
        at: Timestamp,
        since: Timestamp,
    ) -> Result<Vec<PlanRecord>, StoreError> {
        let rows = sqlx::query!(
            "SELECT feed_id, plan_id, received_at, work_kind, state, from_at, until_at, place, \
                    note, recorded_by \
             FROM (SELECT DISTINCT ON (feed_id, plan_id) * FROM plan WHERE received_at <= $1 \
                   ORDER BY feed_id, plan_id, received_at DESC) newest \
             WHERE until_at >= $2 ORDER BY feed_id, plan_id",
            to_sql(at),
            to_sql(since)
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(PlanRecord {
                    feed_id: row.feed_id,
                    plan: Plan {
                        id: row.plan_id,
                        work: WorkKind::parse(&row.work_kind)
                            .ok_or_else(|| StoreError::corrupt("work kind", &row.work_kind))?,
                        state: PlanState::parse(&row.state)
                            .ok_or_else(|| StoreError::corrupt("plan state", &row.state))?,
                        from: from_sql(row.from_at),
                        until: from_sql(row.until_at),
                        place: from_json("place", row.place)?,
                        note: row.note,
                    },
                    received_at: from_sql(row.received_at),
                    recorded_by: row.recorded_by,
                })
            })
            .collect()
    }
}

/// Adds a version of each plan that says something else than before.
pub(crate) async fn insert(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
) -> Result<usize, StoreError> {
    let plans = &intake.batch.facts.plans;
    if plans.is_empty() {
        return Ok(0);
    }
    ensure_days(connection, "plan", [intake.batch.received_at].into_iter()).await?;
    let ids: Vec<String> = plans.iter().map(|p| without_nul(&p.id)).collect();
    let works: Vec<String> = plans.iter().map(|p| p.work.as_str().to_owned()).collect();
    let states: Vec<String> = plans.iter().map(|p| p.state.as_str().to_owned()).collect();
    let places = plans
        .iter()
        .map(|p| json_of("place", &p.place))
        .collect::<Result<Vec<_>, _>>()?;
    let notes: Vec<String> = plans.iter().map(|p| without_nul(&p.note)).collect();
    let changed = sqlx::query_scalar!(
        "INSERT INTO plan (feed_id, plan_id, received_at, payload_id, work_kind, state, from_at, \
                           until_at, place, note, recorded_by) \
         SELECT $1, n.plan_id, $2, $3, n.work_kind, n.state, n.from_at, n.until_at, n.place, \
                n.note, $11 \
         FROM UNNEST($4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[], \
                     $9::jsonb[], $10::text[]) \
              AS n (plan_id, work_kind, state, from_at, until_at, place, note) \
         LEFT JOIN LATERAL (SELECT p.* FROM plan p \
              WHERE p.feed_id = $1 AND p.plan_id = n.plan_id AND p.received_at <= $2 \
              ORDER BY p.received_at DESC LIMIT 1) was ON true \
         WHERE was.plan_id IS NULL \
            OR (was.work_kind, was.state, was.from_at, was.until_at, was.place, was.note) \
               IS DISTINCT FROM \
               (n.work_kind, n.state, n.from_at, n.until_at, n.place, n.note) \
         ON CONFLICT DO NOTHING RETURNING plan_id",
        intake.feed_id,
        intake.received_at,
        intake.payload_id,
        &ids,
        &works,
        &states,
        &times_of(plans, |p| p.from),
        &times_of(plans, |p| p.until),
        &places,
        &notes,
        intake.batch.recorded_by
    )
    .fetch_all(&mut *connection)
    .await?;
    to_lay(connection, LaidKind::Plan, intake, &changed).await?;
    Ok(changed.len())
}
