//! `yukimichi daily-report`: 日報 of a manager's vehicles for a night.

use crate::cli::{DailyReportArgs, DailyReportFormat};
use crate::config::Config;
use crate::daily_report::{NightReport, page, table};
use crate::database::Database;
use anyhow::{Context, bail};
use domain::night::Night;
use jiff::Timestamp;
use std::io::Write;
use std::process::ExitCode;

/// Runs the command.
///
/// # Errors
/// A manager that is not configured; database errors; a file that can't be written.
pub async fn run(config: &Config, args: &DailyReportArgs) -> anyhow::Result<ExitCode> {
    let Some(manager) = config.manager.iter().find(|m| m.code == args.manager) else {
        bail!("no [[manager]] has the code {:?}", args.manager);
    };
    let night = Night::beginning_on(args.night);
    let database = Database::join(config).await?;
    let gathered = async {
        let network = database.store.load_network().await?.network;
        let now = Timestamp::now();
        NightReport::gather(&database.store, &network, manager, night, now).await
    }
    .await;
    database.close().await?;
    let report = gathered?;
    let text = match args.format {
        DailyReportFormat::Csv => table::csv(&report)?,
        DailyReportFormat::Html => page::html(&report, false),
    };
    match &args.out {
        Some(file) => std::fs::write(file, text)
            .with_context(|| format!("{}: can't be written", file.display()))?,
        None => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    eprintln!("{} vehicles", report.vehicles.len());
    Ok(ExitCode::SUCCESS)
}
