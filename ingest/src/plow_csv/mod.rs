//! `plow_csv`: GPS logs as tables, whatever their columns are called.

mod decode;
mod mapping;

#[cfg(test)]
mod tests;

pub use mapping::PlowCsvMapping;
