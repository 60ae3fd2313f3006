//! The clock, injected everywhere so that tests set it and the demo can run faster than life.

use jiff::{SignedDuration, Timestamp};
use std::time::{Duration, Instant};

/// Tells the time, and how fast it runs.
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// How long to wait in real time for `span` to pass on this clock.
    fn real(&self, span: Duration) -> Duration;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn real(&self, span: Duration) -> Duration {
        span
    }
}

/// A clock that stands still: a rebuild's, and the tests'.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }

    fn real(&self, span: Duration) -> Duration {
        span
    }
}

/// A clock that starts at a given time and runs at a given rate: the demo's night.
#[derive(Debug, Clone, Copy)]
pub struct ScaledClock {
    started: Instant,
    epoch: Timestamp,
    rate: f64,
}

impl ScaledClock {
    /// Starts now at `epoch`; `rate` seconds pass on it for each real one.
    pub fn start(epoch: Timestamp, rate: f64) -> Self {
        ScaledClock {
            started: Instant::now(),
            epoch,
            rate,
        }
    }
}

impl Clock for ScaledClock {
    fn now(&self) -> Timestamp {
        let passed = self.started.elapsed().as_secs_f64() * self.rate;
        self.epoch
            .saturating_add(SignedDuration::from_secs_f64(passed))
            .unwrap_or(Timestamp::MAX)
    }

    fn real(&self, span: Duration) -> Duration {
        span.div_f64(self.rate.max(1e-6))
    }
}
