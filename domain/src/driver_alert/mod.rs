//! What a driver who asked for it is told before departure: always something, since silence would be
//! taken for an open road.

mod language;
mod schedule;
mod summary;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

pub use language::Language;
pub use schedule::{QuietHours, Schedule};
pub use summary::{Finding, Summary, of_area, of_way};
