//! Whether the units of a zone that are on duty can be heard.

use crate::status::Contact;
use jiff::{SignedDuration, Timestamp};

/// A unit that has been silent for longer is not heard.
pub const HEARD_WITHIN: SignedDuration = SignedDuration::from_mins(15);

/// How many units of a zone are on duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitsOnDuty {
    /// Nobody says: their silence can't be told from rest.
    Unknown,
    /// So many.
    Known(u32),
}

/// What is heard of the units of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneContact {
    /// As many as are on duty.
    Heard,
    /// Fewer than are on duty: what is not known may have been done.
    Unconfirmed {
        /// Units heard.
        heard: u32,
        /// Units on duty.
        on_duty: u32,
    },
}

/// Compares the units on duty with when each unit of the zone was last heard.
///
/// A time up to 5 min ahead is now; one farther ahead is a wrong clock and no contact.
pub fn zone_contact(
    on_duty: UnitsOnDuty,
    last_heard: impl IntoIterator<Item = Timestamp>,
    now: Timestamp,
) -> ZoneContact {
    let is_heard = |at: &Timestamp| {
        let age = now.duration_since(*at);
        age <= HEARD_WITHIN && age >= -crate::fix::MAX_AHEAD
    };
    let heard = last_heard.into_iter().filter(is_heard).count();
    let heard = u32::try_from(heard).unwrap_or(u32::MAX);
    match on_duty {
        UnitsOnDuty::Known(on_duty) if heard < on_duty => {
            ZoneContact::Unconfirmed { heard, on_duty }
        }
        _ => ZoneContact::Heard,
    }
}

impl ZoneContact {
    /// What is heard of a segment in the zone, given what is heard of its feed.
    pub fn within(self, feed: Contact) -> Contact {
        match (feed, self) {
            (Contact::Heard, ZoneContact::Unconfirmed { .. }) => Contact::UnitsMissing,
            (feed, _) => feed,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_heard_when_all_units_on_duty_are() {
        let now: Timestamp = "2026-01-15T02:00:00+09:00".parse().unwrap();
        let unconfirmed = |heard, on_duty| ZoneContact::Unconfirmed { heard, on_duty };
        let cases: [(&str, UnitsOnDuty, &[i64], ZoneContact); 9] = [
            (
                "all heard",
                UnitsOnDuty::Known(2),
                &[1, 15],
                ZoneContact::Heard,
            ),
            (
                "half silent",
                UnitsOnDuty::Known(2),
                &[1, 16],
                unconfirmed(1, 2),
            ),
            ("none heard", UnitsOnDuty::Known(1), &[], unconfirmed(0, 1)),
            (
                "more than on duty",
                UnitsOnDuty::Known(1),
                &[1, 2, 90],
                ZoneContact::Heard,
            ),
            (
                "none on duty",
                UnitsOnDuty::Known(0),
                &[],
                ZoneContact::Heard,
            ),
            (
                "nobody says",
                UnitsOnDuty::Unknown,
                &[90],
                ZoneContact::Heard,
            ),
            (
                "a clock a little ahead",
                UnitsOnDuty::Known(1),
                &[-4],
                ZoneContact::Heard,
            ),
            (
                "a clock far ahead",
                UnitsOnDuty::Known(1),
                &[-60],
                unconfirmed(0, 1),
            ),
            (
                "one of three",
                UnitsOnDuty::Known(3),
                &[600, 3, 20],
                unconfirmed(1, 3),
            ),
        ];
        for (name, on_duty, minutes_ago, expected) in cases {
            let heard = minutes_ago
                .iter()
                .map(|m| now - SignedDuration::from_mins(*m));
            assert_eq!(zone_contact(on_duty, heard, now), expected, "{name}");
        }
    }

    #[test]
    fn missing_units_matter_only_where_the_feed_is_heard() {
        use Contact::{Heard, Silent, Uncovered, UnitsMissing};
        let missing = ZoneContact::Unconfirmed {
            heard: 1,
            on_duty: 2,
        };
        let cases = [
            (ZoneContact::Heard, Heard, Heard),
            (missing, Heard, UnitsMissing),
            (missing, Silent, Silent),
            (missing, Uncovered, Uncovered),
        ];
        for (zone, feed, expected) in cases {
            assert_eq!(zone.within(feed), expected);
        }
    }
}
