//! Signing in: roles, and how long a guesser must wait.
//!
//! A wrong password slows down whoever tries next, and never shuts an account for long: at 3 a.m. the
//! duty officer must get in, however many strangers guess at the same account.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What an account may do for a road manager. Each may do all that those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees the board, names included.
    Viewer,
    /// Records and decides.
    Operator,
    /// Lets others in.
    Admin,
}

impl Role {
    /// All roles with their names, from the least.
    pub const ALL: [(Role, &'static str); 3] = [
        (Role::Viewer, "viewer"),
        (Role::Operator, "operator"),
        (Role::Admin, "admin"),
    ];

    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Reads the interface name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.1 == name).map(|r| r.0)
    }
}

/// What failures are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FailureScope {
    /// An account, tried from one address.
    AccountFromAddress,
    /// An account, from wherever it is tried.
    Account,
    /// An address, whichever accounts it tries.
    Address,
}

/// Failures so far, and the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// How many in a row.
    pub count: u32,
    /// When the last was.
    pub last_at: Timestamp,
}

/// After so long without a failure the former ones are forgotten.
pub const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_mins(15);

impl FailureScope {
    /// Failures that cost nothing, and the longest wait. An account's own limit is short, since
    /// strangers fill it too.
    fn limits(self) -> (u32, SignedDuration) {
        match self {
            FailureScope::AccountFromAddress => (3, SignedDuration::from_secs(30)),
            FailureScope::Account => (10, SignedDuration::from_secs(5)),
            FailureScope::Address => (20, SignedDuration::from_secs(30)),
        }
    }

    /// How long the next try must still wait: 1 s after the first failure that costs, then twice as
    /// long each time. Zero where the clock was set back, so that no step of it shuts anybody out.
    pub fn wait(self, failures: Failures, now: Timestamp) -> SignedDuration {
        let since = now.duration_since(failures.last_at);
        let (free, longest) = self.limits();
        if failures.count < free || since.is_negative() || since >= FORGOTTEN_AFTER {
            return SignedDuration::ZERO;
        }
        let doublings = (failures.count - free).min(16);
        let whole = SignedDuration::from_secs(1 << doublings).min(longest);
        (whole - since).max(SignedDuration::ZERO)
    }
}

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLife {
    /// Without a request for so long it ends.
    pub idle: SignedDuration,
    /// After so long it ends whatever is done with it.
    pub longest: SignedDuration,
}

impl Default for SessionLife {
    /// A night's shift without a request; a week.
    fn default() -> Self {
        SessionLife {
            idle: SignedDuration::from_hours(12),
            longest: SignedDuration::from_hours(7 * 24),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_768_420_800 + seconds).unwrap()
    }

    fn wait_s(scope: FailureScope, count: u32, since_s: i64) -> i64 {
        let failures = Failures {
            count,
            last_at: at(0),
        };
        scope.wait(failures, at(since_s)).as_secs()
    }

    #[test]
    fn waits_double_and_stay_short() {
        use FailureScope::{Account, AccountFromAddress, Address};
        for (scope, count, since_s, expected) in [
            (AccountFromAddress, 0, 0, 0),
            (AccountFromAddress, 2, 0, 0),
            (AccountFromAddress, 3, 0, 1),
            (AccountFromAddress, 5, 0, 4),
            (AccountFromAddress, 5, 3, 1),
            (AccountFromAddress, 5, 4, 0),
            (AccountFromAddress, 1_000_000, 0, 30),
            (AccountFromAddress, 1_000_000, 900, 0),
            (AccountFromAddress, 1_000_000, -3600, 0),
            (Account, 9, 0, 0),
            (Account, u32::MAX, 0, 5),
            (Address, 19, 0, 0),
            (Address, 20, 0, 1),
            (Address, u32::MAX, 0, 30),
        ] {
            let found = wait_s(scope, count, since_s);
            assert_eq!(found, expected, "{scope:?} {count} {since_s}");
        }
    }

    #[test]
    fn roles_are_ordered_and_read_back() {
        assert!(Role::Viewer < Role::Operator && Role::Operator < Role::Admin);
        for (role, name) in Role::ALL {
            assert_eq!((Role::parse(name), role.as_str()), (Some(role), name));
        }
        assert_eq!(Role::parse("root"), None);
    }

    proptest! {
        #[test]
        fn nobody_waits_over_30_s_and_waiting_always_ends(
            count in any::<u32>(), since_s in -100_000i64..100_000,
        ) {
            for scope in [FailureScope::AccountFromAddress, FailureScope::Account, FailureScope::Address] {
                prop_assert!((0..=30).contains(&wait_s(scope, count, since_s)));
                let later = since_s.max(0);
                let wait = wait_s(scope, count, later);
                prop_assert_eq!(wait_s(scope, count, later + wait + 1), 0);
            }
        }
    }
}
