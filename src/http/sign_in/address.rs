//! From where a request came, as far as guesses at passwords are counted by it.

use axum::extract::ConnectInfo;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

/// The address of a request's sender; for IPv6 the network, since one sender has all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) struct ClientAddress(pub String);

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|ConnectInfo(address)| address.ip().to_canonical());
        let forwarded = parts
            .headers
            .get("x-forwarded-for")
            .and_then(|value| value.to_str().ok());
        Ok(ClientAddress(address_of(peer, forwarded)))
    }
}

/// Only a proxy on this machine is believed about whom it speaks for, and only in what it wrote
/// itself, which is the last entry.
fn address_of(peer: Option<IpAddr>, forwarded: Option<&str>) -> String {
    let before = forwarded
        .and_then(|list| list.rsplit(',').next())
        .and_then(|last| last.trim().parse::<IpAddr>().ok())
        .map(|address| address.to_canonical());
    let address = match (peer, before) {
        (Some(peer), Some(before)) if peer.is_loopback() => Some(before),
        (peer, _) => peer,
    };
    match address {
        None => String::new(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_proxy_is_believed() {
        for (peer, forwarded, expected) in [
            (Some("203.0.113.7"), None, "203.0.113.7"),
            (Some("203.0.113.7"), Some("198.51.100.1"), "203.0.113.7"),
            (
                Some("127.0.0.1"),
                Some("6.6.6.6, 198.51.100.1"),
                "198.51.100.1",
            ),
            (Some("127.0.0.1"), Some("nonsense"), "127.0.0.1"),
            (Some("::ffff:203.0.113.7"), None, "203.0.113.7"),
            (Some("2001:db8:1:2:3:4:5:6"), None, "2001:db8:1:2::/64"),
            (None, Some("198.51.100.1"), ""),
        ] {
            let peer = peer.map(|text| text.parse::<IpAddr>().unwrap().to_canonical());
            assert_eq!(
                address_of(peer, forwarded),
                expected,
                "{peer:?} {forwarded:?}"
            );
        }
    }
}
