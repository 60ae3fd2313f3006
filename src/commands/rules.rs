//! `yukimichi rules import | list | remove`: threshold rules of road managers.

use super::feeds_sync::sync_feeds;
use super::rules_test;
use crate::cli::RulesCommand;
use crate::config::Config;
use crate::database::Database;
use crate::workers::ruling::grounds::Grounds;
use anyhow::{Context, bail};
use comfy_table::{Table, presets};
use domain::rules::Rule;
use ingest::rules::{GivenRule, RulesForm, decode_rules};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use store::{KeptRules, RuleZone, Store};

/// Runs a command.
///
/// # Errors
/// What went wrong, for the person who typed it.
pub async fn run(config: &Config, command: RulesCommand) -> anyhow::Result<ExitCode> {
    match command {
        RulesCommand::Import { file, manager } => import(config, manager.as_deref(), &file).await,
        RulesCommand::List { manager } => list(config, manager.as_deref()).await,
        RulesCommand::Remove { id, manager } => remove(config, &manager, &id).await,
        RulesCommand::Test(args) => rules_test::run(config, &args).await,
    }
}

/// Keeps the rules of a file; others stay as they are. A rule that can't work is named with its line and
/// field, and the rest is kept.
///
/// # Errors
/// A file that can't be read; database errors.
async fn import(config: &Config, manager: Option<&str>, file: &Path) -> anyhow::Result<ExitCode> {
    let name = file.display();
    let form = match file.extension().and_then(|e| e.to_str()) {
        Some("toml") => RulesForm::Toml,
        Some("csv" | "tsv") => RulesForm::Table,
        _ => bail!("{name}: rules are read from .toml, .csv and .tsv"),
    };
    let bytes = std::fs::read(file).with_context(|| format!("{name}: can't be read"))?;
    let decoded = decode_rules(&bytes, form).with_context(|| name.to_string())?;
    let mut refused = decoded.rejections.len();
    for rejection in &decoded.rejections {
        println!(
            "{name}:{}: {}: {}",
            rejection.position, rejection.field, rejection.reason
        );
    }
    let mut by_manager: BTreeMap<String, Vec<Rule>> = BTreeMap::new();
    for given in decoded.rules {
        match owner(config, manager, &given) {
            Ok(code) => by_manager.entry(code).or_default().push(given.rule),
            Err(reason) => {
                refused += 1;
                println!("{name}:{}: manager: {reason}", given.line);
            }
        }
    }
    let database = Database::join(config).await?;
    let kept = keep(config, &database.store, &by_manager, &name.to_string()).await;
    database.close().await?;
    let kept = kept?;
    println!(
        "{} new rules, {} changed, {} as they were, {refused} refused",
        kept.new, kept.changed, kept.unchanged
    );
    Ok(match refused {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::from(2),
    })
}

/// The manager that the file says, else the one that was named; both must be the same where both are.
fn owner(config: &Config, named: Option<&str>, given: &GivenRule) -> Result<String, String> {
    let code = match (given.manager.as_deref(), named) {
        (Some(own), Some(named)) if own != named => {
            return Err(format!("is {own}, and --manager says {named}"));
        }
        (Some(code), _) | (None, Some(code)) => code,
        (None, None) => return Err("is missing; --manager CODE names one for all".to_owned()),
    };
    match config.manager.iter().any(|m| m.code == code) {
        true => Ok(code.to_owned()),
        false => Err(format!("no [[manager]] has the code {code:?}")),
    }
}

async fn keep(
    config: &Config,
    store: &Store,
    by_manager: &BTreeMap<String, Vec<Rule>>,
    name: &str,
) -> anyhow::Result<KeptRules> {
    sync_feeds(config, store).await?;
    let mut all = KeptRules::default();
    let by = format!("import of {name}");
    for (code, rules) in by_manager {
        let kept = store.keep_rules(code, rules, &by, Timestamp::now()).await?;
        all.new += kept.new;
        all.changed += kept.changed;
        all.unchanged += kept.unchanged;
    }
    let grounds = Grounds::load(store).await?;
    for (code, rule) in by_manager
        .iter()
        .flat_map(|(c, rules)| rules.iter().map(move |r| (c, r)))
    {
        for zone in grounds.unknown_zones(code, rule) {
            println!(
                "{}: no feed draws zone {zone}: nobody is called for it",
                rule.id
            );
        }
    }
    Ok(all)
}

/// Prints the rules that hold, with how each zone was last found.
///
/// # Errors
/// Database errors.
async fn list(config: &Config, manager: Option<&str>) -> anyhow::Result<ExitCode> {
    let database = Database::join(config).await?;
    let listed = listed(&database.store, manager).await;
    database.close().await?;
    print!("{}", listed?);
    Ok(ExitCode::SUCCESS)
}

async fn listed(store: &Store, manager: Option<&str>) -> anyhow::Result<String> {
    let rules = store.rules_at(Timestamp::now(), manager).await?;
    let standings = store.rule_standings(manager).await?;
    let grounds = Grounds::load(store).await?;
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_header(["manager", "rule", "version", "mode", "zone", "is", "why"]);
    for record in &rules {
        let rule = &record.rule;
        let mut row = |zone: &str, is: &str, why: &str| {
            let version = record.version.to_string();
            let mode = rule.mode.as_str();
            table.add_row([
                &record.manager_code,
                &rule.id,
                &version,
                mode,
                zone,
                is,
                why,
            ]);
        };
        for (_, zone) in grounds.zones_of_rule(&record.manager_code, rule) {
            let key = RuleZone {
                manager_code: record.manager_code.clone(),
                rule_id: rule.id.clone(),
                zone: zone.clone(),
            };
            match standings.get(&key) {
                Some(standing) => row(zone, &standing.outcome, &standing.reason),
                None => row(zone, "not looked at yet", ""),
            }
        }
        for zone in grounds.unknown_zones(&record.manager_code, rule) {
            row(&zone, "unknown zone", "no feed draws it");
        }
    }
    let lines: Vec<String> = table
        .to_string()
        .lines()
        .map(|l| l.trim_end().to_owned())
        .collect();
    Ok(format!("{}\n{} rules\n", lines.join("\n"), rules.len()))
}

/// Withdraws a rule.
///
/// # Errors
/// A rule that is not there; database errors.
async fn remove(config: &Config, manager: &str, id: &str) -> anyhow::Result<ExitCode> {
    let database = Database::join(config).await?;
    let now = Timestamp::now();
    let done = database
        .store
        .withdraw_rule(manager, id, "command line", now)
        .await;
    database.close().await?;
    if !done? {
        bail!("{manager} has no rule {id:?}");
    }
    println!("rule {id} is withdrawn; its open rounds go on");
    Ok(ExitCode::SUCCESS)
}
