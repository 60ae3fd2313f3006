//! Puts a book together, person by person.

use super::{DecodedBook, Refusal};
use crate::text::{normalize, zone_name};
use domain::contractor::{Contact, ContractForm, Contractor};

/// A person as a file names one; empty texts are none.
#[derive(Debug, Clone, Default)]
pub(super) struct Person<'t> {
    pub(super) key: &'t str,
    pub(super) name: &'t str,
    pub(super) phone: &'t str,
    pub(super) email: &'t str,
    pub(super) webhook: &'t str,
}

/// A firm as a file names one.
#[derive(Debug, Clone, Default)]
pub(super) struct Firm<'t> {
    pub(super) code: &'t str,
    pub(super) name: &'t str,
    pub(super) contract: &'t str,
}

/// The book as far as it has been read.
#[derive(Debug, Default)]
pub(super) struct BookBuilder {
    decoded: DecodedBook,
}

impl BookBuilder {
    pub(super) fn refuse(&mut self, place: &str, field: &'static str, reason: impl Into<String>) {
        self.decoded.refused.push(Refusal {
            place: place.to_owned(),
            field,
            reason: reason.into(),
        });
    }

    /// A firm's place in the book: a new one, or where it is named again. Its name and contract may
    /// be left out there.
    pub(super) fn firm(&mut self, place: &str, firm: &Firm<'_>) -> Option<usize> {
        let code = normalize(firm.code);
        if code.is_empty() {
            self.refuse(place, "contractor", "is empty");
            return None;
        }
        let firms = &self.decoded.book.contractors;
        if let Some(at) = firms.iter().position(|f| f.code == code) {
            return Some(at);
        }
        let Some(contract) = contract(firm.contract) else {
            let reason = format!(
                "{:?} is none of full (全面委託), seasonal (シーズン契約), hourly (単価契約)",
                firm.contract
            );
            self.refuse(place, "contract", reason);
            return None;
        };
        let name = match firm.name.trim() {
            "" => code.clone(),
            name => name.to_owned(),
        };
        self.decoded.book.contractors.push(Contractor {
            code,
            name,
            contract,
            zones: Vec::new(),
            contacts: Vec::new(),
        });
        Some(self.decoded.book.contractors.len() - 1)
    }

    /// Gives a zone to a firm; a zone has one.
    pub(super) fn zone(&mut self, place: &str, firm: usize, zone: &str) {
        let zone = zone_name(zone);
        if zone.is_empty() {
            return;
        }
        let owner = self
            .decoded
            .book
            .contractors
            .iter()
            .position(|f| f.zones.contains(&zone));
        match owner {
            None => self.decoded.book.contractors[firm].zones.push(zone),
            Some(owner) if owner == firm => {}
            Some(owner) => {
                let code = self.decoded.book.contractors[owner].code.clone();
                self.refuse(place, "zones", format!("{zone} is {code}'s already"));
            }
        }
    }

    /// Adds a person to a firm's ladder, or to the duty officers'.
    pub(super) fn person(&mut self, place: &str, firm: Option<usize>, person: &Person<'_>) {
        let name = person.name.trim();
        if name.is_empty() {
            return self.refuse(place, "name", "is empty");
        }
        let firm_code = firm.map(|at| self.decoded.book.contractors[at].code.clone());
        let peers = match firm {
            Some(at) => self.decoded.book.contractors[at].contacts.len(),
            None => self.decoded.book.officers.len(),
        };
        let key = match normalize(person.key) {
            key if !key.is_empty() => key,
            _ => format!(
                "{}-{}",
                firm_code.as_deref().unwrap_or("officer"),
                peers + 1
            ),
        };
        if self.decoded.book.contact(&key).is_some() {
            return self.refuse(place, "contact", format!("{key} stands twice"));
        }
        let phone = self.checked(place, "phone", person.phone, is_phone);
        let email = self.checked(place, "email", person.email, is_email);
        let webhook = self.checked(place, "webhook", person.webhook, is_web_address);
        if phone.is_none() && email.is_none() && webhook.is_none() {
            return self.refuse(
                place,
                "phone",
                format!("{name} can't be reached: neither phone nor email nor webhook"),
            );
        }
        let contact = Contact {
            key,
            name: name.to_owned(),
            phone,
            email,
            webhook,
        };
        match firm {
            Some(at) => self.decoded.book.contractors[at].contacts.push(contact),
            None => self.decoded.book.officers.push(contact),
        }
    }

    /// A text that is as it should be; else it is refused and the person is taken without it.
    fn checked(
        &mut self,
        place: &str,
        field: &'static str,
        text: &str,
        good: fn(&str) -> bool,
    ) -> Option<String> {
        let text = normalize(text);
        match text.as_str() {
            "" | "-" => None,
            text if good(text) => Some(text.to_owned()),
            text => {
                self.refuse(place, field, format!("{text:?} can't be one"));
                None
            }
        }
    }

    pub(super) fn finish(mut self) -> DecodedBook {
        self.decoded
            .book
            .contractors
            .sort_by(|a, b| a.code.cmp(&b.code));
        self.decoded
    }
}

fn contract(text: &str) -> Option<ContractForm> {
    let text = normalize(text);
    ContractForm::parse(&text).or_else(|| {
        let mut known = ContractForm::ALL.into_iter();
        known.find(|f| f.2 == text).map(|f| f.0)
    })
}

fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (3..=15).contains(&digits)
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || "+-() #*".contains(c))
}

fn is_email(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
        && !text.contains(char::is_whitespace)
}

fn is_web_address(text: &str) -> bool {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty()) && !text.contains(char::is_whitespace)
}
