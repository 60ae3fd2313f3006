//! `closures`: 通行規制 and 冬期閉鎖, as CSV, GeoJSON or KML.

mod decode;
mod mapping;

#[cfg(test)]
mod tests;

pub use mapping::ClosuresMapping;
