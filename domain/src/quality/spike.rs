//! Spike check: an excursion that comes back within half an hour was somebody under the gauge.

use super::params::QualityParams;
use super::series::{Objection, Reading};
use jiff::SignedDuration;

/// Fails the readings of each excursion. Only what comes later can tell one from snow, so the verdict of
/// the newest readings may still change.
pub(super) fn spike(readings: &mut [Reading], params: &QualityParams) {
    let within = SignedDuration::from_mins(params.spike_within_min);
    let usable: Vec<(usize, f64)> = readings
        .iter()
        .enumerate()
        .filter_map(|(i, r)| Some((i, r.usable_value()?)))
        .collect();
    let mut k = 1;
    while k < usable.len() {
        let ((before, base_cm), (first, value_cm)) = (usable[k - 1], usable[k]);
        let began_at = readings[first].observed_at;
        let is_out = |cm: f64| (cm - base_cm).abs() > params.spike_cm;
        let near = began_at.duration_since(readings[before].observed_at) <= within;
        let back = if near && is_out(value_cm) {
            usable[k..]
                .iter()
                .take_while(|(i, _)| readings[*i].observed_at.duration_since(began_at) <= within)
                .position(|(_, cm)| (cm - base_cm).abs() <= params.spike_back_cm)
        } else {
            None
        };
        let Some(length) = back else {
            k += 1;
            continue;
        };
        for (i, cm) in &usable[k..k + length] {
            let (off_cm, most) = (cm - base_cm, params.spike_within_min);
            let reason = format!("{off_cm:+.0} cm that was gone within {most} min");
            readings[*i].object(Some(Objection::fail(reason)));
        }
        k += length + 1;
    }
}
