//! Sessions of people who signed in, and invitations to choose a password. Tokens are kept as hashes.

use crate::accounts::{Account, end_all};
use crate::batch::payload_sha256;
use crate::database::{Store, StoreError};
use crate::instants::to_sql;
use domain::sign_in::SessionLife;
use jiff::{SignedDuration, Timestamp};

/// A session's last request is written down only so often.
const NOTED_EVERY: SignedDuration = SignedDuration::from_secs(60);

impl Store {
    /// Opens a session for an account, and clears away those that are over.
    ///
    /// # Errors
    /// Database errors.
    pub async fn open_session(
        &self,
        token: &str,
        account_id: i64,
        life: SessionLife,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "DELETE FROM account_session WHERE last_seen_at < $1 OR made_at < $2",
            to_sql(before(now, life.idle)),
            to_sql(before(now, life.longest))
        )
        .execute(&self.pool)
        .await?;
        sqlx::query!(
            "INSERT INTO account_session (sha256, account_id, made_at, last_seen_at) \
             VALUES ($1, $2, $3, $3)",
            payload_sha256(token.as_bytes()),
            account_id,
            to_sql(now)
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The account whose session a token opens, which each request prolongs; `None` for one that is
    /// unknown or over, or whose account may not sign in.
    ///
    /// # Errors
    /// Database errors.
    pub async fn session_account(
        &self,
        token: &str,
        life: SessionLife,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        let sha256 = payload_sha256(token.as_bytes());
        let row = sqlx::query!(
            "SELECT s.account_id, s.last_seen_at FROM account_session s \
             JOIN account a ON a.id = s.account_id \
             WHERE s.sha256 = $1 AND s.last_seen_at >= $2 AND s.made_at >= $3 \
               AND a.disabled_at IS NULL",
            sha256,
            to_sql(before(now, life.idle)),
            to_sql(before(now, life.longest))
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        if row.last_seen_at < to_sql(before(now, NOTED_EVERY)) {
            sqlx::query!(
                "UPDATE account_session SET last_seen_at = $2 WHERE sha256 = $1",
                sha256,
                to_sql(now)
            )
            .execute(&self.pool)
            .await?;
        }
        self.account(row.account_id).await
    }

    /// Ends a session.
    ///
    /// # Errors
    /// Database errors.
    pub async fn end_session(&self, token: &str) -> Result<(), StoreError> {
        sqlx::query!(
            "DELETE FROM account_session WHERE sha256 = $1",
            payload_sha256(token.as_bytes())
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Ends all sessions of an account, on whatever device, and returns how many there were.
    ///
    /// # Errors
    /// Database errors.
    pub async fn end_sessions_of(&self, account_id: i64) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            "DELETE FROM account_session WHERE account_id = $1",
            account_id
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    /// Keeps an invitation to choose a password; one that was there no longer holds.
    ///
    /// # Errors
    /// Database errors.
    pub async fn keep_invitation(
        &self,
        token: &str,
        account_id: i64,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query!(
            "DELETE FROM account_invitation WHERE account_id = $1",
            account_id
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            "INSERT INTO account_invitation (sha256, account_id, made_at, expires_at) \
             VALUES ($1, $2, $3, $4)",
            payload_sha256(token.as_bytes()),
            account_id,
            to_sql(now),
            to_sql(expires_at)
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes an invitation: sets the password of its account, and ends its sessions. `None` for an
    /// invitation that is unknown, over or taken.
    ///
    /// # Errors
    /// Database errors.
    pub async fn take_invitation(
        &self,
        token: &str,
        password_phc: &str,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let mut tx = self.pool.begin().await?;
        let account_id = sqlx::query_scalar!(
            "DELETE FROM account_invitation i USING account a \
             WHERE i.sha256 = $1 AND i.expires_at > $2 AND a.id = i.account_id \
               AND a.disabled_at IS NULL RETURNING i.account_id",
            payload_sha256(token.as_bytes()),
            to_sql(now)
        )
        .fetch_optional(&mut *tx)
        .await?;
        let Some(account_id) = account_id else {
            return Ok(None);
        };
        sqlx::query!(
            "UPDATE account SET password = $2 WHERE id = $1",
            account_id,
            password_phc
        )
        .execute(&mut *tx)
        .await?;
        end_all(&mut tx, account_id).await?;
        tx.commit().await?;
        Ok(Some(account_id))
    }
}

fn before(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.saturating_sub(span).unwrap_or(Timestamp::MIN)
}
