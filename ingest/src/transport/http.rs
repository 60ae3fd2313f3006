//! Pull over HTTP(S): conditional GET with bounds on time and size.

use super::address::PublicOnly;
use super::companions::CompanionCache;
use super::retry::FailureKind;
use domain::private_address::is_private_literal;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// Longest time for one answer.
pub const TIMEOUT: Duration = Duration::from_secs(20);
const MAX_REDIRECTS: usize = 3;

/// What a server said of its last answer, to ask for news only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// A server's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// Nothing new since the validators.
    NotModified,
    /// A new payload.
    Body {
        /// The payload, decompressed.
        bytes: Vec<u8>,
        /// For the next call.
        validators: Validators,
    },
}

/// Why a pull failed.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is one of this machine or network.
    #[error(
        "{host} is a loopback or private address; set allow_private_address = true for this feed \
         if that is meant"
    )]
    PrivateAddress {
        /// The host.
        host: String,
    },
    /// Not an address at all.
    #[error("{url}: not an http or https address")]
    BadUrl {
        /// The text.
        url: String,
    },
    /// The server answered with an error.
    #[error("the server answered {status}{}", retry_after.as_ref().map_or(String::new(), |t| format!(" (Retry-After: {t})")))]
    Status {
        /// HTTP status.
        status: u16,
        /// Its `Retry-After`: seconds or an HTTP date.
        retry_after: Option<String>,
    },
    /// The answer is larger than what is taken.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// No connection, no answer in time, or an answer cut short.
    #[error("{0}")]
    Transport(String),
    /// What the payload needs to be understood could not be had.
    #[error("companion {name}: {reason}")]
    Companion {
        /// Its name in the configuration.
        name: String,
        /// Why.
        reason: String,
        /// What kind of failure that is.
        kind: CompanionFailure,
    },
}

/// What kind of failure a companion's is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompanionFailure {
    /// It may be gone in a moment.
    Passing,
    /// It stays until the configuration or the server is mended.
    Lasting,
}

impl FetchError {
    /// How the failure is to be answered, as of `now`.
    pub fn kind(&self, now: Timestamp) -> FailureKind {
        match self {
            FetchError::PrivateAddress { .. }
            | FetchError::BadUrl { .. }
            | FetchError::TooLarge { .. }
            | FetchError::Companion {
                kind: CompanionFailure::Lasting,
                ..
            } => FailureKind::Lasting,
            FetchError::Transport(_) | FetchError::Companion { .. } => FailureKind::Passing,
            FetchError::Status {
                status,
                retry_after,
            } => match (
                status,
                retry_after.as_deref().and_then(|t| told_until(t, now)),
            ) {
                (429 | 503, Some(until)) => FailureKind::Told { until },
                (408 | 425 | 429 | 500.., _) => FailureKind::Passing,
                _ => FailureKind::Lasting,
            },
        }
    }
}

/// Reads `Retry-After` (RFC 9110 §10.2.3): seconds, or an HTTP date.
fn told_until(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return now
            .saturating_add(SignedDuration::from_secs(i64::from(seconds)))
            .ok();
    }
    let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_zoned(text);
    Some(at.ok()?.timestamp())
}

/// A client for pulls. One suffices for many feeds of the same trust.
#[derive(Debug, Clone)]
pub struct Puller {
    client: reqwest::Client,
    allow_private_address: bool,
    pub(super) companions: CompanionCache,
}

impl Puller {
    /// A client that follows three redirects and refuses private addresses unless allowed, also
    /// behind names and redirects.
    ///
    /// # Errors
    /// When no TLS configuration can be set up.
    pub fn new(allow_private_address: bool) -> Result<Self, FetchError> {
        let redirects = reqwest::redirect::Policy::custom(move |attempt| {
            let host = attempt.url().host_str().unwrap_or_default().to_owned();
            if attempt.previous().len() > MAX_REDIRECTS {
                attempt.error("too many redirects")
            } else if !allow_private_address && is_private_literal(&host) {
                attempt.error(FetchError::PrivateAddress { host })
            } else {
                attempt.follow()
            }
        });
        let mut builder = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(TIMEOUT / 2)
            .redirect(redirects)
            .user_agent(concat!("yukimichi/", env!("CARGO_PKG_VERSION")));
        if !allow_private_address {
            builder = builder.dns_resolver(Arc::new(PublicOnly)).no_proxy();
        }
        Ok(Puller {
            client: builder.build().map_err(transport)?,
            allow_private_address,
            companions: CompanionCache::default(),
        })
    }

    /// Gets a payload of at most `max_bytes` unless it is the one that the validators describe.
    ///
    /// # Errors
    /// [`FetchError`]; nothing is retried here.
    pub async fn fetch(
        &self,
        url: &str,
        validators: &Validators,
        max_bytes: usize,
    ) -> Result<Fetched, FetchError> {
        let bad_url = || FetchError::BadUrl {
            url: url.to_owned(),
        };
        let parsed = reqwest::Url::parse(url).map_err(|_| bad_url())?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(bad_url());
        }
        let host = parsed.host_str().unwrap_or_default();
        if !self.allow_private_address && is_private_literal(host) {
            return Err(FetchError::PrivateAddress {
                host: host.to_owned(),
            });
        }
        let mut request = self.client.get(parsed);
        if let Some(etag) = &validators.etag {
            request = request.header(reqwest::header::IF_NONE_MATCH, etag);
        }
        if let Some(last_modified) = &validators.last_modified {
            request = request.header(reqwest::header::IF_MODIFIED_SINCE, last_modified);
        }
        let mut response = request.send().await.map_err(transport)?;
        if response.status() == reqwest::StatusCode::NOT_MODIFIED {
            return Ok(Fetched::NotModified);
        }
        let header = |name| {
            response
                .headers()
                .get(name)
                .and_then(|v| v.to_str().ok())
                .map(str::to_owned)
        };
        if !response.status().is_success() {
            return Err(FetchError::Status {
                status: response.status().as_u16(),
                retry_after: header(reqwest::header::RETRY_AFTER),
            });
        }
        let validators = Validators {
            etag: header(reqwest::header::ETAG),
            last_modified: header(reqwest::header::LAST_MODIFIED),
        };
        let mut bytes = Vec::new();
        // Counted after decompression, so that a bomb is stopped too.
        while let Some(chunk) = response.chunk().await.map_err(transport)? {
            if bytes.len() + chunk.len() > max_bytes {
                return Err(FetchError::TooLarge { limit: max_bytes });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Fetched::Body { bytes, validators })
    }
}

/// The whole chain of causes; reqwest's own text says only "error sending request".
fn transport(error: reqwest::Error) -> FetchError {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    FetchError::Transport(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_private_address_is_refused_before_connecting() {
        let puller = Puller::new(false).unwrap();
        for url in ["http://127.0.0.1:1/x", "http://localhost:1/x"] {
            let error = puller
                .fetch(url, &Validators::default(), 1000)
                .await
                .unwrap_err();
            assert!(
                matches!(error, FetchError::PrivateAddress { .. }),
                "{error}"
            );
        }
    }

    #[tokio::test]
    async fn other_schemes_are_refused() {
        let puller = Puller::new(true).unwrap();
        for url in ["file:///etc/passwd", "ftp://example.jp/", "plows.json"] {
            let error = puller
                .fetch(url, &Validators::default(), 1000)
                .await
                .unwrap_err();
            assert!(matches!(error, FetchError::BadUrl { .. }), "{url}: {error}");
        }
    }
}
