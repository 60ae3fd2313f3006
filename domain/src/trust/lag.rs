//! How late a feed tells what it tells.

use super::FactTimes;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// How far behind the freshest fact of each receipt was, in the order of receipt; negative where the
/// feed's clock is ahead.
pub(super) fn freshest_lags(sample: &[FactTimes]) -> Vec<SignedDuration> {
    let mut receipts: BTreeMap<Timestamp, SignedDuration> = BTreeMap::new();
    for fact in sample {
        let lag = fact.received_at.duration_since(fact.observed_at);
        let freshest = receipts.entry(fact.received_at).or_insert(lag);
        *freshest = lag.min(*freshest);
    }
    receipts.into_values().collect()
}

/// The feed's lag: the median over its receipts of the freshest fact's, so that neither repeats of
/// earlier facts nor old ones that come in bulk count. `None` without facts.
pub fn typical_lag(sample: &[FactTimes]) -> Option<SignedDuration> {
    let mut lags = freshest_lags(sample);
    lags.sort_unstable();
    lags.get(lags.len() / 2).copied()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_the_freshest_of_each_receipt_counts() {
        let start: Timestamp = "2026-01-15T02:00:00+09:00".parse().unwrap();
        let lag = |receipts: &[&[i64]]| {
            let sample: Vec<FactTimes> = (0..)
                .zip(receipts)
                .flat_map(|(i, behind_s)| {
                    let received_at = start + SignedDuration::from_mins(i);
                    behind_s.iter().map(move |s| FactTimes {
                        observed_at: received_at - SignedDuration::from_secs(*s),
                        received_at,
                    })
                })
                .collect();
            typical_lag(&sample).map(|lag| lag.as_secs())
        };
        assert_eq!(lag(&[]), None);
        assert_eq!(lag(&[&[20]]), Some(20));
        // Each poll repeats the last quarter of an hour; one brings last week.
        let week_s = 7 * 86_400;
        let polls: [&[i64]; 5] = [
            &[900, 30],
            &[40, 960],
            &[week_s],
            &[35, 20, 700],
            &[31, week_s],
        ];
        assert_eq!(lag(&polls), Some(31));
        assert_eq!(lag(&[&[-3600], &[-3590, 10], &[-3605]]), Some(-3600));
    }
}
