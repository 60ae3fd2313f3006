//! From other reference systems to WGS84.

use crate::decoded::DecodeError;
use domain::geometry::LonLat;
use proj4rs::proj::Proj;
use proj4rs::transform::transform;
use serde::Deserialize;

const WGS84: &str = "+proj=longlat +datum=WGS84 +no_defs";
/// Bessel 1841 and the three parameters of 国土地理院 for 日本測地系 → ITRF94.
const TOKYO: &str = "+proj=longlat +ellps=bessel +towgs84=-146.414,507.337,680.507 +no_defs";
/// EPSG:3067. ETRS89 differs from WGS84 by less than a metre.
const TM35FIN: &str = "+proj=utm +zone=35 +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs";

/// Reference system of degrees in a feed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// WGS84, as GPS receivers give.
    #[default]
    Wgs84,
    /// 世界測地系 (JGD2000, JGD2011): WGS84 as far as a plow can tell.
    #[serde(alias = "jgd2000")]
    Jgd2011,
    /// 日本測地系, in use until 2002 and in old car navigation: about 450 m off.
    Tokyo,
}

impl Datum {
    /// What takes its degrees to WGS84; `None` where they are WGS84 already.
    ///
    /// # Errors
    /// When the transformation can't be set up.
    pub fn to_wgs84(self) -> Result<Option<ToWgs84>, DecodeError> {
        match self {
            Datum::Wgs84 | Datum::Jgd2011 => Ok(None),
            Datum::Tokyo => ToWgs84::new(TOKYO, true).map(Some),
        }
    }

    /// What a person should know of its accuracy.
    pub fn note(self) -> Option<&'static str> {
        match self {
            Datum::Wgs84 | Datum::Jgd2011 => None,
            Datum::Tokyo => Some(
                "positions are Tokyo Datum, shifted to WGS84 with three parameters: right to about \
                 10 m, since the old network's own distortions (worst in Hokkaido and Kyushu) stay in",
            ),
        }
    }
}

/// A transformation to WGS84.
#[derive(Debug)]
pub struct ToWgs84 {
    from: Proj,
    to: Proj,
    from_degrees: bool,
}

impl ToWgs84 {
    fn new(from: &str, from_degrees: bool) -> Result<Self, DecodeError> {
        let proj = |text| {
            Proj::from_proj_string(text).map_err(|e| DecodeError(format!("projection: {e}")))
        };
        Ok(ToWgs84 {
            from: proj(from)?,
            to: proj(WGS84)?,
            from_degrees,
        })
    }

    /// From ETRS-TM35FIN (EPSG:3067), metres east and north.
    ///
    /// # Errors
    /// When the transformation can't be set up.
    pub fn from_tm35fin() -> Result<Self, DecodeError> {
        Self::new(TM35FIN, false)
    }

    /// The WGS84 position of `x` (longitude or metres east) and `y`.
    ///
    /// # Errors
    /// The reason, where it lies outside what the system can say.
    pub fn position(&self, x: f64, y: f64) -> Result<LonLat, String> {
        let outside = || format!("{x}, {y} lies outside the reference system's area");
        let mut point = if self.from_degrees {
            if !(x.abs() <= 180.0 && y.abs() <= 90.0) {
                return Err(outside());
            }
            (x.to_radians(), y.to_radians(), 0.0)
        } else {
            // Far outside a zone the series of a transverse Mercator means nothing.
            if !(x.abs() <= 2e6 && (0.0..=1e7).contains(&y)) {
                return Err(outside());
            }
            (x, y, 0.0)
        };
        transform(&self.from, &self.to, &mut point).map_err(|e| e.to_string())?;
        let at = LonLat::new(point.0.to_degrees(), point.1.to_degrees());
        if at.is_valid() {
            Ok(at)
        } else {
            Err(outside())
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn japans_datum_origin_moves_as_the_survey_says() {
        // 日本経緯度原点, in Tokyo Datum and in JGD2000 (測量法施行令 before and after 2002).
        let to_wgs84 = Datum::Tokyo.to_wgs84().unwrap().unwrap();
        let (old, new) = (
            (
                139.0 + 44.0 / 60.0 + 40.5020 / 3600.0,
                35.0 + 39.0 / 60.0 + 17.5148 / 3600.0,
            ),
            (
                139.0 + 44.0 / 60.0 + 28.8759 / 3600.0,
                35.0 + 39.0 / 60.0 + 29.1572 / 3600.0,
            ),
        );
        let at = to_wgs84.position(old.0, old.1).unwrap();
        let off_m = at.geodesic_m(LonLat::new(new.0, new.1));
        assert!(off_m < 2.0, "{off_m} m");
    }

    #[test]
    fn finnish_metres_become_degrees() {
        let to_wgs84 = ToWgs84::from_tm35fin().unwrap();
        // The zone's central meridian, and the equator's false easting.
        let at = to_wgs84.position(500_000.0, 7_000_000.0).unwrap();
        assert!((at.lon - 27.0).abs() < 1e-9, "{at:?}");
        assert!((at.lat - 63.13).abs() < 0.01, "{at:?}");
        for (x, y) in [
            (f64::NAN, 7e6),
            (5e5, f64::INFINITY),
            (1e9, 7e6),
            (5e5, -1e7),
        ] {
            assert!(to_wgs84.position(x, y).is_err());
        }
    }
}
