//! A table whose header has been found, and its rows.

use super::columns::{Column, ColumnNames};
use super::records::{Cells, Record, Records};
use super::settings::TableSettings;
use crate::decoded::DecodeError;
use crate::text::normalize;
use domain::fix::Rejection;

/// How many records may stand before the header (titles, dates of issue).
const HEADER_WITHIN: usize = 20;

/// A table in a text.
#[derive(Debug)]
pub struct Table<'t> {
    header: Vec<String>,
    positions: Vec<usize>,
    records: Records<'t>,
}

impl<'t> Table<'t> {
    /// Finds the header: the first of the text's first 20 records that holds all wanted columns, with the
    /// stated delimiter or else the first of `,`, tab and `;` that gives one.
    ///
    /// # Errors
    /// When a wanted column is missing or stands twice; the message names it and the columns there are.
    pub fn open(
        text: &'t str,
        settings: &TableSettings,
        wanted: &ColumnNames,
    ) -> Result<Self, DecodeError> {
        if text.trim().is_empty() {
            return Err(DecodeError("the table is empty".to_owned()));
        }
        if settings.header == Some(false) {
            return Self::without_header(text, settings, wanted);
        }
        let mut likeliest: Option<(usize, Vec<String>)> = None;
        for delimiter in settings.delimiters() {
            let mut records = Records::new(text, delimiter);
            for _ in 0..HEADER_WITHIN {
                let Some(record) = records.next() else { break };
                let Ok(cells) = record.cells else { continue };
                let header: Vec<String> = cells.iter().map(normalize).collect();
                if wanted.is_complete_in(&header) {
                    let positions = wanted.positions(&header)?;
                    return Ok(Table {
                        header,
                        positions,
                        records,
                    });
                }
                let found = wanted.found_in(&header);
                if likeliest.as_ref().is_none_or(|(most, best)| {
                    found > *most || (found == *most && header.len() > best.len())
                }) {
                    likeliest = Some((found, header));
                }
            }
        }
        let header = likeliest.map(|(_, header)| header).unwrap_or_default();
        match wanted.positions(&header) {
            Err(error) => Err(error),
            Ok(_) => Err(DecodeError("the table has no header".to_owned())),
        }
    }

    fn without_header(
        text: &'t str,
        settings: &TableSettings,
        wanted: &ColumnNames,
    ) -> Result<Self, DecodeError> {
        let width = |delimiter: u8| {
            let first = Records::new(text, delimiter).next();
            first
                .and_then(|r| r.cells.ok())
                .map_or(0, |cells| cells.len())
        };
        let delimiters = settings.delimiters();
        // Of equally wide ones the first, so that a table of one column is read with commas.
        let mut best = delimiters.first().copied().unwrap_or(b',');
        for delimiter in delimiters {
            if width(delimiter) > width(best) {
                best = delimiter;
            }
        }
        let header: Vec<String> = (1..=width(best)).map(|n| n.to_string()).collect();
        let positions = wanted.positions(&header)?;
        Ok(Table {
            header,
            positions,
            records: Records::new(text, best),
        })
    }

    /// The header's cells in their normal form.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The rows, in order. A row that isn't as wide as the header is a rejection with its line.
    pub fn rows(self) -> Rows<'t> {
        Rows {
            width: self.header.len(),
            positions: self.positions,
            records: self.records,
        }
    }
}

/// The rows of a [`Table`].
#[derive(Debug)]
pub struct Rows<'t> {
    width: usize,
    positions: Vec<usize>,
    records: Records<'t>,
}

impl<'t> Rows<'t> {
    /// The next row; `None` after the last. (Not an iterator, since a row borrows where its columns are.)
    pub fn next_row(&mut self) -> Option<Result<Row<'_, 't>, Rejection>> {
        loop {
            let mut record = self.records.next()?;
            let cells = match &record.cells {
                Ok(cells) => cells,
                Err(reason) => return Some(Err(rejection(&record, "", (*reason).to_owned()))),
            };
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                // `,,,,` is what Excel leaves below a table.
                continue;
            }
            // Cells past the header that hold nothing are Excel's too.
            let beyond = (self.width..cells.len())
                .any(|at| cells.get(at).is_some_and(|cell| !cell.trim().is_empty()));
            if cells.len() < self.width || beyond {
                let reason = if self.records.keep_first_line(&mut record) {
                    "a quote is opened and not closed".to_owned()
                } else {
                    let found = record.cells.as_ref().map_or(0, Cells::len);
                    format!("{found} cells under a header of {}", self.width)
                };
                return Some(Err(rejection(&record, "", reason)));
            }
            return Some(Ok(Row {
                record,
                positions: &self.positions,
            }));
        }
    }
}

fn rejection(record: &Record<'_>, field: &str, reason: String) -> Rejection {
    Rejection {
        position: record.line,
        field: field.to_owned(),
        reason,
        record: record.text.to_owned(),
    }
}

/// One row, as wide as the header.
#[derive(Debug)]
pub struct Row<'r, 't> {
    record: Record<'t>,
    positions: &'r [usize],
}

impl Row<'_, '_> {
    /// 1-based line where it begins.
    pub fn line(&self) -> u64 {
        self.record.line
    }

    /// A wanted column's cell, trimmed.
    pub fn get(&self, column: Column) -> &str {
        ColumnNames::at(column, self.positions).map_or("", |at| self.cell(at))
    }

    /// A wanted column's cell, trimmed; `None` when the column is not configured or the cell is empty.
    pub fn get_optional(&self, column: Option<Column>) -> Option<&str> {
        column
            .map(|column| self.get(column))
            .filter(|cell| !cell.is_empty())
    }

    /// The cell below the header's cell of this number (from 0), trimmed.
    pub fn cell(&self, at: usize) -> &str {
        let cells: Option<&Cells> = self.record.cells.as_ref().ok();
        cells
            .and_then(|cells| cells.get(at))
            .unwrap_or_default()
            .trim()
    }

    /// The rejection of this row.
    pub fn reject(&self, field: &str, reason: impl Into<String>) -> Rejection {
        rejection(&self.record, field, reason.into())
    }
}
