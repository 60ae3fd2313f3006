//! The book as TOML: `[[contractor]]` with `[[contractor.contact]]`, and `[[officer]]`.

use super::DecodedBook;
use super::book::{BookBuilder, Firm, Person};
use crate::decoded::DecodeError;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    contractor: Vec<FirmTable>,
    #[serde(default)]
    officer: Vec<PersonTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FirmTable {
    code: String,
    #[serde(default)]
    name: String,
    contract: String,
    #[serde(default)]
    zones: Vec<String>,
    #[serde(default)]
    contact: Vec<PersonTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonTable {
    #[serde(default)]
    key: String,
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    webhook: String,
}

impl PersonTable {
    fn person(&self) -> Person<'_> {
        Person {
            key: &self.key,
            name: &self.name,
            phone: &self.phone,
            email: &self.email,
            webhook: &self.webhook,
        }
    }
}

pub(super) fn decode(bytes: &[u8]) -> Result<DecodedBook, DecodeError> {
    let text = std::str::from_utf8(bytes).map_err(|e| DecodeError(format!("not UTF-8: {e}")))?;
    let file: File = ::toml::from_str(text).map_err(|e| DecodeError(e.to_string()))?;
    let mut builder = BookBuilder::default();
    for table in &file.contractor {
        let place = format!("[[contractor]] {}", table.code);
        let firm = Firm {
            code: &table.code,
            name: &table.name,
            contract: &table.contract,
        };
        let Some(at) = builder.firm(&place, &firm) else {
            continue;
        };
        for zone in &table.zones {
            builder.zone(&place, at, zone);
        }
        for person in &table.contact {
            let place = format!("{place}, {}", person.name);
            builder.person(&place, Some(at), &person.person());
        }
    }
    for person in &file.officer {
        let place = format!("[[officer]] {}", person.name);
        builder.person(&place, None, &person.person());
    }
    Ok(builder.finish())
}
