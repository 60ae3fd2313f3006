//! Browsers that contacts let be told (Web Push).

use crate::database::{Store, StoreError};
use crate::facts::without_nul;
use crate::instants::to_sql;
use jiff::Timestamp;

/// A browser's subscription (W3C Push API).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushSubscription {
    /// Its number.
    pub id: i64,
    /// Key of the contact.
    pub contact: String,
    /// Address at the browser's push service.
    pub endpoint: String,
    /// The browser's public key: an uncompressed point on P-256.
    pub p256dh: Vec<u8>,
    /// The browser's secret, 16 bytes.
    pub auth: Vec<u8>,
}

impl Store {
    /// Keeps a contact's subscription; the same endpoint again replaces it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn keep_push_subscription(
        &self,
        manager_code: &str,
        subscription: &PushSubscription,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO push_subscription (manager_code, contact, endpoint, p256dh, auth, made_at) \
             VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (endpoint) DO UPDATE SET manager_code = excluded.manager_code, \
                 contact = excluded.contact, p256dh = excluded.p256dh, auth = excluded.auth, \
                 made_at = excluded.made_at, ended_at = NULL",
            manager_code,
            subscription.contact,
            without_nul(&subscription.endpoint),
            subscription.p256dh,
            subscription.auth,
            to_sql(now)
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The subscriptions of a road manager's contacts, by number.
    ///
    /// # Errors
    /// Database errors.
    pub async fn push_subscriptions(
        &self,
        manager_code: &str,
    ) -> Result<Vec<PushSubscription>, StoreError> {
        Ok(sqlx::query_as!(
            PushSubscription,
            "SELECT id, contact, endpoint, p256dh, auth FROM push_subscription \
             WHERE manager_code = $1 AND ended_at IS NULL ORDER BY id",
            manager_code
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// Ends a subscription that the push service does not know any more.
    ///
    /// # Errors
    /// Database errors.
    pub async fn end_push_subscription(
        &self,
        manager_code: &str,
        id: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE push_subscription SET ended_at = $3 WHERE manager_code = $1 AND id = $2",
            manager_code,
            id,
            to_sql(now)
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
