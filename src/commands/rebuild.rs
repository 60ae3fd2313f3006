//! `yukimichi rebuild`: passes and status again, from the facts alone.

use crate::clock::{Clock, FixedClock};
use crate::config::Config;
use crate::database::Database;
use crate::workers::judging::ReadingJudge;
use crate::workers::laying::FactLayer;
use crate::workers::matching::TraceMatcher;
use crate::workers::status_writer::StatusWriter;
use anyhow::bail;
use domain::network::SegmentId;
use domain::status::SegmentStatus;
use jiff::Timestamp;
use std::collections::HashMap;
use std::hash::Hash;
use std::process::ExitCode;
use std::sync::Arc;
use store::{PassKey, SegmentPass, Store};

/// What is derived from facts.
struct Derived {
    passes: HashMap<PassKey, SegmentPass>,
    statuses: HashMap<SegmentId, SegmentStatus>,
}

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
    // As of when the writer last looked: the next start brings it up to the present.
    let as_of = store.last_tick().await?.unwrap_or_else(Timestamp::now);
    let clock: Arc<dyn Clock> = Arc::new(FixedClock(as_of));
    // What a killed process left undone is no difference between before and after.
    derive(store, config, &clock).await?;
    let before = derived(store).await?;
    store.forget_derived().await?;
    derive(store, config, &clock).await?;
    let after = derived(store).await?;
    report("passes", &before.passes, &after.passes);
    report("segments' status", &before.statuses, &after.statuses);
    println!("as of {as_of}");
    Ok(())
}

/// Matches every trace whole, lays every place and writes the status that follows.
async fn derive(store: &Store, config: &Config, clock: &Arc<dyn Clock>) -> anyhow::Result<()> {
    TraceMatcher::new(store.clone(), Arc::clone(clock))
        .drain_and_close()
        .await?;
    FactLayer::new(store.clone(), Arc::clone(clock))
        .drain()
        .await?;
    ReadingJudge::new(store.clone(), Arc::clone(clock), config.quality.clone())
        .drain()
        .await?;
    let (_stop, shutdown) = tokio::sync::watch::channel(false);
    let policy = super::run::policy_of(config)?;
    let writer = StatusWriter::acquire(store.clone(), Arc::clone(clock), policy, &shutdown);
    if let Some(mut writer) = writer.await? {
        writer.drain().await?;
        writer.tick().await?;
    }
    Ok(())
}

fn report<K: Eq + Hash, V: PartialEq>(what: &str, before: &HashMap<K, V>, after: &HashMap<K, V>) {
    let same = before
        .iter()
        .filter(|(key, value)| after.get(key) == Some(value))
        .count();
    println!(
        "{what}: {} rebuilt; {same} are as before, {} are new or others, {} are gone",
        after.len(),
        after.len() - same,
        before.keys().filter(|key| !after.contains_key(key)).count()
    );
}

async fn derived(store: &Store) -> anyhow::Result<Derived> {
    Ok(Derived {
        passes: store.current_passes().await?.into_iter().collect(),
        statuses: store
            .changes_after(0)
            .await?
            .into_iter()
            .map(|row| (row.segment, row.status))
            .collect(),
    })
}
