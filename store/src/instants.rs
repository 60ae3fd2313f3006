//! Between the driver's times and ours. PostgreSQL keeps microseconds.

use jiff::Timestamp;
use sqlx::types::time::OffsetDateTime;

pub(crate) fn to_sql(at: Timestamp) -> OffsetDateTime {
    let nanos = i128::from(at.as_microsecond()) * 1000;
    OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

pub(crate) fn from_sql(at: OffsetDateTime) -> Timestamp {
    i64::try_from(at.unix_timestamp_nanos().div_euclid(1000))
        .ok()
        .and_then(|micros| Timestamp::from_microsecond(micros).ok())
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The UTC day that a time falls on.
pub(crate) fn day_of(at: Timestamp) -> sqlx::types::time::Date {
    to_sql(at).date()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn times_survive_to_the_microsecond() {
        for text in [
            "2026-01-15T05:12:00.123456Z",
            "1969-12-31T23:59:59.999999Z",
            "2400-02-29T00:00:00Z",
        ] {
            let at: Timestamp = text.parse().unwrap();
            assert_eq!(from_sql(to_sql(at)), at);
        }
    }
}
