//! The ways on which messages go: webhook, e-mail, Web Push, and a telephony provider's webhook.
//!
//! A notifier tries once; when to try again, and that a message goes out at all, is the outbox's
//! matter. Every message carries a key that is the same at each attempt, by which a receiver sees
//! that it had it before. E-mail has no such receiver: it is *at least once*, and two equal mails
//! after a cut connection are possible; they have the same `Message-ID`.

mod email;
mod heartbeat;
mod http;
mod voice;
mod web_push;
mod webhook;

pub use email::{EmailNotifier, EmailSettings, Security};
pub use heartbeat::Heartbeat;
pub use voice::VoiceNotifier;
pub use web_push::{VapidKey, WebPushNotifier, subscription_key};
pub use webhook::{Secret, WebhookNotifier};

use jiff::Timestamp;
use serde_json::Value;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// Longest time for one attempt.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// A message on its way to one address.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The same at every attempt.
    pub key: String,
    /// The time of the attempt, by the machine's clock.
    pub at: Timestamp,
    /// Where it goes.
    pub to: Address,
    /// One line.
    pub title: String,
    /// All of it, as a person reads it.
    pub text: String,
    /// The one-time link to the call-out page, where it has one.
    pub link: Option<String>,
    /// What it is, as `dispatch.request`.
    pub kind: String,
    /// What machines read.
    pub data: Value,
}

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A webhook's URL.
    Webhook(String),
    /// An e-mail address.
    Email(String),
    /// A browser's push subscription (RFC 8030, RFC 8291).
    Push {
        /// Its push service.
        endpoint: String,
        /// Its public key: an uncompressed point on P-256.
        p256dh: Vec<u8>,
        /// Its secret of 16 bytes.
        auth: Vec<u8>,
    },
    /// A telephone number.
    Phone(String),
}

/// Why an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It may go at another time.
    #[error("{0}")]
    Passing(String),
    /// It never will.
    #[error("{0}")]
    Lasting(String),
    /// The address is no more: a push subscription that has ended.
    #[error("{0}")]
    Gone(String),
}

/// An attempt under way; answers with what the receiver said.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<String, SendError>> + Send + 'a>>;

/// A way on which messages go.
pub trait Notifier: Send + Sync {
    /// Tries once, for no longer than [`TIMEOUT`].
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a>;
}

/// Why a notifier can't be made.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// A secret that is none.
    #[error("{what}: {reason}")]
    Secret {
        /// Which.
        what: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The mail server or sender can't be.
    #[error("e-mail: {0}")]
    Email(String),
    /// No TLS configuration can be set up.
    #[error("HTTP client: {0}")]
    Http(String),
}

fn other_way(way: &str) -> SendError {
    SendError::Lasting(format!("not an address of {way}"))
}
