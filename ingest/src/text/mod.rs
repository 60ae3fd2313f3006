//! How managers write: encodings, names, numbers and times. Every format reads its texts through here.

mod civil;
mod encoding;
mod hours;
mod kilopost;
mod names;
mod number;
mod time;

#[cfg(test)]
mod tests;

pub use encoding::{Encoding, decode_text};
pub use hours::hours_of_day;
pub use kilopost::{kilopost, kilopost_range};
pub use names::{is_missing, kept_name, normalize, without_explanation, zone_name};
pub use number::{number, number_in};
pub use time::{TimeReader, YearGuess};
pub(crate) use time::{unix_seconds, unix_seconds_or_millis};
