//! `/style.json`: a MapLibre style that any client can open.
//!
//! `now_min` stands in it as a literal, so that ages are right in clients that know nothing of us;
//! they fetch it again when `max-age` has passed.

use super::style_expressions::{
    Side, color, holds_by_day, pattern_code, sort_key, width, width_by_share,
};
use super::style_palette::{AGE_STEPS, Look, Pattern, SHARE_LOOK, restriction_look, state_look};
use super::tilejson::origin;
use super::{AppState, Problem};
use crate::config::Background;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use domain::closure::ClosureKind;
use domain::status::State as RoadState;
use serde_json::{Value, json};

/// From this zoom each direction has a line of its own.
const BOTH_DIRECTIONS_ZOOM: u8 = 14;
const GROUND: &str = "#171c24";
const CASING: &str = "#0b0e13";

pub(super) async fn style(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    let now_min = now.as_second().div_euclid(60);
    let view = state.views.borrow().clone();
    let bounds = view
        .network
        .bounds()
        .map(|b| [b.west, b.south, b.east, b.north]);
    let mut sources = json!({
        "roads": { "type": "vector", "url": format!("{}/tiles/roads", origin(&headers)) },
        "closures": { "type": "vector", "url": format!("{}/tiles/closures", origin(&headers)) },
    });
    let mut layers = vec![json!({
        "id": "ground",
        "type": "background",
        "paint": { "background-color": GROUND },
    })];
    if let Some(Background::GsiPale) = state.background {
        sources["gsi"] = json!({
            "type": "raster",
            "tiles": ["https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png"],
            "tileSize": 256,
            "minzoom": 5,
            "maxzoom": 18,
            "attribution": "<a href=\"https://maps.gsi.go.jp/development/ichiran.html\">地理院タイル</a>",
        });
        layers.push(json!({
            "id": "gsi",
            "type": "raster",
            "source": "gsi",
            "paint": { "raster-opacity": 0.35 },
        }));
    }
    layers.extend(road_layers(now_min));
    layers.extend(restriction_layers(now_min));
    let mut style = json!({
        "version": 8,
        "name": "yukimichi 雪道",
        "metadata": {
            "yukimichi:now": now,
            "yukimichi:simulated": state.simulated,
            "yukimichi:bounds": bounds,
            "yukimichi:legend": legend(),
        },
        "sources": sources,
        "layers": layers,
    });
    if let Some([west, south, east, north]) = bounds {
        style["center"] = json!([(west + east) / 2.0, (south + north) / 2.0]);
        style["zoom"] = json!(12);
    }
    Ok(([(header::CACHE_CONTROL, "public, max-age=60")], Json(style)))
}

fn road_layers(now_min: i64) -> Vec<Value> {
    let one_way = json!(["!=", ["get", "oneway"], "no"]);
    let mut layers = vec![line_layer(
        "roads-casing",
        json!(true),
        (None, None),
        json!({ "line-color": CASING, "line-width": width(1.0, 2.0) }),
        None,
    )];
    // One line for a road while both directions would fall on one another.
    for pattern in Pattern::ALL {
        layers.push(status_layer(
            "roads-single",
            pattern,
            Side::Worst,
            now_min,
            None,
            &json!(true),
        ));
    }
    for pattern in Pattern::ALL {
        layers.push(status_layer(
            "roads-oneway",
            pattern,
            Side::Forward,
            now_min,
            Some(0.0),
            &one_way,
        ));
    }
    layers.push(share_layer());
    let two_way = json!(["==", ["get", "oneway"], "no"]);
    // Traffic keeps left in Japan: what is driven forward lies left of the line.
    for (name, side, offset) in [
        ("roads-forward", Side::Forward, -0.25),
        ("roads-backward", Side::Backward, 0.25),
    ] {
        for pattern in Pattern::ALL {
            layers.push(status_layer(
                name,
                pattern,
                side,
                now_min,
                Some(offset),
                &two_way,
            ));
        }
    }
    layers.push(line_layer(
        "roads-hit",
        json!(true),
        (None, None),
        json!({ "line-color": "#000000", "line-opacity": 0, "line-width": 28 }),
        None,
    ));
    layers
}

/// Small scales: the share that is cleared, as a line within that of the worst state.
fn share_layer() -> Value {
    line_layer(
        "roads-share",
        json!([
            "all",
            ["==", ["get", "agg"], 1],
            [">", ["get", "cleared_share"], 0]
        ]),
        (None, Some(BOTH_DIRECTIONS_ZOOM)),
        json!({ "line-color": SHARE_LOOK.color, "line-width": width_by_share(0.7) }),
        None,
    )
}

