//! `[snow]`: what the snow means for roads.

use super::nearest;
use anyhow::bail;
use domain::status::Threshold;
use serde::Deserialize;
use std::collections::HashSet;

/// `[snow]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SnowConfig {
    /// From how much new snow on roads are to be cleared; the first that fits a road counts, and where
    /// none does what is in common use.
    pub threshold: Vec<Threshold>,
}

impl SnowConfig {
    /// Checks the thresholds against the managers' codes.
    pub(super) fn check(&self, managers: &HashSet<&str>) -> anyhow::Result<()> {
        for (number, threshold) in (1..).zip(&self.threshold) {
            let cm = threshold.new_snow_cm;
            if !(cm > 0.0 && cm <= 100.0) {
                bail!(
                    "[[snow.threshold]] {number}: new_snow_cm: {cm} is not above 0 and at most 100"
                );
            }
            if let Some(code) = threshold.manager.as_deref()
                && !managers.contains(code)
            {
                bail!(
                    "[[snow.threshold]] {number}: manager {code:?} is no [[manager]]{}",
                    nearest(code, managers.iter().copied())
                );
            }
        }
        Ok(())
    }
}
