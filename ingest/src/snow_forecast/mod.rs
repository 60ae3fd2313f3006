//! `snow_forecast`: snowfall that a weather service foresees, by place or mesh cell, as CSV, GeoJSON or
//! JSON.

mod decode;
mod mapping;

#[cfg(test)]
mod tests;

pub use mapping::{ForecastPlace, SnowForecastMapping};
