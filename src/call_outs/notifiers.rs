//! The configured ways on which messages go.

use crate::config::notify::{MailSecurity, NotifyConfig, secret};
use anyhow::Context;
use dispatch::notify::{
    Address, EmailNotifier, EmailSettings, Message, Notifier, Secret, Security, SendError,
    VapidKey, VoiceNotifier, WebPushNotifier, WebhookNotifier,
};

/// All notifiers that there are.
pub struct Notifiers {
    webhook: WebhookNotifier,
    /// Also for the ledgers.
    pub email: Option<EmailNotifier>,
    web_push: Option<WebPushNotifier>,
    voice: Option<VoiceNotifier>,
}

impl Notifiers {
    /// Makes them.
    ///
    /// # Errors
    /// Settings and secrets that can't be.
    pub fn new(config: &NotifyConfig) -> anyhow::Result<Self> {
        let signing = secret(
            "YUKIMICHI_WEBHOOK_SECRET",
            config.webhook.secret_file.as_deref(),
        )?
        .map(|text| Secret::parse(&text))
        .transpose()?;
        let private = config.webhook.allow_private_address;
        Ok(Notifiers {
            webhook: WebhookNotifier::new(signing.clone(), private)?,
            email: email(config).context("[notify.email]")?,
            web_push: web_push(config)?,
            voice: config
                .voice
                .as_ref()
                .map(|v| VoiceNotifier::new(&v.url, signing, v.allow_private_address))
                .transpose()?,
        })
    }

    /// Whether a telephony provider takes voice calls.
    pub fn has_voice(&self) -> bool {
        self.voice.is_some()
    }

    /// Tries once.
    ///
    /// # Errors
    /// Why it failed; a way that is not configured fails for good.
    pub async fn send(&self, message: &Message) -> Result<String, SendError> {
        let (notifier, section): (Option<&dyn Notifier>, _) = match &message.to {
            Address::Webhook(_) => (Some(&self.webhook), "webhook"),
            Address::Email(_) => (self.email.as_ref().map(|n| n as _), "email"),
            Address::Push { .. } => (self.web_push.as_ref().map(|n| n as _), "web_push"),
            Address::Phone(_) => (self.voice.as_ref().map(|n| n as _), "voice"),
        };
        match notifier {
            Some(notifier) => notifier.send(message).await,
            None => Err(SendError::Lasting(format!("[notify.{section}] is not set"))),
        }
    }
}

/// The way to browsers; `None` where it is not configured.
///
/// # Errors
/// A key that is missing or can't be.
pub fn web_push(config: &NotifyConfig) -> anyhow::Result<Option<WebPushNotifier>> {
    let (Some(push), Some(key)) = (&config.web_push, vapid_key(config)?) else {
        return Ok(None);
    };
    let private = push.allow_private_address;
    Ok(Some(WebPushNotifier::new(key, private)?))
}

/// The server's key for Web Push; `None` where it is not configured.
///
/// # Errors
/// A key that is missing or can't be.
pub fn vapid_key(config: &NotifyConfig) -> anyhow::Result<Option<VapidKey>> {
    let Some(push) = &config.web_push else {
        return Ok(None);
    };
    let text = secret("YUKIMICHI_VAPID_KEY", push.key_file.as_deref())
        .context("[notify.web_push]")?
        .context("[notify.web_push] has neither key_file nor YUKIMICHI_VAPID_KEY")?;
    Ok(Some(VapidKey::parse(&text, &push.subject)?))
}

fn email(config: &NotifyConfig) -> anyhow::Result<Option<EmailNotifier>> {
    let Some(mail) = &config.email else {
        return Ok(None);
    };
    let (security, port) = match mail.security {
        MailSecurity::Tls => (Security::Tls, 465),
        MailSecurity::Starttls => (Security::StartTls, 587),
        MailSecurity::None => (Security::None, 25),
    };
    let credentials = match &mail.user {
        None => None,
        Some(user) => {
            let password = secret("YUKIMICHI_SMTP_PASSWORD", mail.password_file.as_deref())?
                .context("user is set, but neither password_file nor YUKIMICHI_SMTP_PASSWORD")?;
            Some((user.clone(), password))
        }
    };
    let settings = EmailSettings {
        host: mail.host.clone(),
        port: mail.port.unwrap_or(port),
        security,
        credentials,
        from: mail.from.clone(),
    };
    Ok(Some(EmailNotifier::new(&settings)?))
}
