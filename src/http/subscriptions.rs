//! `/api/v1/subscriptions`: drivers who want to be told before departure. The token that making one
//! returns is the only name that a subscription has.

use super::browser_push::BrowserPush;
use super::keys::key_of;
use super::{AppState, Problem, body};
use crate::api_key::new_key;
use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::driver_alert::{Language, QuietHours, Schedule};
use domain::journey;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{DriverSubscription, KeptSubscription, Watch};

const MAX_BYTES: usize = 16 * 1024;
const MOST_PLACES: usize = 25;
/// Largest area, degrees on each side: about a prefecture's half.
const LARGEST_AREA_DEG: f64 = 0.5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    push: BrowserPush,
    #[serde(default)]
    way: Option<Vec<[f64; 2]>>,
    #[serde(default)]
    area: Option<[f64; 4]>,
    departure: Time,
    #[serde(default = "every_day")]
    days: Vec<Day>,
    #[serde(default)]
    quiet: Option<QuietHours>,
    #[serde(default)]
    language: Language,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

const WEEK: [Day; 7] = [
    Day::Mon,
    Day::Tue,
    Day::Wed,
    Day::Thu,
    Day::Fri,
    Day::Sat,
    Day::Sun,
];

fn every_day() -> Vec<Day> {
    WEEK.to_vec()
}

/// A driver's token, in `Authorization: Bearer`.
pub(super) struct Token(String);

impl FromRequestParts<AppState> for Token {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        key_of(parts)
            .filter(|token| !token.is_empty())
            .map(|token| Token(token.to_owned()))
            .ok_or_else(|| {
                Problem::unauthorized("the subscription's token is needed: Authorization: Bearer")
            })
    }
}

pub(super) async fn make(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let token = new_key();
    let kept = keep(&state, &token, &headers, body).await?;
    let mut answer = answer(&state, &kept);
    answer["token"] = json!(token);
    Ok((StatusCode::CREATED, no_store(), Json(answer)).into_response())
}

/// Asks for something else under the same token.
pub(super) async fn change(
    State(state): State<AppState>,
    Token(token): Token,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    known(&state, &token).await?;
    let kept = keep(&state, &token, &headers, body).await?;
    Ok((no_store(), Json(answer(&state, &kept))).into_response())
}

pub(super) async fn one(
    State(state): State<AppState>,
    Token(token): Token,
) -> Result<Response, Problem> {
    let kept = known(&state, &token).await?;
    Ok((no_store(), Json(answer(&state, &kept))).into_response())
}

pub(super) async fn forget(
    State(state): State<AppState>,
    Token(token): Token,
) -> Result<StatusCode, Problem> {
    if state.store.forget_subscription(&token).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(unknown())
    }
}

async fn known(state: &AppState, token: &str) -> Result<KeptSubscription, Problem> {
    state.store.subscription(token).await?.ok_or_else(unknown)
}

fn unknown() -> Problem {
    Problem::not_found("no subscription has this token; it may have been ended")
}

fn no_store() -> [(header::HeaderName, &'static str); 1] {
    [(header::CACHE_CONTROL, "no-store")]
}

async fn keep(
    state: &AppState,
    token: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<KeptSubscription, Problem> {
    let bytes = body::read(headers, body, &["application/json"], MAX_BYTES).await?;
    let asked: Asked = body::json(&bytes)?;
    let schedule = Schedule {
        departure: asked.departure,
        days: WEEK.map(|day| asked.days.contains(&day)),
    };
    let now = state.clock.now();
    let next_due_at = schedule
        .next_after(now)
        .ok_or_else(|| Problem::unprocessable("days: one day or more"))?;
    let subscription = DriverSubscription {
        address: asked.push.address("push.", false)?,
        language: asked.language,
        watch: watch(state, asked.way, asked.area).await?,
        schedule,
        quiet: asked.quiet,
    };
    let store = &state.store;
    store
        .keep_subscription(token, &subscription, next_due_at, now)
        .await?;
    known(state, token).await
}

/// What is watched, if there is anything to tell of it.
async fn watch(
    state: &AppState,
    way: Option<Vec<[f64; 2]>>,
    area: Option<[f64; 4]>,
) -> Result<Watch, Problem> {
    match (way, area) {
        (Some(way), None) => {
            if way.len() > MOST_PLACES {
                let detail = format!("way: at most {MOST_PLACES} places");
                return Err(Problem::unprocessable(detail));
            }
            let watch = Watch::Way(way);
            let places = watch.places();
            if !places.iter().all(|place| place.is_valid()) {
                let detail = "way: [longitude, latitude] of each place in degrees";
                return Err(Problem::unprocessable(detail));
            }
            let view = state.views.borrow().clone();
            let open = move || journey::find(&view.network, &places, &|_| false).map(|_| ());
            tokio::task::spawn_blocking(open)
                .await
                .map_err(Problem::internal)?
                .map_err(|error| Problem::unprocessable(format!("way: {error}")))?;
            Ok(watch)
        }
        (None, Some([west, south, east, north])) => {
            let fits = |from: f64, to: f64| from < to && to - from <= LARGEST_AREA_DEG;
            if !(fits(west, east) && fits(south, north)) {
                let detail = format!(
                    "area: [west, south, east, north], at most {LARGEST_AREA_DEG} degrees each way"
                );
                return Err(Problem::unprocessable(detail));
            }
            Ok(Watch::Area([west, south, east, north]))
        }
        _ => Err(Problem::unprocessable("either way or area is needed")),
    }
}

fn answer(state: &AppState, kept: &KeptSubscription) -> Value {
    let asked = &kept.subscription;
    let days: Vec<Day> = WEEK
        .into_iter()
        .zip(asked.schedule.days)
        .filter_map(|(day, on)| on.then_some(day))
        .collect();
    let (way, area) = match &asked.watch {
        Watch::Way(way) => (Some(way), None),
        Watch::Area(area) => (None, Some(area)),
    };
    json!({
        "way": way,
        "area": area,
        "departure": asked.schedule.departure,
        "days": days,
        "quiet": asked.quiet,
        "language": asked.language,
        "next_at": kept.next_due_at,
        "now": state.clock.now(),
        "simulated": state.simulated,
    })
}
