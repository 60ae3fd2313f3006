//! Step check: snow does not fall that fast.

use super::params::QualityParams;
use super::series::{Objection, Reading};
use jiff::SignedDuration;

/// Judges each step from the last reading that has not failed, per 10 min; so a gauge that was set to
/// another level is believed again after a while, and what its neighbours say counts until then.
pub(super) fn step(readings: &mut [Reading], params: &QualityParams) {
    let longest = SignedDuration::from_mins(params.step_longest_min);
    let mut last: Option<(jiff::Timestamp, f64)> = None;
    for reading in readings {
        let Some(cm) = reading.usable_value() else {
            continue;
        };
        if let Some((at, from_cm)) = last {
            let gap = reading.observed_at.duration_since(at);
            if gap <= longest {
                let tens = (gap.as_secs_f64() / 600.0).max(1.0);
                reading.object(judge(cm - from_cm, tens, params));
            }
        }
        if reading.is_usable() {
            last = Some((reading.observed_at, cm));
        }
    }
}

fn judge(step_cm: f64, tens: f64, params: &QualityParams) -> Option<Objection> {
    let reason = |limit_cm: f64| {
        let minutes = tens * 10.0;
        format!("a step of {step_cm:+.0} cm in {minutes:.0} min (over {limit_cm} in 10)")
    };
    let rate_cm = step_cm.abs() / tens;
    if rate_cm > params.step_fail_cm {
        Some(Objection::fail(reason(params.step_fail_cm)))
    } else if rate_cm > params.step_suspect_cm {
        Some(Objection::suspect(reason(params.step_suspect_cm)))
    } else {
        None
    }
}
