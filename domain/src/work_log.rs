//! 作業日報: what a contractor hands in on paper or as a table, without positions.

use crate::place::RouteStretch;
use crate::work::{Direction, WorkKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One row of a work log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkLogEntry {
    /// Route and 距離標, or route and section.
    pub stretch: RouteStretch,
    /// When the work began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// What was done.
    pub work: WorkKind,
    /// Which carriageway: `Forward` = 上り as the kilopost table says; `None` = both.
    pub direction: Option<Direction>,
    /// The vehicle.
    pub vehicle_id: String,
    /// The contractor; empty where the source does not say.
    pub contractor: String,
    /// 天候, as written.
    pub weather: String,
    /// 気温, °C.
    pub air_c: Option<f64>,
    /// 積雪深, cm.
    pub depth_cm: Option<f64>,
}
