//! TRANSLATES: transports and formats. Bytes become domain values and rejections.
//!
//! This crate must never know SQL, the network or status. A format is a folder with its wire types
//! and its decoder; a bad record becomes a [`domain::fix::Rejection`] and the rest goes on.

mod decoded;
pub mod fixes_csv;
pub mod formats;
pub mod http;
pub mod kiloposts;
pub mod mapping;
pub mod plow_json;
pub mod roads;
pub mod table;
pub mod text;
pub mod work_words;

pub use decoded::{DecodeError, Decoded};
