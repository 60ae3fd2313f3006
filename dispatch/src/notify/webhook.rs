//! Webhooks, signed as Standard Webhooks says (spec 1.0.0): `webhook-id` is the message's key,
//! `webhook-signature` is HMAC-SHA256 over `id.timestamp.body`.

use super::http::HttpSender;
use super::{Address, Message, Notifier, SendError, Sending, SettingError, other_way};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::json;
use sha2::Sha256;

const PREFIX: &str = "whsec_";

/// The secret that a receiver knows too: 24 to 64 bytes.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// Reads `whsec_` and base64.
    ///
    /// # Errors
    /// What is wrong with it, without saying it.
    pub fn parse(text: &str) -> Result<Self, SettingError> {
        let wrong = |reason: &str| SettingError::Secret {
            what: "webhook secret",
            reason: reason.to_owned(),
        };
        let encoded = text.trim();
        let encoded = encoded.strip_prefix(PREFIX).unwrap_or(encoded);
        let bytes = STANDARD
            .decode(encoded)
            .map_err(|_| wrong("is not base64"))?;
        match bytes.len() {
            24..=64 => Ok(Secret(bytes)),
            _ => Err(wrong("is not 24 to 64 bytes long")),
        }
    }

    fn signature(&self, id: &str, seconds: i64, body: &[u8]) -> Result<String, SendError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0)
            .map_err(|_| SendError::Lasting("the webhook secret can't sign".to_owned()))?;
        mac.update(format!("{id}.{seconds}.").as_bytes());
        mac.update(body);
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        Ok(format!("v1,{signature}"))
    }
}

/// Headers of a signed body.
pub(super) fn signed(
    secret: Option<&Secret>,
    message: &Message,
    body: &[u8],
) -> Result<HeaderMap, SendError> {
    let seconds = message.at.as_second();
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut insert = |name: &'static str, value: String| -> Result<(), SendError> {
        let value = HeaderValue::from_str(&value)
            .map_err(|_| SendError::Lasting(format!("{name} can't be a header")))?;
        headers.insert(HeaderName::from_static(name), value);
        Ok(())
    };
    insert("webhook-id", message.key.clone())?;
    insert("webhook-timestamp", seconds.to_string())?;
    // The same under the name that other receivers look for.
    insert("idempotency-key", message.key.clone())?;
    if let Some(secret) = secret {
        let signature = secret.signature(&message.key, seconds, body)?;
        insert("webhook-signature", signature)?;
    }
    Ok(headers)
}

/// Sends to webhooks.
#[derive(Debug, Clone)]
pub struct WebhookNotifier {
    http: HttpSender,
    secret: Option<Secret>,
}

impl WebhookNotifier {
    /// A notifier; without a secret, messages are not signed.
    ///
    /// # Errors
    /// When no TLS configuration can be set up.
    pub fn new(secret: Option<Secret>, allow_private_address: bool) -> Result<Self, SettingError> {
        Ok(WebhookNotifier {
            http: HttpSender::new(allow_private_address)?,
            secret,
        })
    }

    async fn post(&self, message: &Message) -> Result<String, SendError> {
        let Address::Webhook(url) = &message.to else {
            return Err(other_way("webhook"));
        };
        let body = json!({
            "type": message.kind,
            "timestamp": message.at,
            "data": message.data,
            "title": message.title,
            "text": message.text,
            "link": message.link,
        });
        let body = body.to_string().into_bytes();
        let headers = signed(self.secret.as_ref(), message, &body)?;
        self.http.post(url, headers, body).await
    }
}

impl Notifier for WebhookNotifier {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(self.post(message))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The example that stands in the specification's own libraries.
    #[test]
    fn a_signature_is_that_of_the_specification() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = secret
            .signature(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                br#"{"test": 2432232314}"#,
            )
            .unwrap();
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_bad_secret_is_refused_without_being_told() {
        for text in ["whsec_&&&", "whsec_c2hvcnQ=", ""] {
            let error = Secret::parse(text).unwrap_err().to_string();
            assert!(error.starts_with("webhook secret: is not"), "{error}");
        }
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
