//! Failed sign-ins, counted before the password is looked at, so that guesses side by side wait as
//! those after each other do.

use crate::batch::payload_sha256;
use crate::database::{Store, StoreError};
use crate::instants::{from_sql, to_sql};
use domain::sign_in::{FORGOTTEN_AFTER, Failures};
use jiff::Timestamp;
use sqlx::{Postgres, Transaction};

/// The counters of some subjects under one's hand, until [`SignInGate::count_failure`] or drop.
#[derive(Debug)]
pub struct SignInGate<'c> {
    tx: Transaction<'c, Postgres>,
    subjects: Vec<Vec<u8>>,
    /// Failures of each subject, in the order in which they were given.
    pub failures: Vec<Failures>,
}

impl Store {
    /// Looks at the failures of some subjects; whoever else tries one of them waits meanwhile.
    ///
    /// # Errors
    /// Database errors.
    pub async fn sign_in_gate(
        &self,
        subjects: &[String],
        now: Timestamp,
    ) -> Result<SignInGate<'_>, StoreError> {
        let subjects: Vec<Vec<u8>> = subjects
            .iter()
            .map(|subject| payload_sha256(subject.as_bytes()))
            .collect();
        let mut tx = self.pool.begin().await?;
        // In one order, so that no two wait for each other.
        sqlx::query!(
            "INSERT INTO sign_in_failure (subject_sha256, count, last_at) \
             SELECT s, 0, $2 FROM UNNEST($1::bytea[]) AS n (s) ORDER BY s ON CONFLICT DO NOTHING",
            &subjects,
            to_sql(now)
        )
        .execute(&mut *tx)
        .await?;
        let rows = sqlx::query!(
            "SELECT subject_sha256, count, last_at FROM sign_in_failure \
             WHERE subject_sha256 = ANY($1) ORDER BY subject_sha256 FOR UPDATE",
            &subjects
        )
        .fetch_all(&mut *tx)
        .await?;
        let failures = subjects
            .iter()
            .map(|subject| {
                let row = rows.iter().find(|row| row.subject_sha256 == *subject);
                row.map_or(
                    Failures {
                        count: 0,
                        last_at: now,
                    },
                    |row| Failures {
                        count: row.count.unsigned_abs(),
                        last_at: from_sql(row.last_at),
                    },
                )
            })
            .collect();
        Ok(SignInGate {
            tx,
            subjects,
            failures,
        })
    }

    /// Forgets the failures of subjects that have signed in, and those of long ago.
    ///
    /// # Errors
    /// Database errors.
    pub async fn forget_failures(
        &self,
        subjects: &[String],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let subjects: Vec<Vec<u8>> = subjects
            .iter()
            .map(|subject| payload_sha256(subject.as_bytes()))
            .collect();
        let long_ago = now
            .saturating_sub(FORGOTTEN_AFTER)
            .unwrap_or(Timestamp::MIN);
        sqlx::query!(
            "DELETE FROM sign_in_failure WHERE subject_sha256 IN ( \
                 SELECT subject_sha256 FROM sign_in_failure \
                 WHERE subject_sha256 = ANY($1) OR last_at < $2 \
                 ORDER BY subject_sha256 FOR UPDATE)",
            &subjects,
            to_sql(long_ago)
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

impl SignInGate<'_> {
    /// Counts a failure of each subject, and lets the next try through.
    ///
    /// # Errors
    /// Database errors.
    pub async fn count_failure(mut self, now: Timestamp) -> Result<(), StoreError> {
        let long_ago = now
            .saturating_sub(FORGOTTEN_AFTER)
            .unwrap_or(Timestamp::MIN);
        sqlx::query!(
            "UPDATE sign_in_failure \
             SET count = CASE WHEN last_at < $3 THEN 1 ELSE least(count, 1000000) + 1 END, \
                 last_at = $2 \
             WHERE subject_sha256 = ANY($1)",
            &self.subjects,
            to_sql(now),
            to_sql(long_ago)
        )
        .execute(&mut *self.tx)
        .await?;
        self.tx.commit().await?;
        Ok(())
    }
}
