use super::server::{Answer, Server, header};
use crate::transport::{FailureKind, FetchError, Fetched, Puller, Validators};
use jiff::{SignedDuration, Timestamp};

fn now() -> Timestamp {
    "2026-01-15T06:00:00+09:00".parse().unwrap()
}

async fn fetch(
    server: &Server,
    validators: &Validators,
    max: usize,
) -> Result<Fetched, FetchError> {
    let puller = Puller::new(true).unwrap();
    puller.fetch(&server.url, validators, max).await
}

#[tokio::test]
async fn what_the_server_said_is_said_back_and_304_is_nothing_new() {
    let server = Server::start(|request| match header(request, "if-none-match") {
        Some("\"a\"") => Answer::status("304 Not Modified"),
        _ => Answer::ok("{}").with("etag", "\"a\""),
    })
    .await;
    let first = fetch(&server, &Validators::default(), 100).await.unwrap();
    let Fetched::Body { bytes, validators } = first else {
        panic!("{first:?}");
    };
    assert_eq!(bytes, b"{}");
    let second = fetch(&server, &validators, 100).await.unwrap();
    assert_eq!(second, Fetched::NotModified);
}

#[tokio::test]
async fn an_answer_is_counted_after_it_is_unpacked() {
    // 100 kB of zeros, gzipped to 133 bytes; the limit is 1 kB.
    let bomb = {
        use std::io::Write;
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(&[0; 100_000]).unwrap();
        gz.finish().unwrap()
    };
    assert!(bomb.len() < 1000);
    let server = Server::start(move |request| {
        assert_eq!(header(request, "accept-encoding"), Some("gzip"));
        Answer::ok(bomb.clone()).with("content-encoding", "gzip")
    })
    .await;
    let error = fetch(&server, &Validators::default(), 1000)
        .await
        .unwrap_err();
    assert!(
        matches!(error, FetchError::TooLarge { limit: 1000 }),
        "{error}"
    );
    assert_eq!(error.kind(now()), FailureKind::Lasting);
    assert!(
        fetch(&server, &Validators::default(), 100_000)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn statuses_say_how_they_are_to_be_answered() {
    let told = |span| FailureKind::Told {
        until: now().saturating_add(span).unwrap(),
    };
    let cases = [
        ("404 Not Found", None, FailureKind::Lasting),
        ("403 Forbidden", Some("120"), FailureKind::Lasting),
        ("408 Request Timeout", None, FailureKind::Passing),
        ("500 Internal Server Error", None, FailureKind::Passing),
        ("502 Bad Gateway", Some("120"), FailureKind::Passing),
        ("429 Too Many Requests", None, FailureKind::Passing),
        (
            "429 Too Many Requests",
            Some("120"),
            told(SignedDuration::from_secs(120)),
        ),
        (
            "503 Service Unavailable",
            Some("Wed, 14 Jan 2026 21:30:00 GMT"),
            told(SignedDuration::from_mins(30)),
        ),
        (
            "503 Service Unavailable",
            Some("soon"),
            FailureKind::Passing,
        ),
    ];
    for (status, retry_after, wanted) in cases {
        let server = Server::start(move |_| match retry_after {
            Some(value) => Answer::status(status).with("retry-after", value),
            None => Answer::status(status),
        })
        .await;
        let error = fetch(&server, &Validators::default(), 100)
            .await
            .unwrap_err();
        assert_eq!(error.kind(now()), wanted, "{status} {retry_after:?}");
        assert!(error.to_string().contains(&status[..3]), "{error}");
    }
}

#[tokio::test]
async fn nobody_there_and_an_answer_cut_short_may_pass() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let puller = Puller::new(true).unwrap();
    let error = puller
        .fetch(&gone, &Validators::default(), 100)
        .await
        .unwrap_err();
    assert_eq!(error.kind(now()), FailureKind::Passing, "{error}");

    let server = Server::start(|_| Answer::ok("short").with("x", "y\r\ncontent-length: 9")).await;
    let error = fetch(&server, &Validators::default(), 100)
        .await
        .unwrap_err();
    assert_eq!(error.kind(now()), FailureKind::Passing, "{error}");
}
