//! Decode + store of fixes, without matching, against a bare COPY of the same rows into the same
//! table. In turn, in one process, on one database, from the same empty table.
//!
//! Run by `script/bench store`, which sets DATABASE_URL to a PostgreSQL of its own.

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use sqlx::{Connection, Executor, PgConnection};
use std::fmt::Write as _;
use std::time::Instant;
use store::{Store, payload_sha256};
use yukimichi::commands::feeds_sync::sync_feeds;
use yukimichi::config::{Config, FeedConfig};
use yukimichi::workers::intake::understand;

const ROUNDS: usize = 7;
const PAYLOADS: i64 = 20;
/// Fixes of each payload, one each 5 s and vehicle.
const FIXES: i64 = 6_000;
/// How a feed is polled, and how many fixes of each vehicle a payload then holds.
const CASES: [(&str, i64); 2] = [
    ("each 30 s, 1,000 vehicles", 6),
    ("each 5 s, 6,000 vehicles", 1),
];

const CONFIG: &str = r#"
[[manager]]
code = "m"
level = "municipal"
name = { ja = "雪道町" }
[[feed]]
id = "f"
manager = "m"
format = "plow_json"
url = "https://example.jp/"
every = "5s"
[feed.plow_json]
items = "/items"
vehicle_id = "/v"
observed_at = "/t"
lon = "/x"
lat = "/y"
heading_deg = "/h"
speed_kmh = "/s"
work = "/w"
work_values = { "1" = "plowing" }
"#;

/// A vehicle's fix in the numbered payload.
struct Row {
    vehicle: i64,
    at: Timestamp,
    lon: f64,
    lat: f64,
}

fn rows(begin: Timestamp, payload: i64, of_each: i64) -> impl Iterator<Item = Row> {
    (0..FIXES).map(move |i| {
        let (vehicle, nth) = (i / of_each, payload * of_each + i % of_each);
        Row {
            vehicle,
            at: begin + SignedDuration::from_millis(nth * 5000 + vehicle % 5000),
            lon: 140.0 + vehicle as f64 / 10_000.0 + nth as f64 / 100_000.0,
            lat: 40.0 + vehicle as f64 / 10_000.0,
        }
    })
}

fn json(begin: Timestamp, payload: i64, of_each: i64) -> String {
    let items: Vec<String> = rows(begin, payload, of_each)
        .map(|r| {
            format!(
                r#"{{"v":"除雪車{}","t":"{}","x":{},"y":{},"h":90,"s":18.5,"w":"1"}}"#,
                r.vehicle, r.at, r.lon, r.lat
            )
        })
        .collect();
    format!(r#"{{"items":[{}]}}"#, items.join(","))
}

fn copy_text(begin: Timestamp, payload: i64, of_each: i64) -> String {
    let mut text = String::new();
    for r in rows(begin, payload, of_each) {
        let _ = writeln!(
            text,
            "f\t除雪車{}\t{}\t{begin}\t{payload}\t{}\t{}\t90\t18.5\tplowing",
            r.vehicle, r.at, r.lon, r.lat
        );
    }
    text
}

async fn empty(connection: &mut PgConnection) -> anyhow::Result<()> {
    connection
        .execute("TRUNCATE fix, payload, fresh_fixes, unit, feed_attempt, rejection")
        .await?;
    connection
        .execute("UPDATE feed SET last_fact_at = NULL")
        .await?;
    connection.execute("CHECKPOINT").await?;
    Ok(())
}

async fn ours(
    store: &Store,
    feed: &FeedConfig,
    payloads: &[String],
    now: Timestamp,
) -> anyhow::Result<f64> {
    let began = Instant::now();
    for payload in payloads {
        let bytes = payload.as_bytes();
        let understood = understand(store, feed, bytes, now).await?;
        let sha256 = payload_sha256(bytes);
        let batch = understood.batch(now, bytes, &sha256);
        let kept = store.keep_pushed(&feed.id, &batch).await?;
        anyhow::ensure!(kept.fixes == FIXES as usize, "{kept:?}");
    }
    Ok((PAYLOADS * FIXES) as f64 / began.elapsed().as_secs_f64())
}

async fn bare_copy(connection: &mut PgConnection, payloads: &[String]) -> anyhow::Result<f64> {
    let began = Instant::now();
    for payload in payloads {
        let mut copy = connection.copy_in_raw("COPY fix FROM STDIN").await?;
        copy.send(payload.as_bytes()).await?;
        let rows = copy.finish().await?;
        anyhow::ensure!(rows == FIXES as u64, "{rows}");
    }
    Ok((PAYLOADS * FIXES) as f64 / began.elapsed().as_secs_f64())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let url = std::env::var("DATABASE_URL").context("DATABASE_URL; run script/bench store")?;
    let store = Store::connect_url(&url).await?;
    let mut connection = PgConnection::connect(&url).await?;
    let config = Config::parse(CONFIG, "bench")?;
    sync_feeds(&config, &store).await?;
    let feed = config.feed.first().context("a feed")?;
    let begin: Timestamp = "2026-01-15T00:00:00Z".parse()?;
    connection
        .execute("SELECT ensure_day_partitions('fix', ARRAY['2026-01-15'::date])")
        .await?;
    let payloads: Vec<String> = (0..PAYLOADS).map(|p| json(begin, p, 1)).collect();
    let now = begin + SignedDuration::from_hours(1);
    let began = Instant::now();
    for payload in &payloads {
        feed.decode(payload.as_bytes(), now)?;
    }
    let alone = (PAYLOADS * FIXES) as f64 / began.elapsed().as_secs_f64();
    println!("decoding alone: {alone:.0} fixes/s");
    for (number, (name, of_each)) in CASES.into_iter().enumerate() {
        println!("{name}:");
        let (mut mine, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            // Other times in each round, so that nothing known from the last one helps.
            let begin = begin + SignedDuration::from_hours((number * ROUNDS + round) as i64);
            let now = begin + SignedDuration::from_mins(15);
            let json: Vec<String> = (0..PAYLOADS).map(|p| json(begin, p, of_each)).collect();
            let text: Vec<String> = (0..PAYLOADS)
                .map(|p| copy_text(begin, p, of_each))
                .collect();
            empty(&mut connection).await?;
            let a = ours(&store, feed, &json, now).await?;
            empty(&mut connection).await?;
            let b = bare_copy(&mut connection, &text).await?;
            println!(
                "  decode + store {a:>8.0} fixes/s, bare COPY {b:>8.0} rows/s, ratio {:.2}",
                a / b
            );
            mine.push(a);
            theirs.push(b);
            ratios.push(a / b);
        }
        println!(
            "  median: decode + store {:.0} fixes/s, bare COPY {:.0} rows/s, ratio {:.2}",
            median(&mut mine),
            median(&mut theirs),
            median(&mut ratios)
        );
    }
    store.close().await;
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
