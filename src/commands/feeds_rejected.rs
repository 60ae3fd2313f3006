//! `yukimichi feeds rejected`: the quarantine, newest first.

use super::terminal::printable;
use crate::cli::RejectedArgs;
use crate::config::Config;
use crate::database::Database;
use std::io::Write;
use std::process::ExitCode;
use store::{RejectedRecord, RejectionFilter};

/// Longest part of a record that is printed.
const RECORD_CHARS: usize = 120;

/// Runs the command.
///
/// # Errors
/// Database errors.
pub async fn run(config: &Config, args: &RejectedArgs) -> anyhow::Result<ExitCode> {
    let database = Database::join(config).await?;
    let filter = RejectionFilter {
        feed_id: args.feed.clone(),
        since: args.since,
        resolved: args.all,
        limit: i64::from(args.limit),
        ..RejectionFilter::default()
    };
    let found = database.store.rejections(&filter).await;
    database.close().await?;
    let found = found?;
    let mut out = std::io::stdout().lock();
    for record in &found {
        // A reader such as `head` may have seen enough.
        if writeln!(out, "{}", line_of(record)).is_err() {
            break;
        }
    }
    eprintln!("{} records", found.len());
    Ok(ExitCode::SUCCESS)
}

fn line_of(record: &RejectedRecord) -> String {
    let rejection = &record.rejection;
    let field = match rejection.field.as_str() {
        "" => "record",
        field => &printable(field),
    };
    let raw: String = rejection.record.chars().take(RECORD_CHARS).collect();
    let resolved = record
        .resolved_at
        .map_or(String::new(), |at| format!(" (resolved {at})"));
    format!(
        "{} {} payload {} position {} {field}: {} [seen {}x]{resolved} {}",
        record.last_seen_at,
        record.feed_id,
        record
            .payload_id
            .map_or("-".to_owned(), |id| id.to_string()),
        rejection.position,
        printable(&rejection.reason),
        record.seen,
        printable(&raw)
    )
}
