//! Which segments a feed speaks for: its manager's, its zones', or those of an area. And where facts lay
//! at a past moment.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;
#[path = "support/town.rs"]
mod town;

use domain::status::State;
use jiff::Timestamp;
use std::path::Path;
use store::cluster::PrivateCluster;
use store::{Facts, LaidKind, Store};
use town::{Town, fix, import, jst, zone_box};
use yukimichi::commands::feeds_sync::sync_feeds;
use yukimichi::config::Config;

/// Two contractors' feeds of one manager, and one of papers that draws the zones.
fn config(folder: &Path, of_one: &str, of_two: &str, more: &str) -> Config {
    let feed = |id: &str, covers: &str| {
        format!(
            "[[feed]]\nid = {id:?}\nmanager = \"02\"\nformat = \"push_json\"\npush = true\n\
             every = \"10m\"\ncovers = {covers}\n"
        )
    };
    let text = format!(
        "[[manager]]\ncode = \"02\"\nlevel = \"prefectural\"\nname = {{ ja = \"青森県\" }}\n{}{}units_on_duty = 2\n{}{more}",
        feed("one", of_one),
        feed("two", of_two),
        feed("papers", "\"passes\"")
    );
    let file = folder.join("yukimichi.toml");
    std::fs::write(&file, text).unwrap();
    Config::load(Some(&file)).unwrap()
}

fn heard(vehicles: &[&str], at: Timestamp) -> Facts {
    Facts {
        fixes: vehicles.iter().map(|v| fix(v, at, 139.0)).collect(),
        ..Facts::default()
    }
}

#[tokio::test]
async fn a_feed_speaks_for_its_own_zones_and_area_alone() {
    use State::{NoData, Uncleared, Unconfirmed};
    let folder = support::folder();
    let cluster = PrivateCluster::join(folder.path()).await.unwrap();
    let store = Store::connect(cluster.connect_options()).await.unwrap();
    let zones = config(
        folder.path(),
        "{ zones = [\"Ａ－１\"] }",
        "{ zones = [\"A-2\"] }",
        "",
    );
    let mut town = Town::begin(store.clone(), &zones, jst(4, 0)).await;
    assert_eq!(
        town.states_at(jst(4, 0)).await,
        [NoData; 3],
        "nothing is drawn"
    );
    let drawn = Facts {
        zones: vec![
            zone_box("A-1", 140.599, 140.6101),
            zone_box("A-2", 140.6101, 140.6201),
        ],
        ..Facts::default()
    };
    town.tell(jst(4, 0), "papers", drawn, None).await;
    assert_eq!(
        town.states_at(jst(4, 0)).await,
        [Unconfirmed, Unconfirmed, NoData]
    );
    town.tell(jst(4, 1), "one", heard(&["1"], jst(4, 1)), None)
        .await;
    assert_eq!(
        town.states_at(jst(4, 1)).await,
        [Uncleared, Unconfirmed, NoData],
        "one doesn't answer for the other's zone"
    );
    town.tell(jst(4, 2), "two", heard(&["1"], jst(4, 2)), None)
        .await;
    assert_eq!(
        town.states_at(jst(4, 2)).await,
        [Uncleared, Unconfirmed, NoData],
        "one of two units on duty"
    );
    town.tell(jst(4, 3), "two", heard(&["1", "2"], jst(4, 3)), None)
        .await;
    assert_eq!(
        town.states_at(jst(4, 3)).await,
        [Uncleared, Uncleared, NoData]
    );
    town.tell(jst(4, 33), "two", heard(&["1", "2"], jst(4, 33)), None)
        .await;
    assert_eq!(
        town.states_at(jst(4, 34)).await,
        [Unconfirmed, Uncleared, NoData],
        "one has fallen silent"
    );

    // A feed of all roads answers where no feed speaks in particular.
    let all = "[[feed]]\nid = \"all\"\nmanager = \"02\"\nformat = \"push_json\"\npush = true\n\
               every = \"10m\"\n";
    let with_all = config(
        folder.path(),
        "{ zones = [\"A-1\"] }",
        "{ zones = [\"A-2\"] }",
        all,
    );
    sync_feeds(&with_all, &store).await.unwrap();
    town.tell(jst(4, 35), "all", heard(&["9"], jst(4, 35)), None)
        .await;
    assert_eq!(
        town.states_at(jst(4, 35)).await,
        [Unconfirmed, Uncleared, Uncleared]
    );

    // By an area instead: a line takes the road that it follows.
    let line = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},
        "geometry":{"type":"LineString","coordinates":[[140.6205,40.70001],[140.6295,40.70001]]}}]}"#;
    std::fs::write(folder.path().join("east.geojson"), line).unwrap();
    let by_area = config(
        folder.path(),
        "{ zones = [\"A-1\"] }",
        "{ area = \"east.geojson\" }",
        "",
    );
    sync_feeds(&by_area, &store).await.unwrap();
    assert_eq!(
        town.states_at(jst(4, 36)).await,
        [Unconfirmed, NoData, Uncleared]
    );
    store.close().await;
}

#[tokio::test]
async fn where_facts_lay_is_told_for_past_moments_as_far_as_it_is_known() {
    let folder = support::folder();
    let cluster = PrivateCluster::join(folder.path()).await.unwrap();
    let store = Store::connect(cluster.connect_options()).await.unwrap();
    let config = config(folder.path(), "\"manager\"", "\"passes\"", "");
    let mut town = Town::begin(store.clone(), &config, jst(4, 0)).await;
    let (west, middle) = (town.segments[0], town.segments[1]);
    for (at, zone) in [
        (jst(4, 0), zone_box("A-1", 140.599, 140.6101)),
        (jst(5, 0), zone_box("A-1", 140.6101, 140.6201)),
    ] {
        let facts = Facts {
            zones: vec![zone],
            ..Facts::default()
        };
        town.tell(at, "papers", facts, None).await;
        town.states_at(at).await;
    }
    let laid_at = async |at| {
        let mut laid = store.laid_at(LaidKind::Zone, at).await.unwrap();
        let then = laid.remove(&("papers".to_owned(), "A-1".to_owned()));
        then.map(|then| {
            let ids: Vec<_> = then.laid.stretches.iter().map(|s| s.segment).collect();
            (ids, then.as_then)
        })
    };
    assert_eq!(laid_at(jst(3, 59)).await, None);
    assert_eq!(laid_at(jst(4, 30)).await, Some((vec![west], true)));
    assert_eq!(laid_at(jst(5, 30)).await, Some((vec![middle], true)));
    let on_west = store.facts_on_segment(west).await.unwrap();
    assert_eq!(on_west, [], "what lay there before is over");

    // A new network: where the present version lay before is not known any more.
    town.set_clock(jst(6, 0));
    let roads = town::ROADS.replace(
        "[140.61,40.70],[140.62,40.70]",
        "[140.61,40.70],[140.615,40.7002],[140.62,40.70]",
    );
    let segments = import(&store, &roads).await;
    assert_ne!(segments[1], middle);
    town.states_at(jst(6, 0)).await;
    assert_eq!(laid_at(jst(4, 30)).await, Some((vec![west], true)));
    assert_eq!(laid_at(jst(5, 30)).await, Some((vec![segments[1]], false)));
    assert_eq!(laid_at(jst(6, 0)).await, Some((vec![segments[1]], true)));
    store.close().await;
}
