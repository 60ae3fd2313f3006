//! E-mail over SMTP. At least once: see the module above.

use super::{Address, Message, Notifier, SendError, Sending, SettingError, TIMEOUT, other_way};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::error::Error;

/// How the connection to the mail server is kept from others' eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (port 465).
    Tls,
    /// STARTTLS, and nothing without it (port 587).
    StartTls,
    /// Not at all: for a mail server on this machine.
    None,
}

/// The mail server and the sender.
#[derive(Clone)]
pub struct EmailSettings {
    /// Name or address of the mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept.
    pub security: Security,
    /// Name and password, where the server wants them.
    pub credentials: Option<(String, String)>,
    /// The sender.
    pub from: String,
}

impl std::fmt::Debug for EmailSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmailSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

/// Sends e-mail.
#[derive(Debug, Clone)]
pub struct EmailNotifier {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl EmailNotifier {
    /// A notifier; connects when there is something to send.
    ///
    /// # Errors
    /// A server's name or a sender that can't be.
    pub fn new(settings: &EmailSettings) -> Result<Self, SettingError> {
        let tls = || {
            TlsParameters::new(settings.host.clone())
                .map_err(|error| SettingError::Email(error.to_string()))
        };
        let tls = match settings.security {
            Security::Tls => Tls::Wrapper(tls()?),
            Security::StartTls => Tls::Required(tls()?),
            Security::None => Tls::None,
        };
        let mut builder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.as_str())
                .port(settings.port)
                .tls(tls)
                .timeout(Some(TIMEOUT));
        if let Some((name, password)) = &settings.credentials {
            builder = builder.credentials(Credentials::new(name.clone(), password.clone()));
        }
        Ok(EmailNotifier {
            transport: builder.build(),
            from: settings
                .from
                .parse()
                .map_err(|error| SettingError::Email(format!("from: {error}")))?,
        })
    }

    /// Sends a page as HTML with its text beside it; for the ledger.
    ///
    /// # Errors
    /// As an attempt of [`Notifier::send`].
    pub async fn send_page(
        &self,
        to: &str,
        title: &str,
        text: &str,
        page: &str,
    ) -> Result<String, SendError> {
        let mail = lettre::Message::builder()
            .from(self.from.clone())
            .to(mailbox(to)?)
            .subject(title)
            .multipart(MultiPart::alternative_plain_html(
                text.to_owned(),
                page.to_owned(),
            ))
            .map_err(|error| SendError::Lasting(error.to_string()))?;
        self.hand_over(mail).await
    }

    async fn mail(&self, message: &Message) -> Result<String, SendError> {
        let Address::Email(to) = &message.to else {
            return Err(other_way("e-mail"));
        };
        let key = HeaderName::new_from_ascii("Idempotency-Key".to_owned())
            .map_err(|error| SendError::Lasting(error.to_string()))?;
        let mail = lettre::Message::builder()
            .from(self.from.clone())
            .to(mailbox(to)?)
            .subject(&message.title)
            .message_id(Some(format!(
                "<{}@{}>",
                message.key,
                self.from.email.domain()
            )))
            .raw_header(HeaderValue::new(key, message.key.clone()))
            .header(ContentType::TEXT_PLAIN)
            .body(message.text.clone())
            .map_err(|error| SendError::Lasting(error.to_string()))?;
        self.hand_over(mail).await
    }

    async fn hand_over(&self, mail: lettre::Message) -> Result<String, SendError> {
        // The transport's own limit is for each command; this one is for all of them.
        match tokio::time::timeout(TIMEOUT, self.transport.send(mail)).await {
            Err(_) => Err(SendError::Passing(format!(
                "no answer of the mail server in {} s",
                TIMEOUT.as_secs()
            ))),
            Ok(Ok(answer)) => Ok(format!(
                "{} {}",
                answer.code(),
                answer.first_line().unwrap_or_default()
            )),
            Ok(Err(error)) => {
                let cause = error.source().map(|c| format!(": {c}")).unwrap_or_default();
                let text = format!("{error}{cause}");
                Err(match error.is_permanent() {
                    true => SendError::Lasting(text),
                    false => SendError::Passing(text),
                })
            }
        }
    }
}

fn mailbox(to: &str) -> Result<Mailbox, SendError> {
    to.parse()
        .map_err(|error| SendError::Lasting(format!("{to}: {error}")))
}

impl Notifier for EmailNotifier {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(self.mail(message))
    }
}
