//! Addresses of a machine itself and of its own network, which nobody outside may make us call.

// The plain values only: `core` knows no sockets.
use core::net::IpAddr;

/// Whether a URL's host is written as an address of this machine or network.
pub fn is_private_literal(host: &str) -> bool {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>()
        .is_ok_and(is_private)
        || host == "localhost"
        || host.ends_with(".localhost")
}

/// Whether an address is loopback, private (RFC 1918, RFC 4193), link-local, shared (RFC 6598),
/// multicast or nobody's, also where it is mapped into IPv6.
pub fn is_private(address: IpAddr) -> bool {
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

#[cfg(test)]
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
}
