//! `zone_orders`: the state of a city's 出動指令 per zone or route, as CSV, GeoJSON or KML/KMZ.

mod decode;
mod mapping;

#[cfg(test)]
mod tests;

pub use mapping::ZoneOrdersMapping;
