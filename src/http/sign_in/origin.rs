//! Keeps requests of other pages from acting in a signed-in person's name (CSRF): the browser says
//! which page asks, and the page must know a token that only this origin can read.

use crate::http::Problem;
use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};

/// The header that carries the token.
const TOKEN_HEADER: &str = "x-csrf-token";

/// The token that goes with a session: derived, so that nothing more is kept.
pub(super) fn csrf_token(session_token: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"yukimichi csrf\n");
    hash.update(session_token.as_bytes());
    crate::api_key::hex(&hash.finalize())
}

/// Refuses what another site's page sent. Programs send neither header, and carry no cookie that
/// somebody else put there.
pub(super) fn refuse_foreign(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let foreign = match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => site != "same-origin",
        (None, None) => false,
        // Sent by every browser with a POST; Sec-Fetch-Site only over https and on loopback.
        (None, Some(origin)) => {
            let host = text("x-forwarded-host").or_else(|| text(header::HOST.as_str()));
            origin.split_once("://").map(|(_, authority)| authority) != host
        }
    };
    match foreign {
        true => Err(Problem::forbidden("sent by another site's page")),
        false => Ok(()),
    }
}

/// Refuses what was not sent by our own page under this session.
pub(super) fn refuse_forged(headers: &HeaderMap, session_token: &str) -> Result<(), Problem> {
    refuse_foreign(headers)?;
    let sent = headers.get(TOKEN_HEADER).map(|value| value.as_bytes());
    // Its time tells nothing: who could measure it can read the token as well.
    if sent == Some(csrf_token(session_token).as_bytes()) {
        return Ok(());
    }
    Err(Problem::forbidden(
        "a signed-in request that changes something carries X-CSRF-Token, as GET /api/v1/session tells it",
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                let value = HeaderValue::from_str(value).unwrap();
                (HeaderName::from_static(name), value)
            })
            .collect()
    }

    #[test]
    fn other_sites_are_told_apart() {
        let host = ("host", "yuki.example:8080");
        for (pairs, foreign) in [
            (vec![host], false),
            (vec![host, ("sec-fetch-site", "same-origin")], false),
            (vec![host, ("sec-fetch-site", "same-site")], true),
            (vec![host, ("sec-fetch-site", "cross-site")], true),
            (vec![host, ("sec-fetch-site", "none")], true),
            (vec![host, ("origin", "http://yuki.example:8080")], false),
            (vec![host, ("origin", "http://yuki.example")], true),
            (vec![host, ("origin", "null")], true),
            (vec![host, ("origin", "https://evil.example")], true),
            (
                vec![
                    host,
                    ("x-forwarded-host", "yuki.example"),
                    ("origin", "https://yuki.example"),
                ],
                false,
            ),
        ] {
            let found = refuse_foreign(&headers(&pairs)).is_err();
            assert_eq!(found, foreign, "{pairs:?}");
        }
    }

    #[test]
    fn a_session_takes_its_own_token_alone() {
        let right = csrf_token("a");
        assert_ne!(right, csrf_token("b"));
        assert!(refuse_forged(&headers(&[("x-csrf-token", &right)]), "a").is_ok());
        assert!(refuse_forged(&headers(&[("x-csrf-token", &right)]), "b").is_err());
        assert!(refuse_forged(&HeaderMap::new(), "a").is_err());
        let foreign = headers(&[("x-csrf-token", &right), ("sec-fetch-site", "cross-site")]);
        assert!(refuse_forged(&foreign, "a").is_err());
    }
}
