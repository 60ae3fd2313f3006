//! The session's cookie.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use domain::sign_in::SessionLife;

/// Over https the browser itself sees to it that only this host, by https, set the cookie
/// (RFC 6265bis §4.1.3.2).
const OVER_HTTPS: &str = "__Host-yukimichi_session";
const OVER_HTTP: &str = "yukimichi_session";

/// Whether the browser came by https, as the proxy before the server says. Who lies about it only
/// gets a cookie that its own browser refuses.
fn by_https(headers: &HeaderMap) -> bool {
    headers
        .get("x-forwarded-proto")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(',').next())
        .is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https"))
}

fn name(headers: &HeaderMap) -> &'static str {
    if by_https(headers) {
        OVER_HTTPS
    } else {
        OVER_HTTP
    }
}

/// The session's token, where the request carries one.
pub(super) fn token(headers: &HeaderMap) -> Option<String> {
    let name = name(headers);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
        .filter(|token| !token.is_empty())
}

/// The header that gives a browser the token, or with an empty one takes it away.
pub(super) fn set(headers: &HeaderMap, token: &str, life: SessionLife) -> Option<HeaderValue> {
    let lasts = match token {
        "" => Duration::ZERO,
        _ => Duration::seconds(life.longest.as_secs()),
    };
    let cookie = Cookie::build((name(headers), token))
        .path("/")
        .http_only(true)
        .secure(by_https(headers))
        .same_site(SameSite::Lax)
        .max_age(lasts)
        .build();
    HeaderValue::from_str(&cookie.to_string()).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                let name = axum::http::HeaderName::from_static(name);
                (name, HeaderValue::from_str(value).unwrap())
            })
            .collect()
    }

    #[test]
    fn over_https_only_the_host_s_own_cookie_counts() {
        let both = "a=b; yukimichi_session=plain; __Host-yukimichi_session=host";
        let plain = headers(&[("cookie", both)]);
        let https = headers(&[("cookie", both), ("x-forwarded-proto", "https")]);
        assert_eq!(token(&plain).as_deref(), Some("plain"));
        assert_eq!(token(&https).as_deref(), Some("host"));
        assert_eq!(token(&headers(&[("cookie", "yukimichi_session=")])), None);
        assert_eq!(token(&HeaderMap::new()), None);
    }

    #[test]
    fn scripts_and_other_sites_do_not_get_it() {
        let life = SessionLife::default();
        let https = headers(&[("x-forwarded-proto", "https")]);
        let given = set(&https, "t", life).unwrap();
        assert_eq!(
            given,
            "__Host-yukimichi_session=t; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=604800"
        );
        let taken = set(&HeaderMap::new(), "", life).unwrap();
        assert_eq!(
            taken,
            "yukimichi_session=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"
        );
    }
}
