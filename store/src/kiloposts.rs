//! Kilopost tables (距離標) of road managers.

use crate::database::{Store, StoreError};
use crate::facts::{from_json, json_of};
use crate::instants::to_sql;
use domain::kilopost::Kilopost;
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap};

impl Store {
    /// Replaces the posts of those routes of a manager that are among the given ones, and has the
    /// work logs, plans and closures of that manager laid again.
    ///
    /// # Errors
    /// Database errors, as for a manager that is not there; then nothing has changed.
    pub async fn replace_kiloposts(
        &self,
        manager_code: &str,
        posts: &[Kilopost],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let routes: Vec<String> = posts
            .iter()
            .map(|post| post.route.clone())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let of_post: Vec<String> = posts.iter().map(|post| post.route.clone()).collect();
        let ordinals: Vec<i32> = (0..posts.len() as i32).collect();
        let values = posts
            .iter()
            .map(|post| json_of("kilopost", post))
            .collect::<Result<Vec<_>, _>>()?;
        let mut tx = self.pool.begin().await?;
        sqlx::query!(
            "DELETE FROM kilopost WHERE manager_code = $1 AND route = ANY($2)",
            manager_code,
            &routes
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            "INSERT INTO kilopost (manager_code, route, ordinal, post, imported_at) \
             SELECT $1, n.route, n.ordinal, n.post, $5 \
             FROM UNNEST($2::text[], $3::int4[], $4::jsonb[]) AS n (route, ordinal, post)",
            manager_code,
            &of_post,
            &ordinals,
            &values,
            to_sql(now)
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            "UPDATE laid_fact l SET pending = true \
             WHERE kind NOT IN ('zone', 'report') \
               AND feed_id IN (SELECT id FROM feed WHERE manager_code = $1) \
               AND NOT EXISTS (SELECT 1 FROM laid_fact n WHERE n.kind = l.kind \
                    AND n.feed_id = l.feed_id AND n.fact_id = l.fact_id \
                    AND n.version_at > l.version_at)",
            manager_code
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!("SELECT pg_notify('yukimichi_places', '')")
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// All posts by the code of their manager, in the order of the tables.
    ///
    /// # Errors
    /// Database errors.
    pub async fn kiloposts(&self) -> Result<HashMap<String, Vec<Kilopost>>, StoreError> {
        let rows = sqlx::query!(
            "SELECT manager_code, post FROM kilopost ORDER BY manager_code, ordinal, route"
        )
        .fetch_all(&self.pool)
        .await?;
        let mut posts: HashMap<String, Vec<Kilopost>> = HashMap::new();
        for row in rows {
            let post = from_json("kilopost", row.post)?;
            posts.entry(row.manager_code).or_default().push(post);
        }
        Ok(posts)
    }
}
