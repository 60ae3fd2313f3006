//! What a vehicle will do, before it is known how fast.

use super::streets::Streets;
use domain::network::DirectedSegment;

/// One step of a plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    /// Drives along a directed segment between two measures, metres from where it begins.
    Run {
        directed: DirectedSegment,
        from_m: f64,
        to_m: f64,
    },
    /// Stands with its engine running.
    Stand { seconds: f64 },
    /// Backs off and comes forward again: no pass, for it sweeps what it has just swept.
    Back { metres: f64 },
    /// From here nothing is heard of it, as in a tunnel …
    FallSilent,
    /// … until here.
    Heard,
}

/// Steps, and where they have led to.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) at: DirectedSegment,
    pub(super) at_m: f64,
    pub(super) driven_m: f64,
}

impl Plan {
    /// A plan that begins on a directed segment.
    pub(super) fn new(at: DirectedSegment, at_m: f64) -> Self {
        Plan {
            steps: Vec::new(),
            at,
            at_m,
            driven_m: 0.0,
        }
    }

    /// Drives on along the directed segment that it is on.
    pub(super) fn run_to(&mut self, to_m: f64) {
        if to_m <= self.at_m {
            return;
        }
        self.driven_m += to_m - self.at_m;
        self.steps.push(Step::Run {
            directed: self.at,
            from_m: self.at_m,
            to_m,
        });
        self.at_m = to_m;
    }

    /// Drives on to the end of the directed segment that it is on.
    pub(super) fn finish(&mut self, streets: &Streets<'_>) {
        self.run_to(streets.length_m(self.at));
    }

    /// Goes on at the start of another directed segment.
    pub(super) fn enter(&mut self, next: DirectedSegment) {
        self.at = next;
        self.at_m = 0.0;
    }

    /// Turns round where it is.
    pub(super) fn turn_round(&mut self, streets: &Streets<'_>) {
        self.at_m = (streets.length_m(self.at) - self.at_m).max(0.0);
        self.at = self.at.reverse();
    }

    /// Drives a way to its end, as through a tunnel where it once leads straight on for long enough:
    /// nobody can guess what a vehicle does between many streets while nothing is heard of it.
    pub(super) fn follow_silently(&mut self, streets: &Streets<'_>, way: &[DirectedSegment]) {
        let Some([from, to]) = straight_run(streets, way) else {
            return self.follow(streets, way);
        };
        // Heard well into its first street and out of its last one, so that these are no riddle.
        self.follow(streets, &way[..=from]);
        self.run_to(0.5 * streets.length_m(self.at));
        self.steps.push(Step::FallSilent);
        self.follow(streets, &way[from + 1..to]);
        self.run_to(0.5 * streets.length_m(self.at));
        self.steps.push(Step::Heard);
        self.follow(streets, &way[to..]);
    }

    /// Drives a way to its end.
    pub(super) fn follow(&mut self, streets: &Streets<'_>, way: &[DirectedSegment]) {
        for directed in way {
            self.finish(streets);
            self.enter(*directed);
        }
    }
}

/// A tunnel is at least so long, metres …
const TUNNEL_MIN_M: f64 = 350.0;
/// … and at most.
const TUNNEL_MAX_M: f64 = 1_600.0;
/// Straight on means a turn of less than this.
const STRAIGHT_DEG: f64 = 25.0;

/// The longest part of a way that goes straight on, if it is as long as a tunnel.
fn straight_run(streets: &Streets<'_>, way: &[DirectedSegment]) -> Option<[usize; 2]> {
    let mut best: Option<([usize; 2], f64)> = None;
    let mut from = 1;
    let mut length_m = 0.0;
    for i in 1..way.len() {
        if streets.turn_deg(way[i - 1], way[i]) >= STRAIGHT_DEG || length_m > TUNNEL_MAX_M {
            (from, length_m) = (i, 0.0);
        }
        length_m += streets.length_m(way[i]);
        let is_best = length_m > best.map_or(TUNNEL_MIN_M, |(_, m)| m);
        if is_best && length_m < TUNNEL_MAX_M && i > from {
            best = Some(([from, i + 1], length_m));
        }
    }
    best.map(|(run, _)| run)
}
