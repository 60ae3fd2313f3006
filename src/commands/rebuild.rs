//! `yukimichi rebuild`: passes and status again, from the facts alone.

use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::database::Database;
use crate::workers::matching::WindowMatcher;
use crate::workers::status_writer::StatusWriter;
use anyhow::bail;
use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::Arc;
use store::{SegmentPass, Store, Window};

type Passes = HashMap<(Window, i32), SegmentPass>;

/// Runs the command.
///
/// # Errors
/// Database errors, or a status writer that runs elsewhere.
pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::join(config).await?;
    let done = rebuild(&database.store, config).await;
    database.close().await?;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn rebuild(store: &Store, config: &Config) -> anyhow::Result<()> {
    // Half-made status must not be served as if it were whole.
    let Some(lock) = store.try_writer_lock().await? else {
        bail!("a server or worker is writing status to this database; stop it first");
    };
    drop(lock);
    let before = passes(store).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    store.forget_derived(clock.now()).await?;
    WindowMatcher::new(store.clone(), Arc::clone(&clock))
        .drain()
        .await?;
    let (_stop, shutdown) = tokio::sync::watch::channel(false);
    let policy = super::run::policy_of(config)?;
    if let Some(mut writer) = StatusWriter::acquire(store.clone(), clock, policy, &shutdown).await?
    {
        writer.drain().await?;
        writer.tick().await?;
    }
    let after = passes(store).await?;
    let same = before
        .iter()
        .filter(|(key, pass)| after.get(key) == Some(pass))
        .count();
    println!(
        "{} passes rebuilt; {same} are as before, {} are new or others, {} are gone",
        after.len(),
        after.len() - same,
        before.keys().filter(|key| !after.contains_key(key)).count()
    );
    Ok(())
}

async fn passes(store: &Store) -> anyhow::Result<Passes> {
    Ok(store
        .current_passes()
        .await?
        .into_iter()
        .map(|(window, ordinal, pass)| ((window, ordinal), pass))
        .collect())
}
