//! `yukimichi rules test`: what a past night would have raised.

use crate::cli::RulesTestArgs;
use crate::config::Config;
use crate::database::Database;
use crate::rule_trial::{LONGEST, Trial, TrialEvent, try_rules};
use anyhow::bail;
use domain::coverage::NarrowRules;
use domain::japan_time::JST;
use domain::night::Night;
use jiff::{Timestamp, ToSpan};
use std::process::ExitCode;
use store::Store;

/// Runs the command: tries the rules that hold now on what was measured then. Raises nothing.
///
/// # Errors
/// A span that is none; database errors.
pub(super) async fn run(config: &Config, args: &RulesTestArgs) -> anyhow::Result<ExitCode> {
    let (from, to) = span(args, Timestamp::now())?;
    let database = Database::join(config).await?;
    let trial = tried(config, &database.store, args, (from, to)).await;
    database.close().await?;
    let trial = trial?;
    for event in &trial.events {
        println!("{}", line(event));
    }
    let count = |what: &str| trial.events.iter().filter(|e| e.what == what).count();
    println!(
        "{} to {}: {} looks at {} zones, {} raised, {} in doubt; {} readings",
        jst(from),
        jst(to),
        trial.looks,
        trial.zones,
        count("raise"),
        count("doubt"),
        trial.readings
    );
    Ok(ExitCode::SUCCESS)
}

async fn tried(
    config: &Config,
    store: &Store,
    args: &RulesTestArgs,
    (from, to): (Timestamp, Timestamp),
) -> anyhow::Result<Trial> {
    let manager = args.manager.as_deref();
    let rules = store.rules_at(Timestamp::now(), manager).await?;
    let narrow = NarrowRules::of(&config.manager);
    try_rules(store, rules, &config.quality, narrow, (from, to)).await
}

/// The span that was asked for; last night, from 15:00 to 15:00 or now, where none was.
fn span(args: &RulesTestArgs, now: Timestamp) -> anyhow::Result<(Timestamp, Timestamp)> {
    let (from, to) = match (args.night, args.from, args.to) {
        (Some(date), None, None) => Night::beginning_on(date).span(),
        (None, Some(from), to) => (from, to.unwrap_or(now)),
        (None, None, None) => {
            let today = JST.to_datetime(now).date();
            Night::beginning_on(today.checked_sub(1.day())?).span()
        }
        _ => bail!("either --night, or --from with or without --to"),
    };
    let to = to.min(now);
    if from >= to {
        bail!("{from} does not lie before {to}");
    }
    if to.duration_since(from) > LONGEST {
        bail!("at most {} days at once", LONGEST.as_hours() / 24);
    }
    Ok((from, to))
}

fn line(event: &TrialEvent) -> String {
    let round = match event.round {
        0 => String::new(),
        round => format!(" {round}"),
    };
    let by = event
        .deadline
        .map_or(String::new(), |at| format!("; by {}", jst(at)));
    format!(
        "{}  {}  {}  {}  {}{round}  {}{by}",
        jst(event.at),
        event.key.manager_code,
        event.key.rule_id,
        event.key.zone,
        event.what,
        event.reason
    )
}

fn jst(at: Timestamp) -> String {
    JST.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn args(night: Option<&str>, from: Option<&str>, to: Option<&str>) -> RulesTestArgs {
        RulesTestArgs {
            manager: None,
            night: night.map(|date| date.parse().unwrap()),
            from: from.map(|at| at.parse().unwrap()),
            to: to.map(|at| at.parse().unwrap()),
        }
    }

    #[test]
    fn the_span_is_last_night_a_night_or_what_is_said() {
        let now: Timestamp = "2026-01-15T08:00:00+09:00".parse().unwrap();
        let cases = [
            (
                args(None, None, None),
                "2026-01-14 15:00",
                "2026-01-15 08:00",
            ),
            (
                args(Some("2026-01-12"), None, None),
                "2026-01-12 15:00",
                "2026-01-13 15:00",
            ),
            (
                args(None, Some("2026-01-15T00:00:00+09:00"), None),
                "2026-01-15 00:00",
                "2026-01-15 08:00",
            ),
        ];
        for (args, from, to) in cases {
            let (a, b) = span(&args, now).unwrap();
            assert_eq!((jst(a).as_str(), jst(b).as_str()), (from, to));
        }
        let t = Some("2026-01-15T00:00:00+09:00");
        for bad in [
            args(Some("2026-01-12"), t, None),
            args(None, None, t),
            args(Some("2026-01-20"), None, None),
            args(None, Some("2025-12-01T00:00:00+09:00"), None),
        ] {
            assert!(span(&bad, now).is_err(), "{bad:?}");
        }
    }
}
