//! One-time links to the call-out page. A link is 32 random bytes that stand in a message only; here
//! is its hash.

use crate::batch::payload_sha256;
use crate::database::{Store, StoreError};
use crate::instants::to_sql;
use jiff::Timestamp;

/// Whom a link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallLink {
    /// Code of the road manager.
    pub manager_code: String,
    /// The call-out.
    pub dispatch_id: i64,
    /// Key of the contact.
    pub contact: String,
}

impl Store {
    /// Keeps the hash of a link's token.
    ///
    /// # Errors
    /// Database errors.
    pub async fn keep_call_link(
        &self,
        token: &str,
        link: &CallLink,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO call_link (sha256, manager_code, dispatch_id, contact, made_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            payload_sha256(token.as_bytes()),
            link.manager_code,
            link.dispatch_id,
            link.contact,
            to_sql(now),
            to_sql(expires_at)
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Whom a token is for; `None` for one that is unknown or has run out. Hashes are looked up, so
    /// that the time taken tells nothing of the tokens that there are.
    ///
    /// # Errors
    /// Database errors.
    pub async fn call_link(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<CallLink>, StoreError> {
        Ok(sqlx::query_as!(
            CallLink,
            "SELECT manager_code, dispatch_id, contact FROM call_link \
             WHERE sha256 = $1 AND expires_at > $2",
            payload_sha256(token.as_bytes()),
            to_sql(now)
        )
        .fetch_optional(&self.pool)
        .await?)
    }
}
