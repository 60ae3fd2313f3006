//! What is told of the snow on a segment.

use super::{AppState, Problem};
use crate::workers::follow::MapView;
use domain::coverage::SegmentFacts;
use domain::road_manager::RoadManager;
use domain::snow_field::{Estimate, SnowfallWindow};
use domain::status::{ThresholdKey, snow_place};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Depth, snowfall and new snow since cleared, each with its spread; `null` where no station is near.
pub(super) async fn on_segment(
    state: &AppState,
    view: &MapView,
    segment: u32,
    facts: &SegmentFacts,
    manager: Option<&RoadManager>,
    now: Timestamp,
) -> Result<Value, Problem> {
    let attributes = &view.network.road(segment).attributes;
    let threshold_cm = state.policy.thresholds.of(ThresholdKey {
        manager: manager.map(|m| m.code.as_str()),
        class: &attributes.class,
        priority: attributes.priority().as_deref(),
    });
    let field = state.snow.field(now).await?;
    let Some(at) = snow_place(view.network.line(segment)) else {
        return Ok(Value::Null);
    };
    let since_cleared = |cleared_at: Option<Timestamp>| {
        let new_snow = cleared_at.and_then(|since| field.new_snow_since(at, None, since));
        json!({ "since": cleared_at, "new_snow": estimate(new_snow) })
    };
    let snowfall = |window| estimate(field.snowfall_at(at, None, window));
    Ok(json!({
        "threshold_cm": threshold_cm,
        "forward": since_cleared(facts.forward.cleared_at),
        "backward": since_cleared(facts.backward.cleared_at),
        "depth": estimate(field.depth_at(at, None)),
        "snowfall_1h": snowfall(SnowfallWindow::H1),
        "snowfall_24h": snowfall(SnowfallWindow::H24),
        "snowfall_72h": snowfall(SnowfallWindow::H72),
        "drift_risk": field.drift_risk_at(at, None),
    }))
}

fn estimate(told: Option<Estimate>) -> Value {
    let tenths = |cm: f64| (cm * 10.0).round() / 10.0;
    match told {
        None => Value::Null,
        Some(told) => json!({
            "cm": tenths(told.value_cm),
            "sd_cm": tenths(told.sd_cm),
            "stations": told.station_count,
            "observed_at": told.observed_at,
        }),
    }
}
