//! `work_log_csv`: 作業日報 as a table, without positions.

mod decode;
mod mapping;

#[cfg(test)]
mod tests;

pub use mapping::WorkLogCsvMapping;
