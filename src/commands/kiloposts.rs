//! `yukimichi kiloposts import`: a manager's table of kiloposts (距離標).

use super::feeds_sync::sync_feeds;
use crate::config::Config;
use crate::database::Database;
use anyhow::{Context, bail};
use domain::kilopost::{Kilopost, KilopostTable};
use ingest::kiloposts::decode_kiloposts;
use jiff::Timestamp;
use std::path::Path;
use std::process::ExitCode;

/// Gaps between posts that are worth telling, km.
const TELL_GAPS_KM: f64 = 2.0;

/// Runs the command: replaces the posts of the routes that the file holds. What hangs on them is laid
/// again by the next `run` or `ingest`, or by one that is running.
///
/// # Errors
/// A manager that is not configured, a file that can't be read as a table; database errors.
pub async fn import(config: &Config, manager: &str, file: &Path) -> anyhow::Result<ExitCode> {
    if !config.manager.iter().any(|m| m.code == manager) {
        bail!("no [[manager]] has the code {manager:?}");
    }
    let name = file.display();
    let bytes = std::fs::read(file).with_context(|| format!("{name}: can't be read"))?;
    let decoded = decode_kiloposts(&bytes).with_context(|| name.to_string())?;
    for rejection in &decoded.rejections {
        println!(
            "{name}:{}: {}: {}",
            rejection.position, rejection.field, rejection.reason
        );
    }
    let (lines, posts): (Vec<u64>, Vec<Kilopost>) = decoded.posts.into_iter().unzip();
    let (table, problems) = KilopostTable::new(posts.clone());
    for problem in &problems {
        let line = lines.get(problem.position).copied().unwrap_or_default();
        println!("{name}:{line}: {}", problem.reason);
    }
    for gap in table.gaps(TELL_GAPS_KM) {
        println!(
            "{}: no post between km {} and km {}: what lies there stays unplaced",
            gap.route, gap.from_km, gap.to_km
        );
    }
    let database = Database::join(config).await?;
    let done = async {
        sync_feeds(config, &database.store).await?;
        let now = Timestamp::now();
        database
            .store
            .replace_kiloposts(manager, &posts, now)
            .await?;
        anyhow::Ok(())
    }
    .await;
    database.close().await?;
    done?;
    println!(
        "{} posts imported, {} rows refused",
        posts.len(),
        decoded.rejections.len()
    );
    Ok(ExitCode::SUCCESS)
}
