//! Web Push (RFC 8030), encrypted for the browser (RFC 8291) and signed with the server's key
//! (VAPID, RFC 8292).

mod encryption;
mod vapid;

pub use vapid::VapidKey;

use super::http::HttpSender;
use super::{Address, Message, Notifier, SendError, Sending, SettingError, other_way};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use encryption::encrypt;
use p256::SecretKey;
use p256::elliptic_curve::rand_core::{OsRng, RngCore};
use reqwest::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
};
use serde_json::json;
use sha2::{Digest, Sha256};

/// A push service drops a message that it could not hand over for so long (s); by then the next
/// contact has long been called.
const TTL_S: u32 = 3600;
/// Every push service takes so much (RFC 8030 §7.2), header and tag included.
const LARGEST_BODY: usize = 4096;
/// Of a long text only so many characters are pushed; the page behind the link has the rest.
const LONGEST_TEXT: usize = 600;

/// Reads a key as browsers give it (`PushSubscription.toJSON()`): base64url.
pub fn subscription_key(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// Sends to browsers.
#[derive(Debug, Clone)]
pub struct WebPushNotifier {
    http: HttpSender,
    key: VapidKey,
}

impl WebPushNotifier {
    /// A notifier that signs with `key`.
    ///
    /// # Errors
    /// When no TLS configuration can be set up.
    pub fn new(key: VapidKey, allow_private_address: bool) -> Result<Self, SettingError> {
        Ok(WebPushNotifier {
            http: HttpSender::new(allow_private_address)?,
            key,
        })
    }

    async fn post(&self, message: &Message) -> Result<String, SendError> {
        let Address::Push {
            endpoint,
            p256dh,
            auth,
        } = &message.to
        else {
            return Err(other_way("Web Push"));
        };
        let text: String = message.text.chars().take(LONGEST_TEXT).collect();
        let said = json!({
            "key": message.key,
            "title": message.title,
            "text": text,
            "link": message.link,
        });
        let mut salt = [0; 16];
        OsRng.fill_bytes(&mut salt);
        let ours = SecretKey::random(&mut OsRng);
        let body = encrypt(said.to_string().as_bytes(), p256dh, auth, &ours, salt)
            .map_err(|reason| SendError::Lasting(reason.to_owned()))?;
        if body.len() > LARGEST_BODY {
            return Err(SendError::Lasting(format!(
                "{} bytes are more than a push service takes",
                body.len()
            )));
        }
        let headers = self.headers(endpoint, message)?;
        self.http.post(endpoint, headers, body).await
    }

    fn headers(&self, endpoint: &str, message: &Message) -> Result<HeaderMap, SendError> {
        let mut headers = HeaderMap::new();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        );
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("aes128gcm"));
        let mut insert = |name: HeaderName, value: String| -> Result<(), SendError> {
            let value = HeaderValue::from_str(&value)
                .map_err(|_| SendError::Lasting(format!("{name} can't be a header")))?;
            headers.insert(name, value);
            Ok(())
        };
        insert(AUTHORIZATION, self.key.authorization(endpoint, message.at)?)?;
        insert(HeaderName::from_static("ttl"), TTL_S.to_string())?;
        insert(HeaderName::from_static("urgency"), "high".to_owned())?;
        // A second attempt replaces the first where the browser has not fetched it yet.
        let topic = URL_SAFE_NO_PAD.encode(&Sha256::digest(message.key.as_bytes())[..24]);
        insert(HeaderName::from_static("topic"), topic)?;
        Ok(headers)
    }
}

impl Notifier for WebPushNotifier {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(self.post(message))
    }
}
