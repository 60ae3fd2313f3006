//! Chooses a content coding by `Accept-Encoding` (RFC 9110 §12.5.3).

use axum::http::{HeaderMap, header};
use tiles::Encoding;

/// The coding that the client likes best; gzip where it likes several alike, since every cache and
/// proxy knows it.
pub(super) fn chosen(headers: &HeaderMap) -> Encoding {
    let mut best = (0.0, Encoding::Identity);
    let items = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','));
    for item in items {
        let mut parts = item.split(';').map(str::trim);
        let encoding = match parts.next().unwrap_or_default() {
            "*" => Encoding::Gzip,
            name if name.eq_ignore_ascii_case("gzip") => Encoding::Gzip,
            name if name.eq_ignore_ascii_case("x-gzip") => Encoding::Gzip,
            name if name.eq_ignore_ascii_case("zstd") => Encoding::Zstd,
            _ => continue,
        };
        let weight: f32 = parts
            .find_map(|p| p.strip_prefix("q=").or_else(|| p.strip_prefix("Q=")))
            .map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
        let preferred = weight > best.0 || (weight == best.0 && encoding == Encoding::Gzip);
        if weight > 0.0 && preferred {
            best = (weight, encoding);
        }
    }
    best.1
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_clients_order_counts_and_gzip_breaks_ties() {
        let cases = [
            ("", Encoding::Identity),
            ("identity", Encoding::Identity),
            ("br", Encoding::Identity),
            ("gzip, deflate, br, zstd", Encoding::Gzip),
            ("zstd, gzip", Encoding::Gzip),
            ("zstd", Encoding::Zstd),
            ("ZSTD;q=1.0, gzip; q=0.5", Encoding::Zstd),
            ("zstd, gzip;q=0", Encoding::Zstd),
            ("gzip;q=0.000", Encoding::Identity),
            ("*", Encoding::Gzip),
            ("*;q=0", Encoding::Identity),
            ("gzip;q=much", Encoding::Identity),
        ];
        for (header, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, header.parse().unwrap());
            assert_eq!(chosen(&headers), expected, "{header}");
        }
        assert_eq!(chosen(&HeaderMap::new()), Encoding::Identity);
    }
}
