//! Simulated vehicles whose way is known: drives, plows' beats, and the receivers that report them.
//!
//! It shares nothing with the matcher beyond the road network: its own ways, motion and noise.

mod beat;
mod drive;
mod motion;
mod plan;
mod receiver;
mod routing;
mod streets;

pub use motion::{Pace, Trip};
pub use receiver::{Noise, Report, reports_of};
pub use streets::Streets;

use domain::network::DirectedSegment;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stretch of road driven in one direction, without a turn on the way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Segment and direction.
    pub directed: DirectedSegment,
    /// Metres from where the directed segment begins.
    pub from_m: f64,
    /// Never less than `from_m`.
    pub to_m: f64,
    /// Seconds since the trip began.
    pub entered_s: f64,
    /// Seconds since the trip began.
    pub left_s: f64,
}

/// What a vehicle does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// Trips from here to there on the fastest or the shortest way.
    Drive,
    /// A plow on the streets of its neighbourhood.
    Beat,
}

impl Behaviour {
    /// Both.
    pub const ALL: [Behaviour; 2] = [Behaviour::Beat, Behaviour::Drive];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Behaviour::Drive => "drive",
            Behaviour::Beat => "beat",
        }
    }
}

/// The trip of a seed; `None` where the roads allow none.
pub fn trip(streets: &Streets<'_>, behaviour: Behaviour, seed: u64) -> Option<Trip> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(behaviour as u64);
    let (plan, pace) = match behaviour {
        Behaviour::Drive => (drive::plan(streets, &mut rng)?, Pace::Traffic),
        Behaviour::Beat => (beat::plan(streets, &mut rng)?, Pace::Plow),
    };
    Some(motion::driven(streets, &plan, pace, &mut rng))
}

/// A standard normal number (Box and Muller).
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let u: f64 = 1.0 - rng.random::<f64>();
    let v: f64 = rng.random();
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

/// One of a list; `None` for an empty one.
fn pick<T: Copy>(rng: &mut ChaCha8Rng, of: &[T]) -> Option<T> {
    (!of.is_empty()).then(|| of[rng.random_range(0..of.len())])
}

#[cfg(test)]
mod tests;
