//! `yukimichi contractors import`: a manager's book of firms, zones and people to call.

use super::feeds_sync::sync_feeds;
use crate::config::Config;
use crate::database::Database;
use anyhow::{Context, bail};
use ingest::contractors::decode_book;
use jiff::Timestamp;
use std::path::Path;
use std::process::ExitCode;

/// Runs the command: makes the file's book the manager's. What is not in it is withdrawn; former
/// versions stay.
///
/// # Errors
/// A manager that is not configured, a file that can't be read as a book; database errors.
pub async fn import(config: &Config, manager: &str, file: &Path) -> anyhow::Result<ExitCode> {
    if !config.manager.iter().any(|m| m.code == manager) {
        bail!("no [[manager]] has the code {manager:?}");
    }
    let name = file.display().to_string();
    let bytes = std::fs::read(file).with_context(|| format!("{name}: can't be read"))?;
    let decoded = decode_book(&name, &bytes).with_context(|| name.clone())?;
    for refusal in &decoded.refused {
        println!("{name}: {refusal}");
    }
    let database = Database::join(config).await?;
    let done = async {
        sync_feeds(config, &database.store).await?;
        let now = Timestamp::now();
        let book = &decoded.book;
        anyhow::Ok(database.store.keep_contact_book(manager, book, now).await?)
    }
    .await;
    database.close().await?;
    let changes = done?;
    println!(
        "{} contractors, {} duty officers; changed: {} contractors, {} contacts, {} zones; \
         {} withdrawn; {} refused",
        decoded.book.contractors.len(),
        decoded.book.officers.len(),
        changes.contractors,
        changes.contacts,
        changes.zones,
        changes.withdrawn,
        decoded.refused.len()
    );
    if decoded.book.officers.is_empty() {
        println!("no duty officers: when a firm does not answer, only the call list is left");
    }
    Ok(ExitCode::SUCCESS)
}
