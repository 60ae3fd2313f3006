//! Servers on loopback for a load generator.

use super::made;
use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::routing::get;
use domain::quality::QualityParams;
use domain::status::{StatusColumns, StatusPolicy, StatusTable};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::Store;
use tiles::{Encoding, TileSettings};
use tokio::runtime::Runtime;
use yukimichi::clock::SystemClock;
use yukimichi::http::{AppState, EventHub, FactLayers, router};
use yukimichi::passwords::Passwords;
use yukimichi::workers::follow::{MapView, MapViews};
use yukimichi::workers::snow_watch::SnowView;

/// Segments of the made network.
pub(crate) const SEGMENTS: u32 = 286_000;

/// Serves until it is killed.
pub(crate) fn on_port(runtime: Runtime, port: u16, app: Router) {
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
            .await
            .expect("a free port");
        println!("listening");
        axum::serve(listener, app).await.expect("a listener");
    });
}

fn view() -> MapView {
    let network = Arc::new(made::network(SEGMENTS));
    let mut columns = StatusColumns::new(network.segments().len());
    for segment in 0..network.segments().len() as u32 {
        columns.set(made::change(segment, i64::from(segment) + 1));
    }
    let status = Arc::new(StatusTable::new(columns));
    MapView::new(1, network, Arc::default(), status, TileSettings::default())
}

/// axum with the bytes of one z12 tile: the fastest that a tile could be.
pub(crate) fn fixed(port: u16) {
    let drawn = view()
        .tiles
        .draw(made::tile(12), Encoding::Gzip, Duration::ZERO);
    let body: Bytes = drawn.expect("a tile").expect("roads").body;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.mapbox-vector-tile"),
        (header::CONTENT_ENCODING, "gzip"),
    ];
    let app = Router::new().route(
        "/tiles/roads/{z}/{x}/{y}",
        get(move || {
            let body = body.clone();
            async move { (headers, body) }
        }),
    );
    on_port(Runtime::new().expect("a runtime"), port, app);
}

/// The program's own routes over a view in memory; its database is never asked.
pub(crate) fn ours(port: u16, updates_per_s: u64) {
    let view = Arc::new(view());
    if updates_per_s > 0 {
        let view = Arc::clone(&view);
        std::thread::spawn(move || update(&view, updates_per_s));
    }
    let runtime = Runtime::new().expect("a runtime");
    let pool = runtime.block_on(async {
        sqlx::postgres::PgPoolOptions::new()
            .connect_lazy("postgres://nobody@127.0.0.1:1/none")
            .expect("an address")
    });
    let (_sender, views) = tokio::sync::watch::channel(view);
    on_port(runtime, port, router(state_of(Store::over(pool), views)));
}

/// What the routes use.
pub(crate) fn state_of(store: Store, views: MapViews) -> AppState {
    AppState {
        snow: SnowView::new(store.clone()),
        store,
        views,
        clock: Arc::new(SystemClock),
        wall_clock: Arc::new(SystemClock),
        passwords: Passwords::new().expect("argon2"),
        policy: StatusPolicy::default(),
        quality: QualityParams::default(),
        simulated: true,
        feeds: Arc::default(),
        events: EventHub::default(),
        started: Instant::now(),
        background: None,
        fact_layers: FactLayers::default(),
        push_key: None,
    }
}

/// Changes segments all over the network, a hundred times a second.
fn update(view: &MapView, per_s: u64) {
    let n = view.network.segments().len() as u32;
    let mut sequence = i64::from(n) * 10;
    loop {
        let began = Instant::now();
        let batch: Vec<_> = (0..(per_s / 100).max(1))
            .map(|_| {
                sequence += 1;
                made::change((sequence as u32).wrapping_mul(2_654_435_761) % n, sequence)
            })
            .collect();
        view.tiles.apply(&batch);
        std::thread::sleep(Duration::from_millis(10).saturating_sub(began.elapsed()));
    }
}
