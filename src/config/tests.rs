use super::*;
use store::FeedScope;

const GOOD: &str = r#"
data_dir = "./d"
[http]
listen = "127.0.0.1:0"
[[manager]]
code = "02201"
level = "municipal"
name = { ja = "青森市", en = "Aomori City" }
[[feed]]
id = "aomori-city-plows"
manager = "02201"
format = "plow_json"
url = "https://example.jp/plows.json"
every = "30s"
attribution = "青森市"
licence = "CC-BY-4.0"
covers = "manager"
[feed.plow_json]
items = "/TrackingDataResponse/locationList"
vehicle_id = "/assetName"
observed_at = "/postingTime"
lon = "/longitude"
lat = "/latitude"
"#;

#[test]
fn the_designs_example_is_read() {
    let config = Config::parse(GOOD, "t").unwrap();
    assert_eq!(config.feed[0].every, Duration::from_secs(30));
    assert_eq!(config.manager[0].name.ja, "青森市");
    assert!(config.database.is_none());
}

#[test]
fn mistakes_are_named_with_line_and_a_suggestion() {
    let cases = [
        (
            "every = \"30s\"",
            "evry = \"30s\"",
            vec!["line 14", "evry", "did you mean `every`"],
        ),
        ("listen", "lisen", vec!["line 4", "did you mean `listen`"]),
        (
            "every = \"30s\"",
            "every = \"often\"",
            vec!["line 14", "often"],
        ),
        (
            "manager = \"02201\"",
            "manager = \"0220\"",
            vec!["aomori-city-plows", "did you mean `02201`"],
        ),
        (
            "\"plow_json\"",
            "\"plow_jsn\"",
            vec!["line 12", "did you mean `plow_json`"],
        ),
        (
            "lon = \"/longitude\"",
            "lon = \"longitude\"",
            vec!["plow_json", "lon", "/"],
        ),
        (
            "lon = \"/longitude\"",
            "lan = \"/longitude\"",
            vec!["line 22", "lan", "did you mean `lat`"],
        ),
        (
            "[feed.plow_json]",
            "[feed.plow_jsn]",
            vec!["line 18", "did you mean `plow_json`"],
        ),
        ("\"municipal\"", "\"city\"", vec!["line 7", "municipal"]),
        (
            "url = \"https",
            "push = true\nurl = \"https",
            vec!["aomori-city-plows", "exactly one of", "url and push"],
        ),
        (
            "url = \"https://example.jp/plows.json\"",
            "",
            vec!["aomori-city-plows", "exactly one of", "none of them"],
        ),
        (
            "plows.json",
            "{latest}.json",
            vec!["aomori-city-plows", "url", "{latest}", "companions"],
        ),
    ];
    for (from, to, wanted) in cases {
        let error = format!(
            "{:#}",
            Config::parse(&GOOD.replacen(from, to, 1), "t").unwrap_err()
        );
        for word in wanted {
            assert!(error.contains(word), "{to}: {word:?} is not in: {error}");
        }
    }
}

#[test]
fn covers_names_zones_or_an_area_beside_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("y.toml");
    let load = |covers: &str| {
        std::fs::write(
            &file,
            GOOD.replacen("\"manager\"\n[feed", &format!("{covers}\n[feed"), 1),
        )
        .unwrap();
        let config = Config::load(Some(&file));
        config.and_then(|config| config.feed[0].covers().scope())
    };
    assert_eq!(load("\"manager\"").unwrap(), FeedScope::Manager);
    assert_eq!(load("\"passes\"").unwrap(), FeedScope::Passes);
    let zones = load("{ zones = [\"Ａ－１\", \"西\"] }").unwrap();
    assert_eq!(
        zones,
        FeedScope::Zones(vec!["A-1".to_owned(), "西".to_owned()])
    );
    let bad = [
        ("\"zone\"", "zone"),
        ("{ zones = [] }", "at least one zone"),
        ("{ zones = [\" \"] }", "without a name"),
        ("{ area = \"east.geojson\" }", "east.geojson: can't be read"),
    ];
    for (covers, word) in bad {
        let error = format!("{:#}", load(covers).unwrap_err());
        assert!(error.contains(word), "{covers}: {error}");
    }
    let line = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},
        "geometry":{"type":"LineString","coordinates":[[140.6,40.7],[140.7,40.7]]}}]}"#;
    std::fs::write(folder.path().join("east.geojson"), line).unwrap();
    let area = load("{ area = \"east.geojson\" }").unwrap();
    assert!(matches!(area, FeedScope::Area(place) if place.lines.len() == 1));
}

#[test]
fn a_manager_says_what_is_narrow() {
    let with = |narrow: &str| {
        let name = "name = { ja = \"青森市\", en = \"Aomori City\" }\n";
        Config::parse(&GOOD.replacen(name, &format!("{name}{narrow}\n"), 1), "t")
    };
    let narrow = &with("narrow = { lanes_at_most = 2 }").unwrap().manager[0].narrow;
    assert_eq!((narrow.lanes_at_most, narrow.width_below_m), (2, 6.5));
    assert_eq!(with("").unwrap().manager[0].narrow, Default::default());
    let error = with("narrow = { lanes_atmost = 2 }")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("line 9") && error.contains("`lanes_at_most`"),
        "{error}"
    );
}

#[test]
fn a_named_file_must_exist() {
    let error = Config::load(Some(Path::new("/nowhere/y.toml"))).unwrap_err();
    assert!(error.to_string().contains("/nowhere/y.toml"));
}
