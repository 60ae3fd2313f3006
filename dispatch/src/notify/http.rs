//! One POST, bounded in time and size, never to this machine or network unless that is meant.

use super::{SendError, SettingError, TIMEOUT};
use domain::private_address::{is_private, is_private_literal};
use reqwest::header::HeaderMap;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

/// As much of an answer is read and kept.
const ANSWER_BYTES: usize = 500;

/// Sends POSTs.
#[derive(Debug, Clone)]
pub(super) struct HttpSender {
    client: reqwest::Client,
    allow_private_address: bool,
}

impl HttpSender {
    pub(super) fn new(allow_private_address: bool) -> Result<Self, SettingError> {
        let mut builder = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(TIMEOUT / 2)
            // Whoever wants messages elsewhere says so here; a redirect would carry them anywhere.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("yukimichi/", env!("CARGO_PKG_VERSION")));
        if !allow_private_address {
            builder = builder.dns_resolver(Arc::new(PublicOnly)).no_proxy();
        }
        Ok(HttpSender {
            client: builder
                .build()
                .map_err(|error| SettingError::Http(causes(&error)))?,
            allow_private_address,
        })
    }

    /// Posts once and answers with the status and the beginning of what the receiver said.
    pub(super) async fn post(
        &self,
        url: &str,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<String, SendError> {
        let url = reqwest::Url::parse(url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| SendError::Lasting("not an http or https address".to_owned()))?;
        let host = url.host_str().unwrap_or_default();
        if !self.allow_private_address && is_private_literal(host) {
            return Err(refusal(host));
        }
        let sent = self
            .client
            .post(url)
            .headers(headers)
            .body(body)
            .send()
            .await;
        let mut response = sent.map_err(failure)?;
        let status = response.status();
        let mut said = Vec::new();
        // A receiver that never ends its answer has the message all the same.
        while said.len() < ANSWER_BYTES {
            match response.chunk().await {
                Ok(Some(chunk)) => said.extend_from_slice(&chunk),
                Ok(None) | Err(_) => break,
            }
        }
        said.truncate(ANSWER_BYTES);
        let said = String::from_utf8_lossy(&said);
        let detail = format!("{} {}", status.as_u16(), said.trim())
            .trim()
            .to_owned();
        match status.as_u16() {
            200..300 => Ok(detail),
            408 | 425 | 429 | 500.. => Err(SendError::Passing(detail)),
            404 | 410 => Err(SendError::Gone(detail)),
            _ => Err(SendError::Lasting(detail)),
        }
    }
}

fn refusal(host: &str) -> SendError {
    SendError::Lasting(format!("{host} is a loopback or private address"))
}

fn failure(error: reqwest::Error) -> SendError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(inner) = cause {
        if let Some(refused) = inner.downcast_ref::<SendError>() {
            return refused.clone();
        }
        cause = inner.source();
    }
    SendError::Passing(causes(&error.without_url()))
}

/// The whole chain; the first alone says only "error sending request".
fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

struct PublicOnly;

impl reqwest::dns::Resolve for PublicOnly {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|a| !is_private(a.ip())).collect();
            if public.is_empty() {
                let refused: Box<dyn Error + Send + Sync> = Box::new(refusal(&host));
                return Err(refused);
            }
            let addresses: reqwest::dns::Addrs = Box::new(public.into_iter());
            Ok(addresses)
        })
    }
}
