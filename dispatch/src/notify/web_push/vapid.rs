//! Who sends: a token signed with the server's key (VAPID, RFC 8292).

use crate::notify::{SendError, SettingError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::json;

/// A token holds so long; RFC 8292 allows 24 h.
const HOLDS: SignedDuration = SignedDuration::from_hours(12);

/// The server's key on P-256, and whom a push service may ask about its messages.
#[derive(Clone)]
pub struct VapidKey {
    key: SigningKey,
    subject: String,
}

impl std::fmt::Debug for VapidKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VapidKey")
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

impl VapidKey {
    /// Reads a private key: 32 bytes in base64url. `subject` is `mailto:` or `https:`.
    ///
    /// # Errors
    /// What is wrong with it, without saying it.
    pub fn parse(text: &str, subject: &str) -> Result<Self, SettingError> {
        let wrong = |reason: &str| SettingError::Secret {
            what: "VAPID key",
            reason: reason.to_owned(),
        };
        if !subject.starts_with("mailto:") && !subject.starts_with("https:") {
            return Err(wrong("its subject is neither mailto: nor https:"));
        }
        let bytes = URL_SAFE_NO_PAD
            .decode(text.trim())
            .map_err(|_| wrong("is not base64url"))?;
        Ok(VapidKey {
            key: SigningKey::from_slice(&bytes).map_err(|_| wrong("is no private key on P-256"))?,
            subject: subject.to_owned(),
        })
    }

    /// The public key as browsers take it (`applicationServerKey`): base64url.
    pub fn public_key(&self) -> String {
        let point = self.key.verifying_key().to_encoded_point(false);
        URL_SAFE_NO_PAD.encode(point.as_bytes())
    }

    /// The header `Authorization` for a push service.
    pub(super) fn authorization(
        &self,
        endpoint: &str,
        now: Timestamp,
    ) -> Result<String, SendError> {
        let url = reqwest::Url::parse(endpoint)
            .map_err(|_| SendError::Lasting("the subscription's endpoint is no URL".to_owned()))?;
        let expires = now.saturating_add(HOLDS).unwrap_or(Timestamp::MAX);
        let claims = json!({
            "aud": url.origin().ascii_serialization(),
            "exp": expires.as_second(),
            "sub": self.subject,
        });
        let header = json!({"typ": "JWT", "alg": "ES256"});
        let encoded = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encoded(header), encoded(claims));
        let signature: Signature = self.key.sign(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        Ok(format!(
            "vapid t={signed}.{signature}, k={}",
            self.public_key()
        ))
    }
}
