//! An officer for the demo's board, with a new password at each start.

use super::feeds_sync::sync_feeds;
use crate::api_key::random_hex;
use crate::config::Config;
use crate::passwords;
use anyhow::Context;
use domain::sign_in::Role;
use jiff::Timestamp;
use store::{Membership, Store};

/// With what the demo's officer signs in.
#[derive(Debug)]
pub(super) struct DemoOfficer {
    pub(super) email: &'static str,
    pub(super) password: String,
}

const EMAIL: &str = "officer@demo.example";
const NAME: &str = "模擬 当直";

/// Lets the officer in as an admin of all of the demo's road managers.
///
/// # Errors
/// Database errors.
pub(super) async fn let_in(config: &Config, store: &Store) -> anyhow::Result<DemoOfficer> {
    sync_feeds(config, store).await?;
    let password: String = random_hex().chars().take(16).collect();
    let phc = passwords::hash(&password)?;
    let now = Timestamp::now();
    let account_id = match store.account_by_email(EMAIL).await? {
        Some((account, _)) => account.id,
        None => {
            let made = store.make_account(EMAIL, NAME, None, now).await?;
            made.context("the demo's officer was made by somebody else just now")?
        }
    };
    store.set_password(account_id, &phc).await?;
    for manager in &config.manager {
        let membership = Membership {
            manager_code: manager.code.clone(),
            role: Role::Admin,
        };
        store
            .grant_role(account_id, &membership, "yukimichi demo", now)
            .await?;
    }
    Ok(DemoOfficer {
        email: EMAIL,
        password,
    })
}
