//! Where a browser is pushed to, as its page sends it.

use super::Problem;
use serde::Deserialize;
use serde_json::Value;
use store::PushAddress;

const LONGEST_ENDPOINT: usize = 1000;
/// An uncompressed point on P-256, and a shared secret (RFC 8291 §3.1 and §3.2).
const PUBLIC_KEY_BYTES: usize = 65;
const SECRET_BYTES: usize = 16;

/// What `PushSubscription.toJSON()` gives.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BrowserPush {
    endpoint: String,
    keys: Keys,
    /// Browsers send it along; push services end subscriptions by themselves.
    #[serde(rename = "expirationTime")]
    _expiration_time: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    p256dh: String,
    auth: String,
}

impl BrowserPush {
    /// The address. `within` is where it stands in the body, for errors, and ends in a dot; only the
    /// demo's push services may do without TLS.
    ///
    /// # Errors
    /// 422 with the field that is none of a subscription's.
    pub(super) fn address(self, within: &str, simulated: bool) -> Result<PushAddress, Problem> {
        let bad =
            |field: &str, what: &str| Problem::unprocessable(format!("{within}{field}: {what}"));
        let is_https = self.endpoint.starts_with("https://");
        if !(is_https || simulated) || self.endpoint.len() > LONGEST_ENDPOINT {
            return Err(bad("endpoint", "the push service's https address"));
        }
        let bytes = |field: &str, text: &str, length: usize| {
            dispatch::notify::subscription_key(text)
                .filter(|bytes| bytes.len() == length)
                .ok_or_else(|| bad(field, &format!("{length} bytes as base64url")))
        };
        Ok(PushAddress {
            p256dh: bytes("keys.p256dh", &self.keys.p256dh, PUBLIC_KEY_BYTES)?,
            auth: bytes("keys.auth", &self.keys.auth, SECRET_BYTES)?,
            endpoint: self.endpoint,
        })
    }
}
