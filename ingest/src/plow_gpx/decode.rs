//! From tracks to fixes.

use super::document::{Document, Point, read};
use super::settings::PlowGpxSettings;
use crate::decoded::{DecodeError, Decoded};
use crate::mapping::zone_of;
use crate::position::position;
use crate::text::{TimeReader, YearGuess, decode_text, kept_name, number};
use crate::vehicle_words::VehicleWords;
use crate::work_words::WorkWords;
use domain::fix::{PlowFix, Rejection, disbelieve_time};
use jiff::Timestamp;

pub(super) fn decode(
    payload: &[u8],
    settings: &PlowGpxSettings,
    now: Timestamp,
) -> Result<Decoded, DecodeError> {
    let text = decode_text(payload, None)?;
    let document = read(&text)?;
    let words = WorkWords::new(&settings.work_values, settings.unflagged.as_deref());
    let vehicles = VehicleWords::new(&settings.vehicle_types);
    let zone = zone_of(Some(settings.time_zone.as_deref().unwrap_or("UTC")));
    let reading = Reading {
        settings,
        document: &document,
        words: words.map_err(|e| DecodeError(e.to_string()))?,
        vehicles: vehicles.map_err(|e| DecodeError(e.to_string()))?,
        times: TimeReader::new(None, zone.map_err(|e| DecodeError(e.to_string()))?),
    };
    let mut decoded = Decoded::default();
    for point in &document.points {
        match reading.fix(point, now) {
            Ok(fix) => decoded.take_fix(point.line, fix, || point.record.clone()),
            Err((field, reason)) => decoded.rejections.push(Rejection {
                position: point.line,
                field: field.to_owned(),
                reason,
                record: point.record.clone(),
            }),
        }
    }
    if let Some((line, reason)) = &document.broken {
        decoded.rejections.push(Rejection {
            position: *line,
            field: String::new(),
            reason: format!(
                "the document breaks off here, and nothing after it was read: {reason}"
            ),
            record: String::new(),
        });
    }
    if document.others > 0 {
        decoded.notes.push(format!(
            "{} waypoints or route points were left out: only tracks say where a vehicle was",
            document.others
        ));
    }
    Ok(decoded)
}

type Bad = (&'static str, String);

struct Reading<'d> {
    settings: &'d PlowGpxSettings,
    document: &'d Document,
    words: WorkWords,
    vehicles: VehicleWords,
    times: TimeReader,
}

impl Reading<'_> {
    fn fix(&self, point: &Point, now: Timestamp) -> Result<PlowFix, Bad> {
        let own = |name: &str| point.fields.get(name).map(String::as_str);
        let of_track = |name: &str| {
            self.document
                .tracks
                .get(point.track)
                .and_then(|t| t.get(name))
                .map(String::as_str)
        };
        let vehicle_id = match self
            .settings
            .vehicle
            .as_deref()
            .or_else(|| of_track("name"))
        {
            Some(name) => kept_name(name).map_err(|reason| ("name", reason))?,
            None => {
                let reason = "the track has no name, and the configuration names no vehicle";
                return Err(("name", reason.to_owned()));
            }
        };
        let degrees = |field: &'static str| {
            own(field)
                .ok_or_else(|| (field, "is missing".to_owned()))
                .and_then(|text| match number(text) {
                    Ok(Some(n)) => Ok(n),
                    Ok(None) => Err((field, "is missing".to_owned())),
                    Err(reason) => Err((field, reason)),
                })
        };
        let at = position(degrees("lon")?, degrees("lat")?)?;
        let observed_at = self
            .times
            .read(own("time").unwrap_or_default(), YearGuess::Past, now)
            .map_err(|reason| ("time", reason))?;
        if let Some(reason) = disbelieve_time(observed_at, now) {
            return Err(("time", reason));
        }
        let optional = |field: &'static str| {
            own(field)
                .map_or(Ok(None), number)
                .map_err(|reason| (field, reason))
        };
        let named = |element: &Option<String>| {
            let name = element.as_deref()?;
            own(name).or_else(|| of_track(name))
        };
        let told = self.words.read(named(&self.settings.work));
        let told = told.map_err(|reason| ("work", reason))?;
        Ok(PlowFix {
            vehicle_id: vehicle_id.to_owned(),
            observed_at,
            at,
            heading_deg: optional("course")?,
            speed_kmh: optional("speed")?.map(|m_per_s| m_per_s * 3.6),
            work: self
                .vehicles
                .work(named(&self.settings.vehicle_type), told)
                .map_err(|reason| ("vehicle_type", reason))?,
        })
    }
}
