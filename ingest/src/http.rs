//! Pull over HTTP(S): conditional GET with bounds on time and size.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// Longest time for one answer.
pub const TIMEOUT: Duration = Duration::from_secs(20);
/// Largest answer that is taken.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
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
    #[error("the server answered {status}")]
    Status {
        /// HTTP status.
        status: u16,
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
}

/// A client for pulls. One suffices for many feeds of the same trust.
#[derive(Debug, Clone)]
pub struct Puller {
    client: reqwest::Client,
    allow_private_address: bool,
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
        })
    }

    /// Gets a payload unless it is the one that the validators describe.
    ///
    /// # Errors
    /// [`FetchError`]; nothing is retried here.
    pub async fn fetch(&self, url: &str, validators: &Validators) -> Result<Fetched, FetchError> {
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
        if !response.status().is_success() {
            return Err(FetchError::Status {
                status: response.status().as_u16(),
            });
        }
        let header = |name| {
            response
                .headers()
                .get(name)
                .and_then(|v| v.to_str().ok())
                .map(str::to_owned)
        };
        let validators = Validators {
            etag: header(reqwest::header::ETAG),
            last_modified: header(reqwest::header::LAST_MODIFIED),
        };
        let mut bytes = Vec::new();
        // Counted after decompression, so that a bomb is stopped too.
        while let Some(chunk) = response.chunk().await.map_err(transport)? {
            if bytes.len() + chunk.len() > MAX_BYTES {
                return Err(FetchError::TooLarge { limit: MAX_BYTES });
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

fn is_private_literal(host: &str) -> bool {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>()
        .is_ok_and(is_private)
        || host == "localhost"
        || host.ends_with(".localhost")
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_private(IpAddr::V4(v4)),
            None => {
                v6.is_loopback()
                    || v6.is_unspecified()
                    || v6.is_multicast()
                    || v6.is_unique_local()
                    || v6.is_unicast_link_local()
            }
        },
    }
}

/// Resolves names and leaves private addresses out.
struct PublicOnly;

impl reqwest::dns::Resolve for PublicOnly {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|a| !is_private(a.ip())).collect();
            if public.is_empty() {
                let refusal: Box<dyn std::error::Error + Send + Sync> =
                    Box::new(FetchError::PrivateAddress { host });
                return Err(refusal);
            }
            let addresses: reqwest::dns::Addrs = Box::new(public.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_form() {
        let private = [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.1.1",
            "0.0.0.0",
            "100.64.0.1",
            "[::1]",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:127.0.0.1]",
            "localhost",
        ];
        for host in private {
            assert!(is_private_literal(host), "{host}");
        }
        for host in ["203.0.113.5", "8.8.8.8", "[2001:4860::1]", "example.jp"] {
            assert!(!is_private_literal(host), "{host}");
        }
    }

    #[tokio::test]
    async fn a_private_address_is_refused_before_connecting() {
        let puller = Puller::new(false).unwrap();
        for url in ["http://127.0.0.1:1/x", "http://localhost:1/x"] {
            let error = puller.fetch(url, &Validators::default()).await.unwrap_err();
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
            let error = puller.fetch(url, &Validators::default()).await.unwrap_err();
            assert!(matches!(error, FetchError::BadUrl { .. }), "{url}: {error}");
        }
    }
}
