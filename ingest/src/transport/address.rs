//! Names of hosts lead to no private address, unless that is meant.

use super::http::FetchError;
use domain::private_address::is_private;
use std::net::SocketAddr;

/// Resolves names and leaves private addresses out.
pub(super) struct PublicOnly;

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
