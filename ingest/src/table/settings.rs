//! How a feed's table is written.

use crate::mapping::MappingError;
use crate::text::Encoding;
use serde::Deserialize;

/// The section `table` of a format's section, as in `[feed.plow_csv.table]`. All keys are optional.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TableSettings {
    /// `utf-8` or `cp932`; found out where it is left out.
    pub encoding: Option<Encoding>,
    /// One ASCII character between cells; found out (`,`, tab, `;`) where it is left out.
    pub delimiter: Option<char>,
    /// `false`: there is no header, and columns are named by their numbers from `"1"`.
    pub header: Option<bool>,
}

impl TableSettings {
    /// Checks the settings without any data.
    ///
    /// # Errors
    /// A delimiter that can't be one.
    pub fn check(&self) -> Result<(), MappingError> {
        match self.delimiter {
            Some(c) if !c.is_ascii() || matches!(c, '"' | '\n' | '\r') => Err(MappingError::new(
                "table.delimiter",
                format!("{c:?} can't be told from a cell; one ASCII character is needed"),
            )),
            _ => Ok(()),
        }
    }

    /// Delimiters to try, the likeliest first.
    pub(super) fn delimiters(&self) -> Vec<u8> {
        match self.delimiter {
            Some(c) => vec![c as u8],
            None => vec![b',', b'\t', b';'],
        }
    }
}
