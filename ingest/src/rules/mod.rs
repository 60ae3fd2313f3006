//! Threshold rules of road managers, as `yukimichi rules import` reads them: TOML with a table for each
//! rule, or a table (CSV, TSV) with a row for each.

mod table_form;
mod toml_form;

#[cfg(test)]
mod tests;

use crate::decoded::DecodeError;
use crate::text::{decode_text, zone_name};
use domain::fix::Rejection;
use domain::rules::Rule;

/// A rule with the place where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenRule {
    /// 1-based line where it begins.
    pub line: u64,
    /// Code of its road manager, where the file says it.
    pub manager: Option<String>,
    /// The rule.
    pub rule: Rule,
}

/// What a file of rules holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DecodedRules {
    /// Good rules, in the order of the file.
    pub rules: Vec<GivenRule>,
    /// Rules that were not taken; positions are lines.
    pub rejections: Vec<Rejection>,
}

/// Form of a file of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulesForm {
    /// `[[rule]]`.
    Toml,
    /// A row for each rule.
    Table,
}

/// Reads a file of rules. A bad rule is a rejection with its line and field, and the rest goes on; zones'
/// names are normalised.
///
/// # Errors
/// When the file as a whole can't be read.
pub fn decode_rules(bytes: &[u8], form: RulesForm) -> Result<DecodedRules, DecodeError> {
    let text = decode_text(bytes, None)?;
    match form {
        RulesForm::Toml => toml_form::read(&text),
        RulesForm::Table => table_form::read(&text),
    }
}

impl DecodedRules {
    /// Takes a rule where it can work and its name is new, else rejects it.
    fn take(&mut self, line: u64, manager: Option<String>, mut rule: Rule, record: &str) {
        for zone in &mut rule.zones {
            if zone != "*" {
                *zone = zone_name(zone);
            }
        }
        let bad = match rule.check() {
            Err(error) => Some((error.field, error.reason)),
            Ok(()) => (self.rules.iter())
                .find(|other| other.rule.id == rule.id && other.manager == manager)
                .map(|other| {
                    let reason = format!("{:?} stands in line {} already", rule.id, other.line);
                    ("id", reason)
                }),
        };
        match bad {
            None => self.rules.push(GivenRule {
                line,
                manager,
                rule,
            }),
            Some((field, reason)) => self.reject(line, field, reason, record),
        }
    }

    fn reject(&mut self, line: u64, field: &str, reason: impl Into<String>, record: &str) {
        self.rejections.push(Rejection {
            position: line,
            field: field.to_owned(),
            reason: reason.into(),
            record: record.to_owned(),
        });
    }
}
