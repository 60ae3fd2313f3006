//! The registry of formats: the one place where a name in the configuration becomes a decoder.
//!
//! A new format is a folder with a type for its keys that implements [`Decoder`], and one line in the
//! table below. Its name is the configuration's `format` and the name of its section.

use crate::amedas::AmedasSettings;
use crate::closures::ClosuresMapping;
use crate::decoded::{DecodeError, Decoded};
use crate::harja::HarjaSettings;
use crate::maintenance_tracking::MaintenanceTrackingSettings;
use crate::mapping::MappingError;
use crate::payload::{Companions, PayloadFile, decode_files};
use crate::plans::PlansMapping;
use crate::plow_csv::PlowCsvMapping;
use crate::plow_gpx::PlowGpxSettings;
use crate::plow_json::PlowJsonMapping;
use crate::push_json::PushJson;
use crate::snow_csv::SnowCsvMapping;
use crate::snow_forecast::SnowForecastMapping;
use crate::work_log_csv::WorkLogCsvMapping;
use crate::zone_orders::ZoneOrdersMapping;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use std::fmt::Debug;
use std::sync::Arc;

/// Largest payload that is decoded where a feed states no limit of its own, in bytes.
pub const MAX_PAYLOAD_BYTES: usize = 32 * 1024 * 1024;

/// A format with the keys of one feed. A pure function of payload and time; kept apart from transports,
/// so that a kept payload can be decoded again.
pub trait Decoder: Debug + Send + Sync {
    /// Checks the keys without any data.
    ///
    /// # Errors
    /// The first key that can't work.
    fn check(&self) -> Result<(), MappingError>;

    /// Decodes a whole payload. A bad record becomes a rejection, and the rest goes on.
    ///
    /// # Errors
    /// [`DecodeError`] when the payload as a whole can't be read.
    fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError>;

    /// Decodes one file of a payload. Formats that need more than its bytes, as its name or its
    /// companions, take them here.
    ///
    /// # Errors
    /// As [`Decoder::decode`].
    fn decode_file(
        &self,
        file: &PayloadFile<'_>,
        _companions: &Companions,
        now: Timestamp,
    ) -> Result<Decoded, DecodeError> {
        self.decode(&file.bytes, now)
    }
}

/// Decodes a payload, archives and bundles included, unless it or one of its files is larger than
/// `limit_bytes`.
///
/// # Errors
/// [`DecodeError`] for a payload that is too large or can't be read as a whole.
pub fn decode_within(
    decoder: &dyn Decoder,
    limit_bytes: usize,
    payload: &[u8],
    now: Timestamp,
) -> Result<Decoded, DecodeError> {
    decode_files(payload, limit_bytes, |file, companions| {
        decoder.decode_file(file, companions, now)
    })
}

macro_rules! formats {
    ($($(#[$doc:meta])* $format:ident = $name:literal, $keys:ty, $section:ident;)*) => {
        /// Formats that feeds may come in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
        pub enum FeedFormat {
            $($(#[$doc])* #[serde(rename = $name)] $format,)*
        }

        impl FeedFormat {
            /// All of them.
            pub const ALL: &[FeedFormat] = &[$(FeedFormat::$format),*];

            /// Its name in the configuration.
            pub fn as_str(self) -> &'static str {
                match self { $(FeedFormat::$format => $name,)* }
            }

            /// Reads its section of the configuration.
            ///
            /// # Errors
            /// Of the deserializer, with its place in the file.
            pub fn section<'de, D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Arc<dyn Decoder>, D::Error> {
                match self {
                    $(FeedFormat::$format => {
                        Ok(Arc::new(<$keys>::deserialize(deserializer)?))
                    })*
                }
            }

            /// Its decoder where the configuration has no section for it; `None` when it needs one.
            pub fn without_section(self) -> Option<Arc<dyn Decoder>> {
                match self { $(FeedFormat::$format => without_section!($keys, $section),)* }
            }
        }
    };
}

macro_rules! without_section {
    ($keys:ty, required) => {
        None
    };
    ($keys:ty, optional) => {
        Some(Arc::new(<$keys>::default()))
    };
}

// Variant, name, type of its keys, and whether its section may be left out (`optional`: the keys have a
// default).
formats! {
    /// Any JSON position feed, mapped by JSON pointers.
    PlowJson = "plow_json", PlowJsonMapping, required;
    /// Fixes and readings that a manager pushes.
    PushJson = "push_json", PushJson, optional;
    /// GPS logs as tables.
    PlowCsv = "plow_csv", PlowCsvMapping, required;
    /// Tracks of GPS loggers.
    PlowGpx = "plow_gpx", PlowGpxSettings, optional;
    /// Digitraffic's public GeoJSON.
    MaintenanceTracking = "maintenance_tracking", MaintenanceTrackingSettings, optional;
    /// Messages of Finnish contractors.
    Harja = "harja", HarjaSettings, optional;
    /// 作業日報 as tables.
    WorkLogCsv = "work_log_csv", WorkLogCsvMapping, required;
    /// JMA's AMeDAS map files.
    Amedas = "amedas", AmedasSettings, optional;
    /// Depth telemetry as tables.
    SnowCsv = "snow_csv", SnowCsvMapping, required;
    /// Forecasts of snowfall.
    SnowForecast = "snow_forecast", SnowForecastMapping, required;
    /// 出動指令 of zones and routes.
    ZoneOrders = "zone_orders", ZoneOrdersMapping, required;
    /// 除排雪予定.
    Plans = "plans", PlansMapping, required;
    /// 通行規制 and 冬期閉鎖.
    Closures = "closures", ClosuresMapping, required;
}

impl FeedFormat {
    /// Reads a name of the configuration.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.as_str() == name)
    }

    /// Whether its payloads tell where plows are.
    pub fn tells_positions(self) -> bool {
        match self {
            FeedFormat::PlowJson
            | FeedFormat::PushJson
            | FeedFormat::PlowCsv
            | FeedFormat::PlowGpx
            | FeedFormat::MaintenanceTracking
            | FeedFormat::Harja => true,
            FeedFormat::WorkLogCsv
            | FeedFormat::Amedas
            | FeedFormat::SnowCsv
            | FeedFormat::SnowForecast
            | FeedFormat::ZoneOrders
            | FeedFormat::Plans
            | FeedFormat::Closures => false,
        }
    }
}
