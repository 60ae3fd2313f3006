//! Accounts: people who sign in, and what each may do for which road manager.

use crate::database::{Store, StoreError};
use crate::facts::without_nul;
use crate::instants::{from_sql, to_sql};
use domain::sign_in::Role;
use jiff::Timestamp;

/// What an account may do for one road manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The manager's code.
    pub manager_code: String,
    /// What the account may do there.
    pub role: Role,
}

/// A person who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: i64,
    /// Address of electronic mail, in lower case; signs in with it.
    pub email: String,
    /// The person's name; stands beside what is recorded.
    pub name: String,
    /// Whether a password was chosen yet.
    pub has_password: bool,
    /// When it was made.
    pub made_at: Timestamp,
    /// Since when it can't sign in, where it can't.
    pub disabled_at: Option<Timestamp>,
    /// Its roles, by manager.
    pub memberships: Vec<Membership>,
}

/// What became of a change of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleChange {
    /// It was made.
    Done,
    /// The account has no role with this manager.
    NotThere,
    /// It would leave the manager without an admin.
    LastAdmin,
}

impl Store {
    /// Makes an account without a role; `None` where the address has one already.
    ///
    /// # Errors
    /// Database errors.
    pub async fn make_account(
        &self,
        email: &str,
        name: &str,
        password_phc: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        Ok(sqlx::query_scalar!(
            "INSERT INTO account (email, name, password, made_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (email) DO NOTHING RETURNING id",
            without_nul(email),
            without_nul(name),
            password_phc,
            to_sql(now)
        )
        .fetch_optional(&self.pool)
        .await?)
    }

    /// Gives an account a role with a manager, where it has none there; whether it had none.
    ///
    /// # Errors
    /// Database errors, as for a manager that is not there.
    pub async fn grant_role(
        &self,
        account_id: i64,
        membership: &Membership,
        granted_by: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "INSERT INTO account_role (account_id, manager_code, role, granted_by, granted_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            account_id,
            membership.manager_code,
            membership.role.as_str(),
            without_nul(granted_by),
            to_sql(now)
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Changes an account's role with a manager, or takes it away. Never takes the last admin.
    ///
    /// # Errors
    /// Database errors.
    pub async fn change_role(
        &self,
        account_id: i64,
        manager_code: &str,
        role: Option<Role>,
        changed_by: &str,
        now: Timestamp,
    ) -> Result<RoleChange, StoreError> {
        let mut tx = self.pool.begin().await?;
        // One change per manager at a time: two admins must not take each other's role at once.
        let rows = sqlx::query!(
            "SELECT r.account_id, r.role, a.disabled_at FROM account_role r \
             JOIN account a ON a.id = r.account_id \
             WHERE r.manager_code = $1 ORDER BY r.account_id FOR UPDATE OF r",
            manager_code
        )
        .fetch_all(&mut *tx)
        .await?;
        if !rows.iter().any(|row| row.account_id == account_id) {
            return Ok(RoleChange::NotThere);
        }
        let admins_left = rows.iter().any(|row| {
            row.account_id != account_id
                && row.role == Role::Admin.as_str()
                && row.disabled_at.is_none()
        });
        if role != Some(Role::Admin) && !admins_left {
            return Ok(RoleChange::LastAdmin);
        }
        match role {
            Some(role) => {
                sqlx::query!(
                    "UPDATE account_role SET role = $3, granted_by = $4, granted_at = $5 \
                     WHERE account_id = $1 AND manager_code = $2",
                    account_id,
                    manager_code,
                    role.as_str(),
                    without_nul(changed_by),
                    to_sql(now)
                )
                .execute(&mut *tx)
                .await?;
            }
            None => {
                sqlx::query!(
                    "DELETE FROM account_role WHERE account_id = $1 AND manager_code = $2",
                    account_id,
                    manager_code
                )
                .execute(&mut *tx)
                .await?;
            }
        }
        tx.commit().await?;
        Ok(RoleChange::Done)
    }

    /// The account of an address, with its argon2id string.
    ///
    /// # Errors
    /// Database errors.
    pub async fn account_by_email(
        &self,
        email: &str,
    ) -> Result<Option<(Account, Option<String>)>, StoreError> {
        let email = without_nul(email);
        let row = sqlx::query!("SELECT id, password FROM account WHERE email = $1", email)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let account = self.accounts_where(Some(row.id), None).await?.pop();
        Ok(account.map(|account| (account, row.password)))
    }

    /// One account.
    ///
    /// # Errors
    /// Database errors.
    pub async fn account(&self, account_id: i64) -> Result<Option<Account>, StoreError> {
        Ok(self.accounts_where(Some(account_id), None).await?.pop())
    }

    /// The accounts with a role at a manager, or all, by address.
    ///
    /// # Errors
    /// Database errors.
    pub async fn accounts(&self, manager_code: Option<&str>) -> Result<Vec<Account>, StoreError> {
        self.accounts_where(None, manager_code).await
    }

    async fn accounts_where(
        &self,
        account_id: Option<i64>,
        manager_code: Option<&str>,
    ) -> Result<Vec<Account>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT a.id, a.email, a.name, a.password IS NOT NULL AS "has_password!", a.made_at,
                      a.disabled_at,
                      array_remove(array_agg(r.manager_code ORDER BY r.manager_code), NULL)
                          AS "managers!",
                      array_remove(array_agg(r.role ORDER BY r.manager_code), NULL) AS "roles!"
               FROM account a LEFT JOIN account_role r ON r.account_id = a.id
               WHERE ($1::bigint IS NULL OR a.id = $1)
                 AND ($2::text IS NULL OR EXISTS (
                     SELECT 1 FROM account_role WHERE account_id = a.id AND manager_code = $2))
               GROUP BY a.id ORDER BY a.email"#,
            account_id,
            manager_code
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let memberships = row.managers.into_iter().zip(&row.roles);
                Ok(Account {
                    id: row.id,
                    email: row.email,
                    name: row.name,
                    has_password: row.has_password,
                    made_at: from_sql(row.made_at),
                    disabled_at: row.disabled_at.map(from_sql),
                    memberships: memberships
                        .map(|(manager_code, role)| {
                            let role = Role::parse(role)
                                .ok_or_else(|| StoreError::corrupt("role", role))?;
                            Ok(Membership { manager_code, role })
                        })
                        .collect::<Result<_, StoreError>>()?,
                })
            })
            .collect()
    }

    /// Sets an account's password and ends its sessions and invitations.
    ///
    /// # Errors
    /// Database errors.
    pub async fn set_password(
        &self,
        account_id: i64,
        password_phc: &str,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query!(
            "UPDATE account SET password = $2 WHERE id = $1",
            account_id,
            password_phc
        )
        .execute(&mut *tx)
        .await?;
        end_all(&mut tx, account_id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Keeps an account from signing in, and ends its sessions and invitations; or lets it in again.
    ///
    /// # Errors
    /// Database errors.
    pub async fn disable_account(
        &self,
        account_id: i64,
        disabled_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query!(
            "UPDATE account SET disabled_at = $2 WHERE id = $1",
            account_id,
            disabled_at.map(to_sql)
        )
        .execute(&mut *tx)
        .await?;
        if disabled_at.is_some() {
            end_all(&mut tx, account_id).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Ends all that lets somebody act as an account.
pub(crate) async fn end_all(
    tx: &mut sqlx::Transaction<'_, sqlx::Postgres>,
    account_id: i64,
) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM account_session WHERE account_id = $1",
        account_id
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "DELETE FROM account_invitation WHERE account_id = $1",
        account_id
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
