//! All numbers of the laying of lines in one place.

/// Whether a line speaks of the road as a whole or of the carriageway that it follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Carriageways {
    /// The road: of a dual carriageway both sides are taken.
    #[default]
    Both,
    /// Only the side and the direction in which the line is drawn.
    AsDrawn,
}

/// Parameters of the laying of a line, with units. Costs are −log likelihoods per sample.
#[derive(Debug, Clone, PartialEq)]
pub struct LayParams {
    /// Distance between the samples of a line …
    pub step_m: f64,
    /// … unless that made more of them than this.
    pub most_steps: usize,
    /// Roads within this distance are candidates.
    pub radius_m: f64,
    /// Spread of the line's drawing around the road.
    pub sigma_m: f64,
    /// The line's direction is taken over so many metres before and after a sample.
    pub bearing_half_m: f64,
    /// Roads that differ more than this from the line's direction are crossed, not followed.
    pub max_turn_deg: f64,
    /// Cost of a direction at right angles, falling with the cosine.
    pub turn: f64,
    /// Cost of following a one-way against its traffic.
    pub against_traffic: f64,
    /// Cost of lying on no road.
    pub off_road: f64,
    /// Cost of leaving the road or coming onto it.
    pub switch: f64,
    /// Cost of each metre by which the road's course differs from the line's, up to a step …
    pub mismatch_per_m: f64,
    /// … and beyond.
    pub far_mismatch_per_m: f64,
    /// Cost of turning round on a road.
    pub turn_round: f64,
    /// Roads are followed over gaps of so many metres between two samples.
    pub reach_m: f64,
    /// A place off the road no longer than this is bridged where the network's way is not longer
    /// by more than `reach_m`: the outside of a corner, a missing turning lane.
    pub bridge_m: f64,
    /// Less road than this between two places off the road is a crossing, not a course.
    pub shortest_run_m: f64,
    /// A beginning or end that reaches less than this into another segment is the junction's mouth.
    pub stub_m: f64,
    /// An end this near to the segment's own is meant to be there.
    pub snap_m: f64,
    /// What a line says of dual carriageways.
    pub carriageways: Carriageways,
}

impl Default for LayParams {
    fn default() -> Self {
        LayParams {
            step_m: 5.0,
            most_steps: 20_000,
            radius_m: 25.0,
            sigma_m: 10.0,
            bearing_half_m: 7.5,
            max_turn_deg: 60.0,
            turn: 3.0,
            against_traffic: 1.5,
            off_road: 2.5,
            switch: 3.0,
            mismatch_per_m: 0.65,
            far_mismatch_per_m: 0.15,
            turn_round: 6.0,
            reach_m: 60.0,
            bridge_m: 60.0,
            shortest_run_m: 25.0,
            stub_m: 12.0,
            snap_m: 5.0,
            carriageways: Carriageways::Both,
        }
    }
}
