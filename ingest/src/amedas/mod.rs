//! `amedas`: JMA's map files of AMeDAS, all stations of the country at one time.
//!
//! A file holds `{station: {element: [value, flag]}}`; its time is in its name, and the stations are
//! described in a table of their own, the companion `stations`. Flags are those of JMA's 気象観測統計指針.

mod decode;
mod element;
mod settings;
mod station_table;

#[cfg(test)]
mod tests;

pub use decode::map_time;
pub use settings::AmedasSettings;
