//! The HTTP interface (design §6).

mod api_coverage;
mod api_daily_reports;
mod api_feeds;
mod api_orders;
mod api_places;
mod api_plans;
mod api_rejections;
mod api_rules;
mod api_segments;
mod api_stations;
mod body;
mod browser_push;
mod by_hand;
mod conditional;
mod content_coding;
mod dispatches;
mod events;
mod fact_layers;
mod health;
mod keys;
mod listing;
mod metrics;
mod officer;
mod problem;
mod push;
mod route_status;
mod rule_order;
mod segment_facts;
mod segment_snow;
mod segment_sources;
mod sign_in;
mod station_health;
mod style;
mod style_expressions;
mod style_palette;
mod subscriptions;
mod tilejson;
mod tiles_route;
mod web_app;

#[cfg(test)]
mod tests;

pub use events::EventHub;
pub use fact_layers::FactLayers;
pub use problem::Problem;
pub(crate) use style_palette::state_ja;

use crate::clock::Clock;
use crate::config::{Background, FeedConfig};
use crate::passwords::Passwords;
use crate::workers::Shutdown;
use crate::workers::follow::MapViews;
use crate::workers::snow_watch::SnowView;
use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::routing::{get, patch, post};
use axum::serve::ListenerExt;
use domain::quality::QualityParams;
use domain::status::StatusPolicy;
use rustix::net::sockopt::set_tcp_user_timeout;
use std::collections::HashMap;
use std::future::IntoFuture;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::Store;
use tower_http::set_header::SetResponseHeaderLayer;

/// How long a stopping server waits for requests under way.
const LONGEST_FAREWELL: Duration = Duration::from_secs(3);

/// How long sent bytes may wait for a client to take them.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);

/// What every handler may use.
#[derive(Clone)]
pub struct AppState {
    /// The store, for what the view does not hold.
    pub store: Store,
    /// The newest view of the map.
    pub views: MapViews,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The machine's clock, by which people sign in; the demo's night may pass faster than life.
    pub wall_clock: Arc<dyn Clock>,
    /// Passwords of accounts.
    pub passwords: Passwords,
    /// What a state hangs on.
    pub policy: StatusPolicy,
    /// Limits of quality control.
    pub quality: QualityParams,
    /// The snow between stations.
    pub snow: SnowView,
    /// Whether what is shown is made up, and must say so everywhere.
    pub simulated: bool,
    /// The configured feeds by id, for those that push.
    pub feeds: Arc<HashMap<String, FeedConfig>>,
    /// Where changes are announced.
    pub events: EventHub,
    /// When the server started, on a clock that only goes forward.
    pub started: Instant,
    /// A background map from outside.
    pub background: Option<Background>,
    /// The newest facts of the layers beside the roads.
    pub fact_layers: FactLayers,
    /// The server's public key for Web Push, where that is configured.
    pub push_key: Option<String>,
}

