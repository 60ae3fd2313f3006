//! Seeded chance: one stream of numbers per purpose, so that drawing more of one moves no other.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The stream for one purpose of one seed.
pub(super) fn stream(seed: u64, purpose: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(purpose);
    rng
}

/// A standard normal number (Box–Muller).
pub(super) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let u: f64 = 1.0 - rng.random::<f64>();
    let v: f64 = rng.random();
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}
