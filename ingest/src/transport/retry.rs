//! When to try again: back-off with jitter, and a circuit that opens. Pure; the caller has the
//! clock, the dice and the count of failures.

use jiff::{SignedDuration, Timestamp};

/// What kind of failure an attempt ended in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// It may be gone in a moment: no connection, a time-out, 5xx, 408, 425.
    Passing,
    /// The server asks for less (429), or for patience (503), until this time.
    Told {
        /// Not before this.
        until: Timestamp,
    },
    /// Asking again soon changes nothing: other 4xx, a refused address, an answer too large.
    Lasting,
    /// The server answered, but with something that can't be read.
    Unreadable,
}

/// Whether a feed is asked as usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Circuit {
    /// It is.
    Closed,
    /// It failed too often, and is left alone until its next attempt.
    Open,
    /// That attempt has come: a trial. If it fails the circuit is open again; if it succeeds, closed.
    HalfOpen,
}

impl Circuit {
    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        match self {
            Circuit::Closed => "closed",
            Circuit::Open => "open",
            Circuit::HalfOpen => "half_open",
        }
    }
}

/// What follows from a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// When to try again.
    pub next_attempt_at: Timestamp,
    /// The circuit from now on.
    pub circuit: Circuit,
    /// Whether this failure is the one that opened it.
    pub just_opened: bool,
}

/// How a feed's failures are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Pause after the first failure; doubled with each further one.
    pub first_pause: SignedDuration,
    /// Longest pause while the circuit is closed.
    pub longest_pause: SignedDuration,
    /// Failures in a row that open the circuit.
    pub opens_after: u32,
    /// Pause between trials while it is open, at the least.
    pub trial_every: SignedDuration,
    /// The same with jitter, at the most.
    pub longest_trial: SignedDuration,
    /// Longest wait that a server may ask for.
    pub longest_told: SignedDuration,
}

impl RetryPolicy {
    /// The policy of a feed that is asked each `every`: the first pause is that, or 30 s where that
    /// is shorter, doubled up to 10 min. Five failures open the circuit; then it is tried after ten
    /// times `every`, though after 10 min at the latest, or `every` where that is longer: a feed that
    /// tells each 5 s is missed sooner than one that tells each hour. A server may ask for 6 h of
    /// patience.
    pub fn for_interval(every: SignedDuration) -> Self {
        let longest_pause = SignedDuration::from_mins(10);
        let longest_trial = every.max(longest_pause);
        RetryPolicy {
            first_pause: every.min(SignedDuration::from_secs(30)),
            longest_pause,
            opens_after: 5,
            trial_every: every.saturating_mul(10).min(longest_trial),
            longest_trial,
            longest_told: SignedDuration::from_hours(6),
        }
    }

    /// What follows from one more failure after `failures_before` in a row. `jitter` is uniform in
    /// 0..1 and stretches the pause by up to half, so that feeds that failed together don't come
    /// back together; never shortens it.
    pub fn after_failure(
        &self,
        failures_before: u32,
        kind: FailureKind,
        now: Timestamp,
        jitter: f64,
    ) -> Verdict {
        let failures = failures_before.saturating_add(1);
        let circuit = if failures >= self.opens_after {
            Circuit::Open
        } else {
            Circuit::Closed
        };
        let doubled = self
            .first_pause
            .saturating_mul(1 << failures_before.min(20))
            .min(self.longest_pause);
        let (pause, most) = match (circuit, kind) {
            (Circuit::Open, _) | (_, FailureKind::Lasting) => {
                (self.trial_every, self.longest_trial)
            }
            _ => (doubled, SignedDuration::MAX),
        };
        let jitter = if jitter.is_finite() {
            jitter.clamp(0.0, 1.0)
        } else {
            0.0
        };
        let stretch = SignedDuration::try_from_secs_f64(pause.as_secs_f64() * jitter / 2.0)
            .unwrap_or(SignedDuration::ZERO);
        let earliest = after(now, pause.saturating_add(stretch).min(most));
        let told = match kind {
            FailureKind::Told { until } => until.min(after(now, self.longest_told)),
            _ => Timestamp::MIN,
        };
        Verdict {
            next_attempt_at: earliest.max(told),
            circuit,
            just_opened: failures == self.opens_after,
        }
    }

    /// The circuit at `now`, after that many failures in a row and with the next attempt at that time.
    pub fn circuit(&self, failures: u32, next_attempt_at: Timestamp, now: Timestamp) -> Circuit {
        if failures < self.opens_after {
            Circuit::Closed
        } else if now < next_attempt_at {
            Circuit::Open
        } else {
            Circuit::HalfOpen
        }
    }
}

fn after(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.saturating_add(span).unwrap_or(Timestamp::MAX)
}