/// All routes.
pub fn router(state: AppState) -> Router {
    let security = [
        ("x-content-type-options", "nosniff".to_owned()),
        ("referrer-policy", "same-origin".to_owned()),
        ("content-security-policy", content_security_policy(&state)),
    ];
    let mut router = Router::new()
        .route("/tiles/roads", get(tilejson::roads))
        .route("/tiles/roads/{z}/{x}/{y}", get(tiles_route::roads))
        .route("/tiles/{layer}", get(fact_layers::about))
        .route("/tiles/{layer}/{z}/{x}/{y}", get(fact_layers::tile))
        .route("/style.json", get(style::style))
        .route("/api/v1/segments", get(api_segments::in_box))
        .route("/api/v1/segments/{id}", get(api_segments::one))
        .route("/api/v1/coverage", get(api_coverage::coverage))
        .route("/api/v1/feeds", get(api_feeds::list))
        .route("/api/v1/rejections", get(api_rejections::list))
        .route("/api/v1/fixes", post(push::fixes))
        .route("/api/v1/stations", get(api_stations::stations))
        .route("/api/v1/stations/{*id}", get(station_health::station))
        .route(
            "/api/v1/observations",
            get(api_stations::observations).post(push::observations),
        )
        .route("/api/v1/zones", get(api_orders::zones))
        .route("/api/v1/orders", get(api_orders::orders))
        .route("/api/v1/plans", get(api_plans::plans).post(by_hand::plan))
        .route(
            "/api/v1/closures",
            get(api_plans::closures).post(by_hand::close),
        )
        .route("/api/v1/closures/{number}", get(by_hand::closure))
        .route("/api/v1/closures/{number}/reopen", post(by_hand::reopen))
        .route("/api/v1/reports", post(by_hand::report))
        .route("/api/v1/rules", get(api_rules::list))
        .route("/api/v1/rules/test", get(api_rules::test))
        .merge(session_routes())
        .route(
            "/api/v1/rules/{id}",
            get(api_rules::one)
                .put(api_rules::put)
                .delete(api_rules::delete),
        )
        .route("/api/v1/rules/{id}/order", post(rule_order::order))
        .route(
            "/api/v1/dispatches",
            get(dispatches::list).post(dispatches::open),
        )
        .route("/api/v1/dispatches/{id}", get(dispatches::one))
        .route("/api/v1/dispatches/{id}/{act}", post(dispatches::act))
        .route(
            "/api/v1/call/{token}",
            get(dispatches::show_call).post(dispatches::answer_call),
        )
        .route(
            "/api/v1/call/{token}/subscription",
            post(dispatches::subscribe),
        )
        .route("/api/v1/places", get(api_places::places))
        .route(
            "/api/v1/subscriptions",
            post(subscriptions::make)
                .get(subscriptions::one)
                .put(subscriptions::change)
                .delete(subscriptions::forget),
        )
        .route("/api/v1/route-status", post(route_status::route_status))
        .route("/api/v1/daily-reports", get(api_daily_reports::reports))
        .route("/api/v1/events", get(events::events))
        .route("/metrics", get(metrics::metrics))
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .merge(web_app::routes())
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .with_state(state);
    for (name, value) in security {
        if let Ok(value) = HeaderValue::from_str(&value) {
            let name = HeaderName::from_static(name);
            router = router.layer(SetResponseHeaderLayer::if_not_present(name, value));
        }
    }
    // Tiles and styles are for any map client, wherever its page comes from.
    router.layer(SetResponseHeaderLayer::if_not_present(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    ))
}

/// Signing in, and who may.
fn session_routes() -> Router<AppState> {
    Router::new()
        .route(
            "/api/v1/session",
            get(sign_in::who_am_i)
                .post(sign_in::sign_in)
                .delete(sign_in::sign_out),
        )
        .route("/api/v1/session/password", post(sign_in::change_password))
        .route("/api/v1/invitations", post(sign_in::take_invitation))
        .route("/api/v1/accounts", get(sign_in::list).post(sign_in::let_in))
        .route(
            "/api/v1/accounts/{id}",
            patch(sign_in::change).delete(sign_in::put_out),
        )
        .route("/api/v1/accounts/{id}/invitation", post(sign_in::invite))
}

fn content_security_policy(state: &AppState) -> String {
    let outside = match state.background {
        Some(Background::GsiPale) => " https://cyberjapandata.gsi.go.jp",
        None => "",
    };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; manifest-src 'self'; \
         connect-src 'self'{outside}; worker-src 'self' blob:; \
         img-src 'self' data: blob:{outside}; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

/// Serves until the shutdown.
///
/// # Errors
/// When the listener breaks.
pub async fn serve(
    listener: tokio::net::TcpListener,
    state: AppState,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let stop = shutdown.clone();
    let listener = listener.tap_io(|stream| {
        // A client that takes nothing for so long is gone, however open its connection looks.
        let patience_ms = LONGEST_SILENCE.as_millis() as u32;
        if let Err(error) = set_tcp_user_timeout(&*stream, patience_ms) {
            tracing::debug!(%error, "no timeout on a connection");
        }
    });
    let app = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, app)
        .with_graceful_shutdown(async move { crate::workers::called(&stop).await })
        .into_future();
    // A client that never finishes its request must not keep the server from stopping.
    let patience = async {
        crate::workers::called(&shutdown).await;
        tokio::time::sleep(LONGEST_FAREWELL).await;
    };
    tokio::select! {
        done = serving => done?,
        () = patience => {}
    }
    Ok(())
}
