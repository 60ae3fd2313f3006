//! `plow_gpx`: tracks of GPS loggers (GPX 1.0 and 1.1).

mod decode;
mod document;
mod settings;

#[cfg(test)]
mod tests;

pub use settings::PlowGpxSettings;
