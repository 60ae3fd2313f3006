//! Tables in text (CSV, TSV): the header is found, columns are asked for by name, and a damaged row costs
//! that row alone.

mod columns;
mod records;
mod rows;
mod settings;

#[cfg(test)]
mod tests;

pub use columns::{Column, ColumnNames};
pub use rows::{Row, Rows, Table};
pub use settings::TableSettings;
