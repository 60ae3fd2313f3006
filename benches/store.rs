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
const VEHICLES: i64 = 6_000;

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

/// A vehicle's fix in the numbered payload: one each 5 s.
struct Row {
    vehicle: i64,
    at: Timestamp,
    lon: f64,
    lat: f64,
}

fn rows(begin: Timestamp, payload: i64) -> impl Iterator<Item = Row> {
    (0..VEHICLES).map(move |vehicle| Row {
        vehicle,
        at: begin + SignedDuration::from_millis(payload * 5000 + vehicle % 5000),
        lon: 140.0 + vehicle as f64 / 10_000.0 + payload as f64 / 100_000.0,
        lat: 40.0 + vehicle as f64 / 10_000.0,
    })
}

fn json(begin: Timestamp, payload: i64) -> String {
    let items: Vec<String> = rows(begin, payload)
        .map(|r| {
            format!(
                r#"{{"v":"除雪車{}","t":"{}","x":{},"y":{},"h":90,"s":18.5,"w":"1"}}"#,
                r.vehicle, r.at, r.lon, r.lat
            )
        })
        .collect();
    format!(r#"{{"items":[{}]}}"#, items.join(","))
}

fn copy_text(begin: Timestamp, payload: i64) -> String {
    let mut text = String::new();
    for r in rows(begin, payload) {
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
        anyhow::ensure!(kept.fixes == VEHICLES as usize, "{kept:?}");
    }
    Ok((PAYLOADS * VEHICLES) as f64 / began.elapsed().as_secs_f64())
}

async fn bare_copy(connection: &mut PgConnection, payloads: &[String]) -> anyhow::Result<f64> {
    let began = Instant::now();
    for payload in payloads {
        let mut copy = connection.copy_in_raw("COPY fix FROM STDIN").await?;
        copy.send(payload.as_bytes()).await?;
        let rows = copy.finish().await?;
        anyhow::ensure!(rows == VEHICLES as u64, "{rows}");
    }
    Ok((PAYLOADS * VEHICLES) as f64 / began.elapsed().as_secs_f64())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let url = std::env::var("DATABASE_URL").context("DATABASE_URL; run script/bench store")?;
    let store = Store::connect_url(&url).await?;
    let mut connection = PgConnection::connect(&url).await?;
    let config = Config::parse(CONFIG, "bench")?;
    sync_feeds(&config, &store).await?;
    let feed = config.feed.first().context("a feed")?;
    let begin: Timestamp = "2026-01-15T04:00:00Z".parse()?;
    let now = begin + SignedDuration::from_mins(5);
    connection
        .execute("SELECT ensure_day_partitions('fix', ARRAY['2026-01-15'::date])")
        .await?;
    let json: Vec<String> = (0..PAYLOADS).map(|p| json(begin, p)).collect();
    let text: Vec<String> = (0..PAYLOADS).map(|p| copy_text(begin, p)).collect();

    let (mut mine, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        empty(&mut connection).await?;
        let a = ours(&store, feed, &json, now).await?;
        empty(&mut connection).await?;
        let b = bare_copy(&mut connection, &text).await?;
        println!(
            "decode + store {a:>8.0} fixes/s, bare COPY {b:>8.0} rows/s, ratio {:.2}",
            a / b
        );
        mine.push(a);
        theirs.push(b);
        ratios.push(a / b);
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    println!(
        "median: decode + store {:.0} fixes/s, bare COPY {:.0} rows/s, ratio {:.2} (min {:.2})",
        median(&mut mine),
        median(&mut theirs),
        median(&mut ratios),
        ratios.first().copied().unwrap_or_default()
    );
    store.close().await;
    Ok(())
}