/// Closures that let traffic pass, beside the road's state.
fn restriction_layers(now_min: i64) -> Vec<Value> {
    restrictions()
        .map(|(kind, look, _, _)| {
            let holds = json!([
                "all",
                ["==", ["get", "kind"], kind.as_str()],
                ["<=", ["get", "since_min"], now_min],
                [
                    "any",
                    ["==", ["get", "until_min"], 0],
                    ["<", now_min, ["get", "until_min"]]
                ],
                holds_by_day(now_min),
            ]);
            let mut paint = json!({
                "line-color": look.color,
                "line-width": 2.0,
                "line-gap-width": width(1.0, 3.0),
            });
            if let Some(dashes) = look.pattern.dashes() {
                paint["line-dasharray"] = json!(dashes);
            }
            let mut layer = line_layer(
                &format!("closures-{}", kind.as_str().replace('_', "-")),
                holds,
                (None, None),
                paint,
                None,
            );
            layer["source"] = json!("closures");
            layer["source-layer"] = json!("closures");
            layer
        })
        .collect()
}

fn restrictions() -> impl Iterator<Item = (ClosureKind, Look, &'static str, &'static str)> {
    ClosureKind::ALL.into_iter().filter_map(|(kind, _, _)| {
        let (look, ja, en) = restriction_look(kind)?;
        Some((kind, look, ja, en))
    })
}

fn status_layer(
    name: &str,
    pattern: Pattern,
    side: Side,
    now_min: i64,
    offset: Option<f64>,
    which: &Value,
) -> Value {
    let filter = json!([
        "all",
        which,
        ["==", pattern_code(side, now_min), pattern.code()]
    ]);
    let beside = offset.is_some_and(|o| o != 0.0);
    let mut paint = json!({
        "line-color": color(side, now_min),
        "line-width": width(if beside { 0.46 } else { 1.0 }, 0.0),
    });
    if let Some(dashes) = pattern.dashes() {
        paint["line-dasharray"] = json!(dashes);
    }
    if let Some(offset) = offset.filter(|o| *o != 0.0) {
        paint["line-offset"] = width(offset, 0.0);
    }
    let zooms = match offset {
        None => (None, Some(BOTH_DIRECTIONS_ZOOM)),
        Some(_) => (Some(BOTH_DIRECTIONS_ZOOM), None),
    };
    line_layer(
        &format!("{name}{}", pattern.suffix()),
        filter,
        zooms,
        paint,
        Some(sort_key(side)),
    )
}

fn line_layer(
    id: &str,
    filter: Value,
    (min_zoom, max_zoom): (Option<u8>, Option<u8>),
    paint: Value,
    sort_key: Option<Value>,
) -> Value {
    let mut layer = json!({
        "id": id,
        "type": "line",
        "source": "roads",
        "source-layer": "roads",
        "layout": { "line-cap": "butt", "line-join": "round" },
        "paint": paint,
    });
    if filter != json!(true) {
        layer["filter"] = filter;
    }
    if let Some(key) = sort_key {
        layer["layout"]["line-sort-key"] = key;
    }
    if let Some(zoom) = min_zoom {
        layer["minzoom"] = json!(zoom);
    }
    if let Some(zoom) = max_zoom {
        layer["maxzoom"] = json!(zoom);
    }
    layer
}

fn legend() -> Value {
    let ages: Vec<Value> = AGE_STEPS
        .iter()
        .map(|step| {
            json!({
                "below_min": step.below_min,
                "color": step.look.color,
                "dash": step.look.pattern.dashes(),
                "ja": step.ja,
                "en": step.en,
            })
        })
        .collect();
    let states: Vec<Value> = RoadState::ALL
        .into_iter()
        .map(|state| {
            let (look, ja, en) = state_look(state);
            json!({
                "code": state.code(),
                "name": state.as_str(),
                "color": look.color,
                "dash": look.pattern.dashes(),
                "ja": ja,
                "en": en,
                "drawn_by_age": state == RoadState::Cleared,
            })
        })
        .collect();
    let restrictions: Vec<Value> = restrictions()
        .map(|(kind, look, ja, en)| {
            json!({
                "kind": kind.as_str(),
                "color": look.color,
                "dash": look.pattern.dashes(),
                "ja": ja,
                "en": en,
            })
        })
        .collect();
    let share = json!({ "color": SHARE_LOOK.color, "dash": null,
                        "ja": "線の内側：除雪済みの割合",
                        "en": "Inside a line: the share that is cleared (small scales)" });
    json!({ "ages": ages, "states": states, "restrictions": restrictions, "share": share })
}
