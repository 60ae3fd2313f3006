use super::server::{Answer, Server, header, path};
use crate::payload::{Companions, Payload};
use crate::transport::{
    CompanionSources, FailureKind, FetchError, Fetched, PullRequest, Puller, Validators,
    check_address,
};
use jiff::Timestamp;

fn sources(pairs: &[(&str, String)]) -> CompanionSources {
    pairs
        .iter()
        .map(|(name, source)| ((*name).to_owned(), source.clone()))
        .collect()
}

fn now() -> Timestamp {
    "2026-01-15T06:00:00+09:00".parse().unwrap()
}

async fn jma(latest: &'static str) -> Server {
    Server::start(move |request| match path(request) {
        "/latest_time.txt" => Answer::ok(latest),
        "/amedastable.json" if header(request, "if-none-match") == Some("\"t\"") => {
            Answer::status("304 Not Modified")
        }
        "/amedastable.json" => Answer::ok("{\"11001\":{}}").with("etag", "\"t\""),
        "/map/20260115050000.json" => Answer::ok("{}").with("etag", "\"m\""),
        _ => Answer::status("404 Not Found"),
    })
    .await
}

fn amedas(server: &Server) -> (String, CompanionSources) {
    let url = &server.url;
    (
        format!("{url}/map/{{latest:%Y%m%d%H%M%S}}.json"),
        sources(&[
            ("latest", format!("{url}/latest_time.txt")),
            ("stations", format!("{url}/amedastable.json")),
        ]),
    )
}

async fn pull(
    puller: &Puller,
    (url, companions): &(String, CompanionSources),
) -> Result<Vec<u8>, FetchError> {
    let validators = Validators::default();
    let request = PullRequest {
        url,
        companions,
        validators: &validators,
        max_bytes: 1000,
    };
    match puller.pull(request).await? {
        Fetched::Body { bytes, .. } => Ok(bytes),
        Fetched::NotModified => panic!("304 to a request without conditions"),
    }
}

#[tokio::test]
async fn a_map_is_found_by_its_time_and_kept_with_its_name_and_stations() {
    let server = jma("2026-01-15T05:00:00+09:00\n").await;
    let puller = Puller::new(true).unwrap();
    let bytes = pull(&puller, &amedas(&server)).await.unwrap();
    let payload = Payload::open(&bytes, 1000).unwrap();
    assert_eq!(payload.files[0].name, "20260115050000.json");
    assert_eq!(&payload.files[0].bytes[..], b"{}");
    assert_eq!(payload.companions["stations"], b"{\"11001\":{}}");

    // The table is asked for news only, and is there all the same; the same answers, the same bytes.
    assert_eq!(pull(&puller, &amedas(&server)).await.unwrap(), bytes);
    let asked = server.asked();
    let tables: Vec<_> = asked
        .iter()
        .filter(|r| path(r) == "/amedastable.json")
        .map(|r| header(r, "if-none-match"))
        .collect();
    assert_eq!(tables, [None, Some("\"t\"")]);
}

#[tokio::test]
async fn a_companion_can_be_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("table.json");
    std::fs::write(&table, "{}").unwrap();
    let puller = Puller::new(true).unwrap();
    let stations = sources(&[("stations", table.display().to_string())]);
    let got = puller.gather(&stations, 10).await.unwrap();
    assert_eq!(
        got,
        Companions::from([("stations".to_owned(), b"{}".to_vec())])
    );
    assert!(puller.gather(&stations, 1).await.is_err());
    let absent = sources(&[("stations", "/nowhere/t.json".to_owned())]);
    let error = puller.gather(&absent, 10).await.unwrap_err();
    assert!(
        error.to_string().contains("stations: /nowhere/t.json"),
        "{error}"
    );
}

#[tokio::test]
async fn a_companion_that_fails_is_named_and_its_failure_judged() {
    let cases = [
        ("../../admin", FailureKind::Passing),
        ("yesterday", FailureKind::Passing),
        ("", FailureKind::Passing),
    ];
    for (latest, kind) in cases {
        let server = jma(latest).await;
        let puller = Puller::new(true).unwrap();
        let error = pull(&puller, &amedas(&server)).await.unwrap_err();
        assert!(
            error.to_string().starts_with("companion latest: "),
            "{error}"
        );
        assert_eq!(error.kind(now()), kind);
        assert!(!server.asked().iter().any(|r| path(r).contains("admin")));
    }
    let server = jma("2026-01-15T05:00:00+09:00").await;
    let puller = Puller::new(true).unwrap();
    let (url, mut companions) = amedas(&server);
    companions.insert("extra".to_owned(), format!("{}/gone", server.url));
    let error = pull(&puller, &(url, companions)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "companion extra: the server answered 404"
    );
    assert_eq!(error.kind(now()), FailureKind::Lasting);
}

#[test]
fn an_address_that_names_no_companion_is_said() {
    let known = sources(&[("latest", "x".to_owned())]);
    assert_eq!(
        check_address("https://example.jp/{latest:%H}.json", &known),
        Ok(())
    );
    let error = check_address("https://example.jp/{latst}.json", &known).unwrap_err();
    assert!(error.contains("{latst}"), "{error}");
    assert!(check_address("https://example.jp/{latest.json", &known).is_err());
    for server in [
        "https://{latest}.example.jp/a",
        "https://{latest}",
        "{latest}",
    ] {
        let error = check_address(server, &known).unwrap_err();
        assert!(error.contains("server"), "{server}: {error}");
    }
    assert_eq!(
        check_address("https://example.jp/a?at={latest}", &known),
        Ok(())
    );
}
