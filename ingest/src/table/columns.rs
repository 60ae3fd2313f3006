//! Which columns a format wants, and where a table has them.

use crate::decoded::DecodeError;
use crate::text::normalize;

/// A column that was asked for; its cell is taken from a [`super::Row`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column(usize);

/// The columns that a format asks for, by configuration key and by name in the header. Names are compared
/// in their normal form (full-width and half-width are one).
#[derive(Debug, Clone, Default)]
pub struct ColumnNames {
    wanted: Vec<(String, String)>,
}

impl ColumnNames {
    /// Asks for a column; `key` is what the configuration calls it, for messages.
    pub fn add(&mut self, key: &str, name: &str) -> Column {
        self.wanted.push((key.to_owned(), normalize(name)));
        Column(self.wanted.len() - 1)
    }

    /// Asks for a column that the configuration may leave out.
    pub fn add_optional(&mut self, key: &str, name: Option<&str>) -> Option<Column> {
        name.map(|name| self.add(key, name))
    }

    /// How many of the wanted names are among these cells.
    pub(super) fn found_in(&self, header: &[String]) -> usize {
        self.wanted
            .iter()
            .filter(|(_, name)| header.contains(name))
            .count()
    }

    pub(super) fn is_complete_in(&self, header: &[String]) -> bool {
        self.found_in(header) == self.wanted.len()
    }

    /// Position of each wanted column.
    pub(super) fn positions(&self, header: &[String]) -> Result<Vec<usize>, DecodeError> {
        self.wanted
            .iter()
            .map(|(key, name)| position(key, name, header))
            .collect()
    }

    pub(super) fn at(column: Column, positions: &[usize]) -> Option<usize> {
        positions.get(column.0).copied()
    }
}

fn position(key: &str, name: &str, header: &[String]) -> Result<usize, DecodeError> {
    let mut found = header.iter().enumerate().filter(|(_, cell)| *cell == name);
    match (found.next(), found.next()) {
        (Some((at, _)), None) => Ok(at),
        (Some(_), Some(_)) => Err(DecodeError(format!(
            "{key}: there are several columns {name:?}; which one is meant?"
        ))),
        (None, _) => {
            let columns: Vec<&str> = header
                .iter()
                .map(String::as_str)
                .filter(|c| !c.is_empty())
                .collect();
            Err(DecodeError(format!(
                "{key}: there is no column {name:?}; the columns are {}",
                columns.join(", ")
            )))
        }
    }
}
