//! Road managers (道路管理者), and the feeds of theirs that nobody pulls.

use crate::database::{Store, StoreError};
use crate::instants::from_sql;
use domain::coverage::NarrowRoads;
use domain::road_manager::{BilingualName, ManagerLevel, RoadManager};
use jiff::Timestamp;
use std::collections::HashMap;

impl Store {
    /// The feed under which facts stand that people record by hand for a road manager; made where
    /// it is missing.
    ///
    /// # Errors
    /// Database errors, as for a manager that is not there.
    pub async fn by_hand_feed(&self, manager_code: &str) -> Result<String, StoreError> {
        let id = format!("by-hand:{manager_code}");
        sqlx::query!(
            "INSERT INTO feed (id, manager_code, format, interval_s, covers_manager, attribution, \
                               licence, by_hand) \
             SELECT $1, code, 'by_hand', 0, false, name_ja, '', true FROM road_manager \
             WHERE code = $2 ON CONFLICT DO NOTHING",
            id,
            manager_code
        )
        .execute(&self.pool)
        .await?;
        Ok(id)
    }

    /// The configured road managers, by code.
    ///
    /// # Errors
    /// Database errors.
    pub async fn road_managers(&self) -> Result<Vec<RoadManager>, StoreError> {
        sqlx::query!("SELECT code, level, name_ja, name_en FROM road_manager ORDER BY code")
            .fetch_all(&self.pool)
            .await?
            .into_iter()
            .map(|row| road_manager(row.code, &row.level, row.name_ja, row.name_en))
            .collect()
    }

    /// The road manager of every feed that ever was, by hand or retired ones included.
    ///
    /// # Errors
    /// Database errors.
    pub async fn feed_managers(&self) -> Result<HashMap<String, RoadManager>, StoreError> {
        sqlx::query!(
            "SELECT f.id, m.code, m.level, m.name_ja, m.name_en \
             FROM feed f JOIN road_manager m ON m.code = f.manager_code"
        )
        .fetch_all(&self.pool)
        .await?
        .into_iter()
        .map(|row| {
            let manager = road_manager(row.code, &row.level, row.name_ja, row.name_en)?;
            Ok((row.id, manager))
        })
        .collect()
    }

    /// The newest time that any fact of a feed speaks of; what is newer can't be stored yet.
    ///
    /// # Errors
    /// Database errors.
    pub async fn newest_fact_at(&self, feed_id: &str) -> Result<Option<Timestamp>, StoreError> {
        let at = sqlx::query_scalar!("SELECT last_fact_at FROM feed WHERE id = $1", feed_id)
            .fetch_optional(&self.pool)
            .await?;
        Ok(at.flatten().map(from_sql))
    }
}

pub(crate) fn road_manager(
    code: String,
    level: &str,
    ja: String,
    en: String,
) -> Result<RoadManager, StoreError> {
    Ok(RoadManager {
        code,
        level: ManagerLevel::parse(level)
            .ok_or_else(|| StoreError::corrupt("manager level", level))?,
        name: BilingualName { ja, en },
        narrow: NarrowRoads::default(),
    })
}
