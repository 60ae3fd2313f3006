//! `yukimichi admin`: accounts of people who sign in to the board. Passwords come from a prompt or from
//! standard input, never from an argument, which others on the machine could read.

use super::feeds_sync::sync_feeds;
use crate::config::Config;
use crate::database::Database;
use crate::passwords::{self, refuse_new};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use comfy_table::{Table, presets};
use domain::sign_in::Role;
use jiff::Timestamp;
use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;
use store::{Account, Membership, RoleChange, Store};

/// Who granted a role that was given on the command line.
const BY_COMMAND: &str = "yukimichi admin";

/// `yukimichi admin …`.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Let a person sign in; the password comes from the prompt, or from standard input
    Create(AdminArgs),
    /// List the accounts and their roles
    List {
        /// Only of this road manager
        #[arg(long, value_name = "CODE")]
        manager: Option<String>,
    },
    /// Keep an account from signing in, and end its sessions
    Disable {
        /// Its address
        #[arg(long)]
        email: String,
        /// Let it in again instead
        #[arg(long)]
        undo: bool,
    },
    /// Set an account's password and end its sessions
    Reset {
        /// Its address
        #[arg(long)]
        email: String,
    },
}

/// Arguments of `admin create`.
#[derive(Debug, Clone, Args)]
pub struct AdminArgs {
    /// Code of the road manager for which the person acts
    #[arg(long, value_name = "CODE")]
    pub manager: String,
    /// Name of the person; stands beside what is recorded
    #[arg(long)]
    pub name: String,
    /// Address with which the person signs in
    #[arg(long)]
    pub email: String,
    /// What the person may do: viewer, operator or admin
    #[arg(long, default_value = "admin", value_parser = role)]
    pub role: Role,
}

/// Runs the command.
///
/// # Errors
/// What went wrong, for the person who typed it.
pub async fn run(config: &Config, command: AdminCommand) -> anyhow::Result<ExitCode> {
    match command {
        AdminCommand::Create(args) => create(config, &args).await,
        AdminCommand::List { manager } => list(config, manager.as_deref()).await,
        AdminCommand::Disable { email, undo } => disable(config, &email, undo).await,
        AdminCommand::Reset { email } => reset(config, &email).await,
    }
}

/// `admin create`: makes an account with a role, or gives the role to one that is there.
async fn create(config: &Config, args: &AdminArgs) -> anyhow::Result<ExitCode> {
    if !config.manager.iter().any(|m| m.code == args.manager) {
        bail!("no [[manager]] has the code {:?}", args.manager);
    }
    let (email, name) = (args.email.trim().to_lowercase(), args.name.trim());
    if !email.contains('@') {
        bail!("--email: {email:?} is no address");
    }
    if name.is_empty() {
        bail!("--name: what is recorded stands under it, so that it can't be empty");
    }
    let database = Database::join(config).await?;
    let store = &database.store;
    let done = async {
        // The server may not have run yet with this manager.
        sync_feeds(config, store).await?;
        let now = Timestamp::now();
        let account_id = match store.account_by_email(&email).await? {
            Some((account, _)) => account.id,
            None => {
                let phc = passwords::hash(&new_password()?)?;
                let made = store.make_account(&email, name, Some(&phc), now).await?;
                made.with_context(|| format!("{email} was made by somebody else just now"))?
            }
        };
        let membership = Membership {
            manager_code: args.manager.clone(),
            role: args.role,
        };
        let role = args.role.as_str();
        if store
            .grant_role(account_id, &membership, BY_COMMAND, now)
            .await?
        {
            println!(
                "{email} signs in to the board as {role} of {}",
                args.manager
            );
            return Ok(());
        }
        let changed = store
            .change_role(account_id, &args.manager, Some(args.role), BY_COMMAND, now)
            .await?;
        if changed == RoleChange::LastAdmin {
            bail!(
                "{email} is the last admin of {}; make another first",
                args.manager
            );
        }
        println!(
            "{email} had a role with {} already; it is {role} now",
            args.manager
        );
        anyhow::Ok(())
    }
    .await;
    database.close().await?;
    done?;
    Ok(ExitCode::SUCCESS)
}

/// `admin list`.
async fn list(config: &Config, manager: Option<&str>) -> anyhow::Result<ExitCode> {
    let database = Database::join(config).await?;
    let found = database.store.accounts(manager).await;
    database.close().await?;
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_header(["email", "name", "roles", "state"]);
    for account in found? {
        let roles: Vec<String> = account
            .memberships
            .iter()
            .map(|m| format!("{} {}", m.manager_code, m.role.as_str()))
            .collect();
        let state = match (account.disabled_at, account.has_password) {
            (Some(at), _) => format!("disabled since {at}"),
            (None, false) => "invited".to_owned(),
            (None, true) => "active".to_owned(),
        };
        table.add_row([account.email, account.name, roles.join(", "), state]);
    }
    println!("{table}");
    Ok(ExitCode::SUCCESS)
}

/// `admin disable`.
async fn disable(config: &Config, email: &str, undo: bool) -> anyhow::Result<ExitCode> {
    let database = Database::join(config).await?;
    let done = async {
        let account = account_of(&database.store, email).await?;
        let disabled_at = (!undo).then(Timestamp::now);
        database
            .store
            .disable_account(account.id, disabled_at)
            .await?;
        let now = if undo {
            "may sign in again"
        } else {
            "can't sign in any more"
        };
        println!("{} {now}", account.email);
        anyhow::Ok(())
    }
    .await;
    database.close().await?;
    done?;
    Ok(ExitCode::SUCCESS)
}

/// `admin reset`: a new password, whatever the old one was.
async fn reset(config: &Config, email: &str) -> anyhow::Result<ExitCode> {
    let database = Database::join(config).await?;
    let done = async {
        let account = account_of(&database.store, email).await?;
        let phc = passwords::hash(&new_password()?)?;
        database.store.set_password(account.id, &phc).await?;
        println!(
            "{} has a new password; its sessions have ended",
            account.email
        );
        anyhow::Ok(())
    }
    .await;
    database.close().await?;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn account_of(store: &Store, email: &str) -> anyhow::Result<Account> {
    let email = email.trim().to_lowercase();
    let found = store.account_by_email(&email).await?;
    let (account, _) = found.with_context(|| format!("no account has the address {email:?}"))?;
    Ok(account)
}

/// Asks for a password twice at a terminal; else takes the first line of standard input.
fn new_password() -> anyhow::Result<String> {
    let input = std::io::stdin();
    let password = if input.is_terminal() {
        let password = rpassword::prompt_password("Password: ")?;
        if password != rpassword::prompt_password("Once more: ")? {
            bail!("the two differ");
        }
        password
    } else {
        let mut line = String::new();
        input.lock().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    if let Some(reason) = refuse_new(&password) {
        bail!("the password is {reason}");
    }
    Ok(password)
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "viewer, operator or admin".to_owned())
}
