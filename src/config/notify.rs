//! `[dispatch]` and `[notify.*]`: who calls, on which ways. Secrets come from the environment or
//! from files, never from here.

use anyhow::{Context, bail};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// `[dispatch]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DispatchConfig {
    /// Address under which people reach the web server, for the links in messages; without it
    /// messages carry none.
    pub public_url: Option<String>,
    /// Folder of the printable ledgers (台帳) [default: `ledger` in the data folder].
    pub ledger_dir: Option<PathBuf>,
    /// How often they are written and mailed.
    #[serde(deserialize_with = "super::duration")]
    pub ledger_every: Duration,
    /// Address of an outside watcher that is told each minute that this machine lives.
    pub heartbeat_url: Option<String>,
    /// Whether the watcher may be on this machine or network.
    pub allow_private_address: bool,
}

impl Default for DispatchConfig {
    fn default() -> Self {
        DispatchConfig {
            public_url: None,
            ledger_dir: None,
            ledger_every: Duration::from_secs(15 * 60),
            heartbeat_url: None,
            allow_private_address: false,
        }
    }
}

/// `[notify]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotifyConfig {
    /// `[notify.webhook]`.
    pub webhook: WebhookConfig,
    /// `[notify.email]`; without it no mail goes out.
    pub email: Option<EmailConfig>,
    /// `[notify.web_push]`; without it nothing is pushed.
    pub web_push: Option<WebPushConfig>,
    /// `[notify.voice]`; without it the call list asks people to telephone.
    pub voice: Option<VoiceConfig>,
}

/// `[notify.webhook]`. The secret (`whsec_…`) is `YUKIMICHI_WEBHOOK_SECRET` or in a file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebhookConfig {
    /// A file that holds the secret.
    pub secret_file: Option<PathBuf>,
    /// Whether webhooks may be on this machine or network.
    pub allow_private_address: bool,
}

/// `[notify.email]`. The password is `YUKIMICHI_SMTP_PASSWORD` or in a file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailConfig {
    /// The mail server.
    pub host: String,
    /// Its port [default: 465 for `tls`, 587 for `starttls`, 25 for `none`].
    pub port: Option<u16>,
    /// How the connection is kept from others' eyes.
    #[serde(default)]
    pub security: MailSecurity,
    /// Name at the server, where it wants one.
    pub user: Option<String>,
    /// A file that holds the password.
    pub password_file: Option<PathBuf>,
    /// The sender, as `除雪指令 <yukimichi@example.jp>`.
    pub from: String,
}

/// How the connection to the mail server is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// TLS from the first byte.
    #[default]
    Tls,
    /// STARTTLS, and nothing without it.
    Starttls,
    /// Not at all.
    None,
}

/// `[notify.web_push]`. The key (base64url) is `YUKIMICHI_VAPID_KEY` or in a file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebPushConfig {
    /// Whom a push service may ask: `mailto:` or `https:`.
    pub subject: String,
    /// A file that holds the private key.
    pub key_file: Option<PathBuf>,
    /// Whether push services may be on this machine or network.
    #[serde(default)]
    pub allow_private_address: bool,
}

/// `[notify.voice]`. Signed with the webhook's secret.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoiceConfig {
    /// Webhook of the telephony provider.
    pub url: String,
    /// Whether it may be on this machine or network.
    #[serde(default)]
    pub allow_private_address: bool,
}

/// A secret from the environment, else from a file; `None` where there is neither.
///
/// # Errors
/// A file that is named and can't be read, or holds nothing.
pub fn secret(variable: &str, file: Option<&Path>) -> anyhow::Result<Option<String>> {
    if let Ok(value) = std::env::var(variable)
        && !value.trim().is_empty()
    {
        return Ok(Some(value.trim().to_owned()));
    }
    let Some(file) = file else {
        return Ok(None);
    };
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{}: can't be read", file.display()))?;
    match text.trim() {
        "" => bail!("{}: holds no secret", file.display()),
        secret => Ok(Some(secret.to_owned())),
    }
}
