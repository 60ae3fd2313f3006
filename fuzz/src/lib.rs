//! What the fuzz targets share: each gives bytes to one decoder under the conformance suite's keys, and
//! looks at what comes out.

use domain::fix::disbelieve_time;
use ingest::formats::{Decoder, FeedFormat, MAX_PAYLOAD_BYTES, decode_within};
use jiff::Timestamp;
use std::sync::Arc;

pub use libfuzzer_sys;

/// The decoder of a format under these keys (TOML).
///
/// # Panics
/// When the keys are not the format's.
pub fn decoder(format: &str, keys: &str) -> Arc<dyn Decoder> {
    let format = FeedFormat::parse(format).expect("a format");
    let keys = toml::Deserializer::parse(keys).expect("keys are TOML");
    format.section(keys).expect("keys are the format's")
}

/// Decodes the bytes.
///
/// # Panics
/// When what comes out can't be: that is a find.
pub fn run(decoder: &dyn Decoder, bytes: &[u8]) {
    // 2026-01-15T06:00+09:00, the conformance suite's clock.
    let now = Timestamp::from_second(1_768_424_400).expect("a time");
    let Ok(decoded) = decode_within(decoder, MAX_PAYLOAD_BYTES, bytes, now) else {
        return;
    };
    for fix in &decoded.fixes {
        assert!(fix.at.is_valid(), "{fix:?}");
        assert_eq!(disbelieve_time(fix.observed_at, now), None, "{fix:?}");
        assert!(!fix.vehicle_id.contains('\0'), "{fix:?}");
    }
    for observation in &decoded.observations {
        assert_eq!(
            disbelieve_time(observation.observed_at, now),
            None,
            "{observation:?}"
        );
        let missing = observation.flag == domain::observation::QualityFlag::Missing;
        assert_eq!(observation.value.is_none(), missing, "{observation:?}");
        assert!(
            observation.value.is_none_or(f64::is_finite),
            "{observation:?}"
        );
    }
    for order in &decoded.orders {
        assert!(
            !order.zone.is_empty() && !order.zone.contains('\0'),
            "{order:?}"
        );
        assert_eq!(disbelieve_time(order.as_of, now), None, "{order:?}");
    }
    for plan in &decoded.plans {
        assert!(
            plan.from < plan.until && !plan.id.contains('\0'),
            "{plan:?}"
        );
    }
    for forecast in &decoded.snow_forecasts {
        assert!(
            forecast.from < forecast.until && forecast.new_snow_cm >= 0.0,
            "{forecast:?}"
        );
    }
    for closure in &decoded.closures {
        assert!(
            closure.until.is_none_or(|until| closure.since < until),
            "{closure:?}"
        );
    }
    for rejection in &decoded.rejections {
        assert!(!rejection.reason.is_empty(), "{rejection:?}");
    }
}

/// A fuzz target for a format: `decoder!("plow_csv");`, or with keys of another name:
/// `decoder!("zone_orders", "zone_orders_kml");`.
#[macro_export]
macro_rules! decoder {
    ($format:literal) => {
        $crate::decoder!($format, $format);
    };
    ($format:literal, $keys:literal) => {
        static DECODER: std::sync::LazyLock<std::sync::Arc<dyn ingest::formats::Decoder>> =
            std::sync::LazyLock::new(|| {
                $crate::decoder(
                    $format,
                    include_str!(concat!(
                        "../../ingest/tests/conformance/keys/",
                        $keys,
                        ".toml"
                    )),
                )
            });
        $crate::libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
            $crate::run(DECODER.as_ref(), bytes);
        });
    };
}
