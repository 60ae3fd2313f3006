//! TELLS: who is told, when, how; the life of a call-out (出動要請).
//!
//! This crate must never know SQL, feeds or tiles. What it decides is a pure function of its input
//! (`now` is an argument); what it sends goes through notifiers.

pub mod driver_message;
pub mod ledger;
pub mod life;
pub mod message;
pub mod notify;
