//! What a list tells of a segment: the same in the API and in every export.

use crate::workers::follow::MapView;
use domain::network::SegmentId;
use domain::road_manager::{ManagerLevel, RoadManager, owner_among};
use domain::status::{State, cleared_at};
use domain::work::Direction;
use jiff::Timestamp;
use serde::Serialize;

/// A segment's road and status. Serialised, it is the properties of a GeoJSON feature, whose own id is
/// the segment's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentRow<'a> {
    /// Its id.
    #[serde(skip)]
    pub id: SegmentId,
    /// Name of the road.
    pub name: Option<&'a str>,
    /// Route number.
    #[serde(rename = "ref")]
    pub reference: Option<&'a str>,
    /// OSM highway value.
    pub class: &'a str,
    /// Level of the road manager.
    pub manager_level: ManagerLevel,
    /// Code of the road manager, where one is configured.
    pub manager: Option<&'a str>,
    /// Class of the clearing plan.
    pub priority: Option<String>,
    /// `yes`, `-1` or `no`, along the line.
    pub oneway: &'static str,
    /// Name of the zone (工区).
    pub zone: Option<&'a str>,
    /// Length in metres, to the decimetre.
    pub length_m: f64,
    /// State in the order of the line.
    pub state_forward: State,
    /// State against it.
    pub state_backward: State,
    /// When the forward direction was last cleared.
    pub cleared_forward_at: Option<Timestamp>,
    /// When the other one was.
    pub cleared_backward_at: Option<Timestamp>,
}

impl<'a> SegmentRow<'a> {
    /// The row of a segment, by its index in the view's network.
    pub fn of(
        view: &'a MapView,
        segment: u32,
        managers: impl Iterator<Item = &'a RoadManager> + Clone,
    ) -> Self {
        let part = &view.network.segments()[segment as usize];
        let attributes = &view.network.road(segment).attributes;
        let status = view.status.status(segment);
        let owner = owner_among(
            managers,
            attributes.manager.as_deref(),
            attributes.manager_level,
        );
        SegmentRow {
            id: part.id,
            name: attributes.name.as_deref(),
            reference: attributes.reference.as_deref(),
            class: &attributes.class,
            manager_level: attributes.manager_level,
            manager: owner.map(|m| m.code.as_str()),
            priority: attributes.priority(),
            oneway: attributes.oneway.as_str(),
            zone: view.zones.name(segment),
            length_m: (part.length_m * 10.0).round() / 10.0,
            state_forward: status.state(Direction::Forward),
            state_backward: status.state(Direction::Backward),
            cleared_forward_at: cleared_at(status.cleared_fwd_min),
            cleared_backward_at: cleared_at(status.cleared_rev_min),
        }
    }
}
