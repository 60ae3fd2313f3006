//! Rules as TOML. Each `[[rule]]` is read by itself, so that a bad one costs itself alone.

use super::DecodedRules;
use crate::decoded::DecodeError;
use domain::rules::Rule;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

pub(super) fn read(text: &str) -> Result<DecodedRules, DecodeError> {
    let whole = |error: toml::de::Error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        DecodeError(format!("line {line}: {}", error.message()))
    };
    let mut document = DeTable::parse(text).map_err(whole)?.into_inner();
    let manager = match document.remove("manager") {
        None => None,
        Some(value) => Some(String::deserialize(ValueDeserializer::from(value)).map_err(whole)?),
    };
    let rules = document.remove("rule");
    if let Some((unknown, _)) = document.iter().next() {
        let line = line_of(text, unknown.span().start);
        return Err(DecodeError(format!(
            "line {line}: {:?} is unknown; a file of rules holds manager and [[rule]]",
            unknown.get_ref()
        )));
    }
    let Some(DeValue::Array(rules)) = rules.map(Spanned::into_inner) else {
        return Err(DecodeError("there is no [[rule]]".to_owned()));
    };
    let mut decoded = DecodedRules::default();
    for rule in rules {
        let span = rule.span();
        let record = text.get(span.clone()).unwrap_or_default().trim().to_owned();
        match one(rule, manager.as_deref()) {
            Ok((manager, rule)) => {
                decoded.take(line_of(text, span.start), manager, rule, &record);
            }
            Err(error) => {
                let at = error.span().map_or(span.start, |span| span.start);
                let line = line_of(text, at);
                decoded.reject(line, &field_at(text, at), error.message(), &record);
            }
        }
    }
    Ok(decoded)
}

fn one(
    mut rule: Spanned<DeValue<'_>>,
    of_file: Option<&str>,
) -> Result<(Option<String>, Rule), toml::de::Error> {
    // A rule itself knows nothing of its manager.
    let own = match rule.get_mut() {
        DeValue::Table(table) => table.remove("manager"),
        _ => None,
    };
    let manager = match own {
        Some(value) => Some(String::deserialize(ValueDeserializer::from(value))?),
        None => of_file.map(str::to_owned),
    };
    Ok((manager, Rule::deserialize(ValueDeserializer::from(rule))?))
}

/// 1-based.
fn line_of(text: &str, at: usize) -> u64 {
    let before = text.get(..at).unwrap_or_default();
    1 + before.matches('\n').count() as u64
}

/// The key of the line in which something is wrong.
fn field_at(text: &str, at: usize) -> String {
    let begin = text.get(..at).and_then(|before| before.rfind('\n'));
    let line = text.get(begin.map_or(0, |at| at + 1)..).unwrap_or_default();
    let line = line.lines().next().unwrap_or_default();
    let key = line.split('=').next().unwrap_or_default();
    key.trim().trim_matches(['[', ']', '"']).to_owned()
}
