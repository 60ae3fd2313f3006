//! A road manager's book of firms, zones and people to call, as `yukimichi contractors import` reads
//! it: TOML, or CSV with a row for each person.
//!
//! The words are those of `docs/dispatch.md`. What is wrong is refused with its place; the rest of
//! the book is taken.

mod book;
mod csv;
mod toml;

#[cfg(test)]
mod tests;

use crate::decoded::DecodeError;
use domain::contractor::ContactBook;

/// What a book's file holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DecodedBook {
    /// The good part of it.
    pub book: ContactBook,
    /// What was not taken: where, which field, why.
    pub refused: Vec<Refusal>,
}

/// Something that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The line, or the firm and person.
    pub place: String,
    /// The field.
    pub field: &'static str,
    /// Why.
    pub reason: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}: {}", self.place, self.field, self.reason)
    }
}

/// Reads a book; a name that ends in `.toml` is TOML, all else CSV.
///
/// # Errors
/// When it is neither, with the line where that is known.
pub fn decode_book(name: &str, bytes: &[u8]) -> Result<DecodedBook, DecodeError> {
    match name.to_ascii_lowercase().ends_with(".toml") {
        true => toml::decode(bytes),
        false => csv::decode(bytes),
    }
}
