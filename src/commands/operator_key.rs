//! `yukimichi operator key`: a key for a person who records by hand for a road manager.

use super::feeds_key::keep_or_revoke;
use crate::config::Config;
use crate::database::Database;
use anyhow::bail;
use std::process::ExitCode;
use store::KeyHolder;

/// Runs the command: prints a new key, or ends all keys of that person.
///
/// # Errors
/// A manager that is not configured, an empty name; database errors.
pub async fn run(config: &Config, holder: &KeyHolder, revoke: bool) -> anyhow::Result<ExitCode> {
    let KeyHolder::Operator {
        manager_code, name, ..
    } = holder
    else {
        bail!("a feed's key is made by `yukimichi feeds key`");
    };
    if !config.manager.iter().any(|m| m.code == *manager_code) {
        bail!("no [[manager]] has the code {manager_code:?}");
    }
    if name.is_empty() {
        bail!("--name: what is recorded stands under it, so that it can't be empty");
    }
    let database = Database::join(config).await?;
    let done = keep_or_revoke(config, &database.store, holder, revoke).await;
    database.close().await?;
    done?;
    Ok(ExitCode::SUCCESS)
}
