//! A sign of life to a watcher outside: a dead machine can't call anybody, so somebody else must miss
//! it (healthchecks and the like).

use super::http::HttpSender;
use super::{SendError, SettingError};
use reqwest::header::HeaderMap;

/// Tells an outside watcher that this machine lives.
#[derive(Debug, Clone)]
pub struct Heartbeat {
    http: HttpSender,
    url: String,
}

impl Heartbeat {
    /// A heartbeat to the watcher's address.
    ///
    /// # Errors
    /// When no TLS configuration can be set up.
    pub fn new(url: &str, allow_private_address: bool) -> Result<Self, SettingError> {
        Ok(Heartbeat {
            http: HttpSender::new(allow_private_address)?,
            url: url.to_owned(),
        })
    }

    /// Beats once.
    ///
    /// # Errors
    /// Why the watcher does not know of it.
    pub async fn beat(&self) -> Result<(), SendError> {
        let sent = self.http.post(&self.url, HeaderMap::new(), Vec::new());
        sent.await.map(|_| ())
    }
}
