//! All numbers of the matcher in one place.

use jiff::SignedDuration;

/// Parameters of the matcher, with units. The defaults suit plows that report each 1–60 s.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchParams {
    /// A longer silence ends the trace.
    pub max_gap: SignedDuration,
    /// A faster move ends the trace, or marks a single fix as an outlier.
    pub max_speed_kmh: f64,
    /// Distance by which two fixes may lie apart through noise alone, before speed is judged.
    pub noise_allowance_m: f64,
    /// Roads within this distance are always candidates.
    pub min_radius_m: f64,
    /// Roads within this many σ are candidates.
    pub radius_sigmas: f64,
    /// Most roads considered for one fix.
    pub max_candidates: usize,
    /// Smallest noise that is believed, metres per axis.
    pub min_sigma_m: f64,
    /// Largest noise that is believed, metres per axis.
    pub max_sigma_m: f64,
    /// Fixes nearer than this many σ to the last kept one are passed over …
    pub thin_sigmas: f64,
    /// … but one is kept in this time.
    pub thin_at_most: SignedDuration,
    /// β in metres: this …
    pub beta_m: f64,
    /// … plus this per metre of σ …
    pub beta_per_sigma: f64,
    /// … plus this per second between fixes.
    pub beta_m_per_s: f64,
    /// … plus this per metre that the vehicle could have driven beyond the crow's distance, at its
    /// usual speed.
    pub beta_per_unseen_m: f64,
    /// … at most this far …
    pub most_unseen_m: f64,
    /// … less this many σ.
    pub unseen_sigmas: f64,
    /// By how many σ a way may be shorter than the crow's distance for nothing.
    pub noise_sigmas: f64,
    /// Cost (−log likelihood) of turning round between junctions.
    pub u_turn_mid_block: f64,
    /// Cost of turning round at a junction.
    pub u_turn_junction: f64,
    /// Cost of turning round where the road ends.
    pub u_turn_dead_end: f64,
    /// Cost of a right-angled turn at a junction.
    pub turn: f64,
    /// A vehicle fell silent when nothing was heard for so many seconds …
    pub silence_s: f64,
    /// … and so many times as long as before.
    pub silence_times: f64,
    /// Tunnels count so much of their length then: under the sky it would have been heard.
    pub tunnel_in_silence: f64,
    /// Cost of beginning to drive against the traffic of a one-way: plows back off and work there …
    pub against_traffic: f64,
    /// … and of each metre of it.
    pub against_traffic_per_m: f64,
    /// Roads slower than this count for longer than they are, since drivers avoid them …
    pub fast_road_kmh: f64,
    /// … by this share for each time that the fast road is faster.
    pub slow_road: f64,
    /// Cost of a heading opposite to the road's direction.
    pub against_heading: f64,
    /// A heading says nothing of a vehicle that has moved by less than so many σ …
    pub heading_sigmas: f64,
    /// … or is slower than this.
    pub heading_min_speed_kmh: f64,
    /// A route may be this long whatever the distance between the fixes …
    pub route_slack_m: f64,
    /// … plus what a plow drives at this speed in the time.
    pub route_speed_m_per_s: f64,
    /// States this much worse (−log likelihood) than the best are not followed.
    pub beam: f64,
    /// Cost of each σ that a position slips back.
    pub slip: f64,
    /// Farthest that a standing receiver's position is believed to slip back: this many metres …
    pub slip_m: f64,
    /// … or this many σ, where that is more.
    pub slip_sigmas: f64,
    /// A dead end is taken to be driven to its tip from as far as this …
    pub tip_m: f64,
    /// … when it could be reached at this speed.
    pub tip_speed_m_per_s: f64,
    /// … or at this many times the vehicle's usual speed.
    pub tip_haste: f64,
    /// Cost of holding a fix for an outlier and passing over it: this …
    pub outlier: f64,
    /// … plus this per second between the fixes on either side.
    pub outlier_per_s: f64,
    /// Fixes within this time of each other are taken together against noise.
    pub moment: SignedDuration,
    /// A way that costs more than this is not believed: the trace breaks.
    pub give_up: f64,
    /// A way is doubted where one without a segment of it costs less than so much more.
    pub doubt: f64,
    /// Fixes with no road near that may be passed over before the trace breaks.
    pub off_road_fixes: usize,
    /// Fixes that the noise is first estimated from.
    pub sigma_sample: usize,
    /// Kept fixes after which a position is decided online.
    pub lag: usize,
    /// … but not before so much time has passed: where fixes come each second, four say little.
    pub lag_at_least: SignedDuration,
    /// The trace is matched again where the noise turns out to differ by this factor.
    pub sigma_again: f64,
    /// Undecided positions are looked at again where it turns out to differ by this factor.
    pub sigma_again_online: f64,
}

impl Default for MatchParams {
    fn default() -> Self {
        MatchParams {
            max_gap: SignedDuration::from_mins(5),
            max_speed_kmh: 140.0,
            noise_allowance_m: 100.0,
            min_radius_m: 60.0,
            radius_sigmas: 4.0,
            max_candidates: 16,
            min_sigma_m: 4.0,
            max_sigma_m: 25.0,
            thin_sigmas: 1.5,
            thin_at_most: SignedDuration::from_secs(60),
            beta_m: 2.0,
            beta_per_sigma: 1.0,
            beta_m_per_s: 0.6,
            beta_per_unseen_m: 0.1,
            most_unseen_m: 900.0,
            unseen_sigmas: 3.0,
            noise_sigmas: 2.0,
            u_turn_mid_block: 6.0,
            u_turn_junction: 2.3,
            u_turn_dead_end: 1.5,
            turn: 0.8,
            silence_s: 15.0,
            silence_times: 1.8,
            tunnel_in_silence: 0.7,
            against_traffic: 12.0,
            against_traffic_per_m: 0.05,
            fast_road_kmh: 50.0,
            slow_road: 0.3,
            against_heading: 6.0,
            heading_sigmas: 2.5,
            heading_min_speed_kmh: 5.0,
            route_slack_m: 200.0,
            route_speed_m_per_s: 25.0,
            beam: 10.0,
            slip: 0.9,
            slip_m: 25.0,
            slip_sigmas: 4.0,
            tip_m: 90.0,
            tip_speed_m_per_s: 7.0,
            tip_haste: 1.3,
            outlier: 4.0,
            outlier_per_s: 0.2,
            moment: SignedDuration::from_millis(2500),
            give_up: 40.0,
            doubt: 2.0,
            off_road_fixes: 2,
            sigma_sample: 200,
            lag: 4,
            lag_at_least: SignedDuration::from_secs(60),
            sigma_again: 1.15,
            sigma_again_online: 1.3,
        }
    }
}

impl MatchParams {
    /// Radius within which roads are candidates, for a noise.
    pub(super) fn radius_m(&self, sigma_m: f64) -> f64 {
        self.min_radius_m.max(self.radius_sigmas * sigma_m)
    }

    /// β for a noise and a time between two fixes.
    pub(super) fn beta(&self, sigma_m: f64, seconds: f64) -> f64 {
        self.beta_m + self.beta_per_sigma * sigma_m + self.beta_m_per_s * seconds.min(60.0)
    }
}
