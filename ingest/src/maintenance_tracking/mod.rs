//! `maintenance_tracking`: Digitraffic's public GeoJSON of winter maintenance (road-traffic API v1).

mod decode;
mod settings;
mod wire;

#[cfg(test)]
mod tests;

pub use settings::MaintenanceTrackingSettings;
