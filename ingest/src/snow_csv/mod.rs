//! `snow_csv`: a prefecture's depth telemetry as a table. Three forms are read: a column for each quantity,
//! a row for each reading, and a column for each station.

mod decode;
mod mapping;
mod value;

#[cfg(test)]
mod tests;

pub use mapping::{SnowCsvMapping, StationEntry};
