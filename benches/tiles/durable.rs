//! The program's own routes over a PostgreSQL, with status written to it as the program writes it: every
//! change is on disk before any tile shows it.

use super::made;
use super::serve::{on_port, state_of};
use domain::network::BuildReport;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Store, WriterRow};
use tiles::TileSettings;
use tokio::sync::watch;
use yukimichi::clock::{Clock, SystemClock};
use yukimichi::workers::follow::Follower;

/// Commits a second; each holds its share of the changes.
const COMMITS_PER_S: u64 = 10;

/// Serves the made network from the database at DATABASE_URL, which gets it first where it has none.
pub(crate) fn serve(port: u16, segments: u32, updates_per_s: u64) {
    let url = std::env::var("DATABASE_URL").expect("DATABASE_URL, as script/with-postgres sets it");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let state = runtime.block_on(async {
        let store = Store::connect_url(&url).await.expect("a database");
        prepare(&store, segments).await;
        let (follower, views) = Follower::start(store.clone(), TileSettings::default())
            .await
            .expect("a view");
        tokio::spawn(async move {
            let (_sender, shutdown) = watch::channel(false);
            follower.run(shutdown).await.expect("a database to follow");
        });
        if updates_per_s > 0 {
            tokio::spawn(write(store.clone(), updates_per_s));
        }
        state_of(store, views)
    });
    on_port(runtime, port, yukimichi::http::router(state));
}

/// Writes the made network with its statuses, once.
async fn prepare(store: &Store, segments: u32) {
    if store.network_version().await.expect("a database") > 0 {
        return;
    }
    let network = made::network(segments);
    let now = SystemClock.now();
    store
        .replace_network(&[], &[], &network, &BuildReport::default(), now)
        .await
        .expect("a network");
    let rows: Vec<WriterRow> = (0..network.segments().len() as u32)
        .map(|segment| row(&network, segment, i64::from(segment) + 1))
        .collect();
    commit(store, &rows).await;
}

fn row(network: &domain::network::RoadNetwork, segment: u32, n: i64) -> WriterRow {
    WriterRow {
        segment: network.segments()[segment as usize].id,
        status: made::change(segment, n).status,
        facts: None,
        feed_id: None,
    }
}

async fn commit(store: &Store, rows: &[WriterRow]) {
    let mut lock = store
        .try_writer_lock()
        .await
        .expect("a database")
        .expect("nobody else writes");
    let last = store.last_sequence().await.expect("a database");
    let batch = lock.take_queue(0).await.expect("a queue");
    batch
        .commit(rows, last, SystemClock.now())
        .await
        .expect("a commit");
}

/// Changes segments all over the network for good, and says each 5 s how many it managed.
async fn write(store: Store, per_s: u64) {
    let network = store.load_network().await.expect("a network").network;
    let network = Arc::new(network);
    let n = network.segments().len() as u32;
    let mut lock = store
        .try_writer_lock()
        .await
        .expect("a database")
        .expect("nobody else writes");
    let mut sequence = store.last_sequence().await.expect("a database");
    let mut tick = tokio::time::interval(Duration::from_millis(1_000 / COMMITS_PER_S));
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    let (mut written, mut since) = (0u64, Instant::now());
    loop {
        tick.tick().await;
        // One row a segment: a commit takes no segment twice.
        let mut rows: Vec<WriterRow> = (0..per_s / COMMITS_PER_S)
            .map(|i| {
                let number = sequence + i as i64 + 1;
                let segment = (number as u32).wrapping_mul(2_654_435_761) % n;
                row(&network, segment, number)
            })
            .collect();
        rows.sort_by_key(|row| row.segment);
        rows.dedup_by_key(|row| row.segment);
        let batch = lock.take_queue(0).await.expect("a queue");
        let now = SystemClock.now();
        sequence = batch.commit(&rows, sequence, now).await.expect("a commit");
        written += rows.len() as u64;
        if since.elapsed() > Duration::from_secs(5) {
            let rate = written as f64 / since.elapsed().as_secs_f64();
            eprintln!("  {rate:.0} updates/s made durable");
            (written, since) = (0, Instant::now());
        }
    }
}
