//! Whom there is to tell for a road manager, and on which ways.

use dispatch::life::{Dispatch, Roster, Rung, RungKind, Tell};
use domain::contractor::{Contact, ContactBook};
use std::collections::HashMap;
use store::{NewMessage, Store};

/// A road manager's contacts with their ways.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// Firms and officers.
    pub contacts: ContactBook,
    /// Numbers of the push subscriptions of each contact.
    subscriptions: HashMap<String, Vec<i64>>,
}

impl Book {
    /// Reads it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn load(store: &Store, manager_code: &str) -> anyhow::Result<Self> {
        let mut subscriptions: HashMap<String, Vec<i64>> = HashMap::new();
        for subscription in store.push_subscriptions(manager_code).await? {
            let of_contact = subscriptions.entry(subscription.contact).or_default();
            of_contact.push(subscription.id);
        }
        Ok(Book {
            contacts: store.contact_book(manager_code).await?,
            subscriptions,
        })
    }

    /// Whom there is to call for a call-out; `voice` says whether a telephony provider takes calls.
    pub fn roster(&self, dispatch: &Dispatch, voice: bool) -> Roster {
        let ordered = dispatch.firms.iter().map(|order| &order.contractor);
        let codes = dispatch.contractor.iter().chain(ordered);
        let rungs = |contacts: &[Contact], kind| -> Vec<Rung> {
            contacts
                .iter()
                .map(|contact| self.rung(contact, kind, voice))
                .collect()
        };
        Roster {
            firms: codes
                .filter_map(|code| self.contacts.firm(code))
                .map(|firm| (firm.code.clone(), rungs(&firm.contacts, RungKind::Firm)))
                .collect(),
            officers: rungs(&self.contacts.officers, RungKind::Officer),
            voice,
        }
    }

    /// Who has no way but the telephone is telephoned, by a provider or by hand.
    fn rung(&self, contact: &Contact, kind: RungKind, voice: bool) -> Rung {
        let kind = match (
            self.ways(contact).is_empty(),
            voice && contact.phone.is_some(),
        ) {
            (false, _) => kind,
            (true, true) => RungKind::Voice,
            (true, false) => RungKind::CallList,
        };
        Rung {
            contact: contact.key.clone(),
            kind,
        }
    }

    fn ways(&self, contact: &Contact) -> Vec<(&'static str, i64)> {
        let mut ways = Vec::new();
        if contact.webhook.is_some() {
            ways.push(("webhook", 0));
        }
        if contact.email.is_some() {
            ways.push(("email", 0));
        }
        let subscriptions = self.subscriptions.get(&contact.key);
        ways.extend(
            subscriptions
                .into_iter()
                .flatten()
                .map(|id| ("web_push", *id)),
        );
        ways
    }

    /// The rows of the outbox that a message becomes: one for each way of each contact.
    ///
    /// # Errors
    /// Never, for what the machine tells.
    pub fn messages(&self, tell: &Tell) -> anyhow::Result<Vec<NewMessage>> {
        let contacts: Vec<&Contact> = match tell.kind {
            RungKind::Officers => self.contacts.officers.iter().collect(),
            _ => self
                .contacts
                .contact(&tell.contact)
                .map(|(contact, _)| contact)
                .into_iter()
                .collect(),
        };
        let said = serde_json::to_value(tell)?;
        Ok(contacts
            .into_iter()
            .flat_map(|contact| {
                let ways = match tell.kind {
                    RungKind::Voice => vec![("voice", 0)],
                    _ => self.ways(contact),
                };
                ways.into_iter().map(|way| (contact.key.clone(), way))
            })
            .map(|(contact, (way, address_no))| NewMessage {
                number: tell.number,
                contact,
                way,
                address_no,
                tell: said.clone(),
            })
            .collect())
    }
}
