//! `harja`: messages as Finnish contractors send them (EPSG:3067, tasks per observation).

mod decode;
mod settings;
mod wire;

#[cfg(test)]
mod tests;

pub use settings::HarjaSettings;
