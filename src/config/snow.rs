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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::config::Config;

    const GOOD: &str = r#"
[quality]
step_suspect_cm = 4
invalid_codes = [-999, 0]
[[snow.threshold]]
manager = "02201"
class = ["residential"]
new_snow_cm = 20
[[manager]]
code = "02201"
level = "municipal"
name = { ja = "青森市" }
"#;

    #[test]
    fn limits_and_thresholds_are_read_and_mistakes_named() {
        let config = Config::parse(GOOD, "t").unwrap();
        assert_eq!(config.quality.step_suspect_cm, 4.0);
        assert_eq!(config.quality.step_fail_cm, 15.0);
        assert_eq!(config.snow.threshold[0].new_snow_cm, 20.0);
        let cases = [
            (
                "step_suspect_cm",
                "step_suspekt_cm",
                "did you mean `step_suspect_cm`",
            ),
            (
                "new_snow_cm = 20",
                "new_snow_cm = 0",
                "[[snow.threshold]] 1: new_snow_cm: 0 is not",
            ),
            (
                "manager = \"02201\"",
                "manager = \"0220\"",
                "did you mean `02201`",
            ),
            ("class = [", "klass = [", "did you mean `class`"),
        ];
        for (from, to, wanted) in cases {
            let error = Config::parse(&GOOD.replacen(from, to, 1), "t").unwrap_err();
            let error = format!("{error:#}");
            assert!(error.contains(wanted), "{to}: {error}");
        }
    }
}
