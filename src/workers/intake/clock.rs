//! Whether a payload's times can be right. One that holds too few facts to tell is judged together with
//! those that came before it.

use crate::config::FeedConfig;
use domain::trust::{
    ClockJudgement, FEWEST_AHEAD, FactTimes, is_ahead, judge_clock, judge_receipts,
};
use ingest::Decoded;
use jiff::{SignedDuration, Timestamp};
use store::{ClockFinding, Store};

/// Longer than any time zone's error.
const A_DAY_AND_MORE: SignedDuration = SignedDuration::from_hours(26);
/// Payloads that are judged together, and how far they may lie back.
const WINDOW_PAYLOADS: i64 = 9;
const WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// What a look at a payload's times found.
pub(super) struct ClockLook {
    /// What is said of the feed; `None` when the payload holds no times.
    pub(super) finding: Option<ClockFinding>,
    /// Whether the payload itself speaks against its clock, or the doubt is of its forerunners alone.
    is_ahead: bool,
}

impl ClockLook {
    /// Why the payload's facts are not to be believed; `None` where they are.
    pub(super) fn disbelieved_for(&self) -> Option<&str> {
        let doubt = self.finding.as_ref()?.doubt.as_deref();
        doubt.filter(|_| self.is_ahead)
    }
}

/// Judges the feed's clock by the times of a payload. Decoders leave out times that lie ahead; what
/// they would have read is asked for as of a day later, but only where they left out something.
pub(super) async fn look(
    store: &Store,
    feed: &FeedConfig,
    payload: &[u8],
    decoded: &Decoded,
    received_at: Timestamp,
) -> anyhow::Result<ClockLook> {
    let mut sample = times_of(decoded, received_at);
    if !decoded.rejections.is_empty()
        && let Ok(later) = received_at.checked_add(A_DAY_AND_MORE)
        && let Ok(all) = feed.decode(payload, later)
    {
        sample = times_of(&all, received_at);
    }
    let Some(newest) = sample.iter().map(|fact| fact.observed_at).max() else {
        return Ok(ClockLook {
            finding: None,
            is_ahead: false,
        });
    };
    let judgement = if sample.len() < FEWEST_AHEAD {
        let before = store
            .told_before(&feed.id, received_at, WINDOW, WINDOW_PAYLOADS)
            .await?;
        let mut receipts = vec![FactTimes {
            observed_at: newest,
            received_at,
        }];
        receipts.extend(
            before
                .into_iter()
                .map(|(observed_at, received_at)| FactTimes {
                    observed_at,
                    received_at,
                }),
        );
        judge_receipts(&receipts)
    } else {
        judge_clock(&sample)
    };
    Ok(ClockLook {
        is_ahead: sample.iter().any(is_ahead),
        finding: Some(ClockFinding {
            doubt: (!judgement.is_believed()).then(|| judgement.to_string()),
            skew_hours: match judgement {
                ClockJudgement::AheadWholeHours(hours) => Some(hours),
                _ => None,
            },
            told_at: Some(newest),
        }),
    })
}

fn times_of(decoded: &Decoded, received_at: Timestamp) -> Vec<FactTimes> {
    let fixes = decoded.fixes.iter().map(|f| f.observed_at);
    let readings = decoded.observations.iter().map(|o| o.observed_at);
    let orders = decoded.orders.iter().map(|o| o.as_of);
    let log = decoded.work_log.iter().map(|e| e.ended_at);
    let issued = decoded.snow_forecasts.iter().map(|f| f.issued_at);
    fixes
        .chain(readings)
        .chain(orders)
        .chain(log)
        .chain(issued)
        .map(|observed_at| FactTimes {
            observed_at,
            received_at,
        })
        .collect()
}
