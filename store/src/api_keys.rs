//! Keys of feeds that push and of people who record by hand. Only their hashes are kept.

use crate::batch::payload_sha256;
use crate::database::{Store, StoreError};
use crate::facts::without_nul;
use crate::instants::to_sql;
use jiff::Timestamp;

/// Whom a key speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyHolder {
    /// A feed that pushes.
    Feed {
        /// Its id.
        feed_id: String,
    },
    /// A person who records by hand for a road manager.
    Operator {
        /// The manager's code.
        manager_code: String,
        /// The person's name.
        name: String,
        /// Whether the person may record on roads of other managers too.
        any_manager: bool,
    },
}

impl Store {
    /// Keeps the hash of a key.
    ///
    /// # Errors
    /// Database errors, as for a feed or manager that is not there.
    pub async fn keep_key(
        &self,
        key: &str,
        holder: &KeyHolder,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (role, feed_id, manager_code, name, any_manager) = match holder {
            KeyHolder::Feed { feed_id } => ("feed", Some(feed_id), None, "", false),
            KeyHolder::Operator {
                manager_code,
                name,
                any_manager,
            } => (
                "operator",
                None,
                Some(manager_code),
                name.as_str(),
                *any_manager,
            ),
        };
        sqlx::query!(
            "INSERT INTO api_key (sha256, role, feed_id, manager_code, name, made_at, any_manager) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            payload_sha256(key.as_bytes()),
            role,
            feed_id,
            manager_code,
            without_nul(name),
            to_sql(now),
            any_manager
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Ends all keys of a holder and returns how many there were.
    ///
    /// # Errors
    /// Database errors.
    pub async fn revoke_keys(&self, holder: &KeyHolder, now: Timestamp) -> Result<u64, StoreError> {
        let (feed_id, manager_code, name) = match holder {
            KeyHolder::Feed { feed_id } => (Some(feed_id), None, ""),
            KeyHolder::Operator {
                manager_code, name, ..
            } => (None, Some(manager_code), name.as_str()),
        };
        let done = sqlx::query!(
            "UPDATE api_key SET revoked_at = $4 \
             WHERE revoked_at IS NULL AND feed_id IS NOT DISTINCT FROM $1 \
               AND manager_code IS NOT DISTINCT FROM $2 AND name = $3",
            feed_id,
            manager_code,
            without_nul(name),
            to_sql(now)
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    /// Whom a key speaks for; `None` for a key that is unknown or revoked. Hashes are looked up,
    /// so that the time taken tells nothing of the keys that there are.
    ///
    /// # Errors
    /// Database errors.
    pub async fn key_holder(&self, key: &str) -> Result<Option<KeyHolder>, StoreError> {
        let row = sqlx::query!(
            "SELECT feed_id, manager_code, name, any_manager FROM api_key \
             WHERE sha256 = $1 AND revoked_at IS NULL",
            payload_sha256(key.as_bytes())
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.and_then(|row| match (row.feed_id, row.manager_code) {
            (Some(feed_id), _) => Some(KeyHolder::Feed { feed_id }),
            (None, Some(manager_code)) => Some(KeyHolder::Operator {
                manager_code,
                name: row.name,
                any_manager: row.any_manager,
            }),
            (None, None) => None,
        }))
    }
}
