//! The last rung: a telephony provider is asked by webhook to call a number and read the text.

use super::http::HttpSender;
use super::webhook::signed;
use super::{Address, Message, Notifier, Secret, SendError, Sending, SettingError, other_way};
use serde_json::json;

/// Asks a telephony provider for calls.
#[derive(Debug, Clone)]
pub struct VoiceNotifier {
    http: HttpSender,
    url: String,
    secret: Option<Secret>,
}

impl VoiceNotifier {
    /// A notifier for the provider's webhook at `url`.
    ///
    /// # Errors
    /// When no TLS configuration can be set up.
    pub fn new(
        url: &str,
        secret: Option<Secret>,
        allow_private_address: bool,
    ) -> Result<Self, SettingError> {
        Ok(VoiceNotifier {
            http: HttpSender::new(allow_private_address)?,
            url: url.to_owned(),
            secret,
        })
    }

    async fn post(&self, message: &Message) -> Result<String, SendError> {
        let Address::Phone(number) = &message.to else {
            return Err(other_way("voice"));
        };
        let body = json!({
            "type": "voice.call",
            "timestamp": message.at,
            "data": {
                "to": number,
                "language": "ja-JP",
                // A voice can't read a link.
                "say": message.title,
                "about": message.data,
            },
        });
        let body = body.to_string().into_bytes();
        let headers = signed(self.secret.as_ref(), message, &body)?;
        self.http.post(&self.url, headers, body).await
    }
}

impl Notifier for VoiceNotifier {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(self.post(message))
    }
}
