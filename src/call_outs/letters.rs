//! From a row of the outbox to what is sent: the words, the address, the one-time link.

use super::{Book, alive};
use crate::api_key::new_key;
use anyhow::Context;
use dispatch::life::Tell;
use dispatch::message::{Names, text_of, wants_link};
use dispatch::notify::{Address, Message};
use domain::geometry::LonLat;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{CallLink, DispatchRecord, OutboxLease, PushSubscription, Store};

/// A one-time link holds so long; a call-out that runs for days sends new ones.
const LINK_HOLDS: SignedDuration = SignedDuration::from_hours(48);

/// What letters of one road manager need.
pub struct Letters {
    /// Whom there is to tell.
    pub book: Book,
    /// The manager's name.
    pub manager: String,
    /// Where browsers are pushed to.
    pub subscriptions: Vec<PushSubscription>,
    /// Address of the web server for people.
    pub public_url: Option<String>,
}

/// Why a row is not sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Unsent {
    /// It was answered, or is over.
    NotWanted(&'static str),
    /// There is no such address any more.
    NoAddress,
}

impl Letters {
    /// Reads what is needed for a manager.
    ///
    /// # Errors
    /// Database errors.
    pub async fn load(
        store: &Store,
        manager_code: &str,
        public_url: Option<&str>,
    ) -> anyhow::Result<Self> {
        let managers = store.road_managers().await?;
        let manager = managers.into_iter().find(|m| m.code == manager_code);
        Ok(Letters {
            book: Book::load(store, manager_code).await?,
            manager: manager.map_or_else(|| manager_code.to_owned(), |m| m.name.ja),
            subscriptions: store.push_subscriptions(manager_code).await?,
            public_url: public_url.map(|url| url.trim_end_matches('/').to_owned()),
        })
    }

    /// What is sent for a row; `sent_at` is the machine's own time. The link's hash is kept before
    /// the link goes out.
    ///
    /// # Errors
    /// Database errors; within, why it is not to be sent.
    pub async fn letter(
        &self,
        store: &Store,
        record: &DispatchRecord,
        lease: &OutboxLease,
        centre: Option<LonLat>,
        now: Timestamp,
        sent_at: Timestamp,
    ) -> anyhow::Result<Result<Message, Unsent>> {
        let dispatch = alive(record)?;
        let tell: Tell = serde_json::from_value(lease.tell.clone()).context("outbox")?;
        if !dispatch.still_wants(&tell) {
            return Ok(Err(Unsent::NotWanted(
                "answered or over before it was sent",
            )));
        }
        let Some((contact, _)) = self.book.contacts.contact(&lease.contact) else {
            return Ok(Err(Unsent::NoAddress));
        };
        let address = match lease.way.as_str() {
            "webhook" => contact.webhook.clone().map(Address::Webhook),
            "email" => contact.email.clone().map(Address::Email),
            "voice" => contact.phone.clone().map(Address::Phone),
            _ => self.push_address(lease.address_no),
        };
        let Some(to) = address else {
            return Ok(Err(Unsent::NoAddress));
        };
        let link = match &self.public_url {
            Some(url) if wants_link(&tell) => Some(self.link(store, url, lease, now).await?),
            _ => None,
        };
        let firm = dispatch.contractor.as_deref();
        let firm = firm.and_then(|code| self.book.contacts.firm(code));
        let names = Names {
            manager: self.manager.clone(),
            zone: record.zone.clone(),
            firm: firm.map(|firm| firm.name.clone()),
            contact: contact.name.clone(),
            map: self
                .public_url
                .as_ref()
                .zip(centre)
                .map(|(url, at)| format!("{url}/#14/{:.5}/{:.5}", at.lat, at.lon)),
            link: link.clone(),
        };
        let text = text_of(&dispatch, &tell, &names);
        Ok(Ok(Message {
            key: lease.idempotency_key.clone(),
            at: sent_at,
            to,
            title: text.title,
            text: text.body,
            link,
            kind: format!(
                "dispatch.{}",
                serde_json::to_value(tell.what)?.as_str().unwrap_or("")
            ),
            data: json!({
                "dispatch": record.id,
                "manager": record.manager_code,
                "zone": record.zone,
                "rule": record.rule,
                "round": record.round,
                "drill": record.drill,
                "state": dispatch.state(),
                "reason": dispatch.reason,
                "raised_at": dispatch.raised_at,
                "deadline": dispatch.deadline,
                "number": tell.number,
            }),
        }))
    }

    fn push_address(&self, id: i64) -> Option<Address> {
        let subscription = self.subscriptions.iter().find(|s| s.id == id)?;
        Some(Address::Push {
            endpoint: subscription.endpoint.clone(),
            p256dh: subscription.p256dh.clone(),
            auth: subscription.auth.clone(),
        })
    }

    async fn link(
        &self,
        store: &Store,
        url: &str,
        lease: &OutboxLease,
        now: Timestamp,
    ) -> anyhow::Result<String> {
        let token = new_key();
        let link = CallLink {
            manager_code: lease.manager_code.clone(),
            dispatch_id: lease.dispatch_id,
            contact: lease.contact.clone(),
        };
        let expires = now.saturating_add(LINK_HOLDS)?;
        store.keep_call_link(&token, &link, now, expires).await?;
        Ok(format!("{url}/call/{token}"))
    }
}
