//! `plans`: 除雪・排雪予定, clearing or hauling announced for a stretch and a window, as CSV, GeoJSON or KML.

mod decode;
mod mapping;

#[cfg(test)]
mod tests;

pub use mapping::PlansMapping;
