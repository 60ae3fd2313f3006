//! `/api/v1/feeds`: who speaks for which roads, and when they were last heard.

use super::{AppState, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use domain::road_manager::RoadManager;
use domain::status::StatusPolicy;
use jiff::Timestamp;
use serde::Serialize;
use store::FeedHealth;

/// Freshness of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FeedState {
    /// Heard within its interval and a half.
    Fresh,
    /// Heard, but not within that.
    Late,
    /// Not heard for three intervals: its roads are unconfirmed.
    Silent,
    /// Never heard.
    Never,
}

/// The freshness of a feed at `now`.
pub(super) fn feed_state(feed: &FeedHealth, policy: &StatusPolicy, now: Timestamp) -> FeedState {
    let Some(last) = feed.last_contact_at else {
        return FeedState::Never;
    };
    let interval = feed.entry.interval;
    if policy.is_silent(Some(last), interval, now) {
        FeedState::Silent
    } else if now.duration_since(last).as_secs_f64() > 1.5 * interval.as_secs_f64() {
        FeedState::Late
    } else {
        FeedState::Fresh
    }
}

#[derive(Serialize)]
struct FeedList {
    now: Timestamp,
    simulated: bool,
    items: Vec<FeedItem>,
    /// All feeds fit on one page; kept for when they do not.
    next: Option<String>,
}

#[derive(Serialize)]
struct FeedItem {
    id: String,
    manager: RoadManager,
    format: String,
    interval_s: f64,
    attribution: String,
    licence: String,
    last_contact_at: Option<Timestamp>,
    last_success_at: Option<Timestamp>,
    last_fact_at: Option<Timestamp>,
    state: FeedState,
    fixes_total: i64,
    rejected_total: i64,
    last_error: Option<String>,
}

pub(super) async fn list(State(state): State<AppState>) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    let items = state
        .store
        .feeds()
        .await?
        .into_iter()
        .map(|feed| FeedItem {
            state: feed_state(&feed, &state.policy, now),
            id: feed.entry.id,
            manager: feed.manager,
            format: feed.entry.format,
            interval_s: feed.entry.interval.as_secs_f64(),
            attribution: feed.entry.attribution,
            licence: feed.entry.licence,
            last_contact_at: feed.last_contact_at,
            last_success_at: feed.last_success_at,
            last_fact_at: feed.last_fact_at,
            fixes_total: feed.fixes_total,
            rejected_total: feed.rejected_total,
            last_error: feed.last_error,
        })
        .collect();
    let list = FeedList {
        now,
        simulated: state.simulated,
        items,
        next: None,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(list)))
}
