//! MapLibre expressions that read a tile's digits.

use super::style_palette::{AGE_STEPS, Look, state_look};
use domain::status::State;
use serde_json::{Value, json};

/// Which values of a segment a line shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Both directions as one line: the one that was cleared longer ago.
    Worst,
    Forward,
    Backward,
}

fn state(side: Side) -> Value {
    let forward = json!(["%", ["get", "status"], 10]);
    let backward = json!(["%", ["floor", ["/", ["get", "status"], 10]], 10]);
    match side {
        Side::Forward => forward,
        Side::Backward => backward,
        Side::Worst => json!([
            "case",
            ["<=", ["get", "cleared_fwd_min"], ["get", "cleared_rev_min"]],
            forward,
            backward
        ]),
    }
}

fn cleared_min(side: Side) -> Value {
    let (forward, backward) = (
        json!(["get", "cleared_fwd_min"]),
        json!(["get", "cleared_rev_min"]),
    );
    match side {
        Side::Forward => forward,
        Side::Backward => backward,
        Side::Worst => json!(["min", forward, backward]),
    }
}

/// A value by state, and by age where the state is drawn by age.
fn by_look(side: Side, now_min: i64, value: impl Fn(&Look) -> Value) -> Value {
    let mut by_age = vec![
        json!("step"),
        json!(["-", now_min, cleared_min(side)]),
        value(&AGE_STEPS[0].look),
    ];
    for pair in AGE_STEPS.windows(2) {
        if let Some(bound) = pair[0].below_min {
            by_age.push(json!(bound));
            by_age.push(value(&pair[1].look));
        }
    }
    let mut by_state = vec![json!("match"), state(side)];
    for s in State::ALL {
        by_state.push(json!(s.code()));
        by_state.push(if s == State::Cleared {
            json!(by_age)
        } else {
            value(&state_look(s).0)
        });
    }
    by_state.push(value(&state_look(State::NoData).0));
    json!(by_state)
}

/// Colour of a line.
pub(super) fn color(side: Side, now_min: i64) -> Value {
    by_look(side, now_min, |look| json!(look.color))
}

/// Code of a line's pattern, for filters.
pub(super) fn pattern_code(side: Side, now_min: i64) -> Value {
    by_look(side, now_min, |look| json!(look.pattern.code()))
}

/// Newest and most urgent on top.
pub(super) fn sort_key(side: Side) -> Value {
    json!([
        "match",
        state(side),
        0,
        0,
        7,
        1,
        1,
        2,
        2,
        3,
        8,
        4,
        4,
        5,
        3,
        6,
        5,
        7,
        6,
        8,
        0
    ])
}

/// Whether a closure holds at this hour of Japan's day.
pub(super) fn holds_by_day(now_min: i64) -> Value {
    let now = (now_min + 9 * 60).rem_euclid(24 * 60);
    let (from, until) = (
        json!(["get", "daily_from_min"]),
        json!(["get", "daily_until_min"]),
    );
    let (begun, not_over) = (json!(["<=", from, now]), json!(["<", now, until]));
    json!([
        "case",
        ["!", ["has", "daily_from_min"]],
        true,
        ["<", from, until],
        ["all", begun, not_over],
        ["any", begun, not_over]
    ])
}

/// Width in pixels by zoom and class, times `factor`, plus `extra`.
pub(super) fn width(factor: f64, extra: f64) -> Value {
    width_times(factor, extra, |width| width)
}

/// The same, and times the share that is cleared.
pub(super) fn width_by_share(factor: f64) -> Value {
    let share = json!(["/", ["get", "cleared_share"], 100]);
    width_times(factor, 0.0, |width| json!(["*", width, share]))
}

fn width_times(factor: f64, extra: f64, times: impl Fn(Value) -> Value) -> Value {
    let at = |major: f64, middle: f64, minor: f64| {
        times(json!([
            "match",
            ["get", "class"],
            ["motorway", "trunk"],
            major * factor + extra,
            ["primary", "secondary", "motorway_link", "trunk_link"],
            middle * factor + extra,
            minor * factor + extra
        ]))
    };
    json!([
        "interpolate",
        ["exponential", 1.4],
        ["zoom"],
        6,
        at(1.4, 1.0, 0.6),
        10,
        at(2.4, 1.8, 1.0),
        13,
        at(4.0, 3.2, 2.2),
        16,
        at(9.0, 7.5, 6.0),
        20,
        at(26.0, 22.0, 18.0)
    ])
}
