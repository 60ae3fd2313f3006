//! From messages to fixes.

use super::settings::HarjaSettings;
use super::wire::{Item, Message, Observation};
use crate::decoded::{DecodeError, Decoded};
use crate::finnish_tasks::Tasks;
use crate::json_item::{read_item, reject};
use crate::line_times::back_from;
use crate::mapping::zone_of;
use crate::projection::ToWgs84;
use crate::text::{TimeReader, YearGuess, decode_text};
use crate::vehicle_words::VehicleWords;
use domain::fix::{PlowFix, disbelieve_time};
use domain::geometry::LonLat;
use jiff::Timestamp;
use std::collections::HashMap;

struct Reading<'s> {
    settings: &'s HarjaSettings,
    to_wgs84: ToWgs84,
    times: TimeReader,
    tasks: Tasks,
    vehicles: VehicleWords,
    /// When each vehicle was last heard of in this payload.
    last_heard: HashMap<String, Timestamp>,
    lines: usize,
}

pub(super) fn decode(
    payload: &[u8],
    settings: &HarjaSettings,
    now: Timestamp,
) -> Result<Decoded, DecodeError> {
    let text = decode_text(payload, None)?;
    let mut reading = Reading {
        settings,
        to_wgs84: ToWgs84::from_tm35fin()?,
        times: TimeReader::new(
            None,
            zone_of(Some("Europe/Helsinki")).map_err(|e| DecodeError(e.to_string()))?,
        ),
        tasks: Tasks::new(&settings.task_values).map_err(|e| DecodeError(e.to_string()))?,
        vehicles: VehicleWords::new(&settings.vehicle_types)
            .map_err(|e| DecodeError(e.to_string()))?,
        last_heard: HashMap::new(),
        lines: 0,
    };
    let mut decoded = Decoded::default();
    let items = messages(&text)?
        .into_iter()
        .flat_map(|message| message.observations);
    for (position, raw) in items.enumerate() {
        let position = position as u64;
        let fixes = read_item::<Item>(&raw, position).and_then(|item| {
            reading
                .fixes(&item.observation, now)
                .map_err(|(field, reason)| reject(&raw, position, field, reason))
        });
        match fixes {
            Ok(fixes) => {
                for fix in fixes {
                    decoded.take_fix(position, fix, || raw.get().to_owned());
                }
            }
            Err(rejection) => decoded.rejections.push(rejection),
        }
    }
    if reading.lines > 0 {
        decoded.notes.push(format!(
            "{} lines carry one time, that of their end; the times along them are counted back at {} km/h",
            reading.lines, settings.line_speed_kmh
        ));
    }
    decoded.notes.extend(reading.tasks.note());
    Ok(decoded)
}

/// One message, or an array of them.
fn messages(text: &str) -> Result<Vec<Message>, DecodeError> {
    let read = if text.trim_start().starts_with('[') {
        serde_json::from_str(text)
    } else {
        serde_json::from_str(text).map(|message| vec![message])
    };
    read.map_err(|e| DecodeError(format!("not a whole HARJA message: {e}")))
}

type Bad = (&'static str, String);

impl Reading<'_> {
    fn fixes(&mut self, observation: &Observation, now: Timestamp) -> Result<Vec<PlowFix>, Bad> {
        let observed_at = self
            .times
            .read(&observation.observed_at, YearGuess::Past, now)
            .map_err(|reason| ("havainto.havaintoaika", reason))?;
        if let Some(reason) = disbelieve_time(observed_at, now) {
            return Err(("havainto.havaintoaika", reason));
        }
        let line = self.line(observation)?;
        // A machine's number is its contract's own.
        let machine = observation.machine.id;
        let vehicle_id = match observation.contract {
            Some(contract) => format!("{contract}-{machine}"),
            None => machine.to_string(),
        };
        let heard = self
            .last_heard
            .get(&vehicle_id)
            .copied()
            .filter(|at| *at < observed_at);
        let told = self
            .tasks
            .work(observation.tasks.as_deref().unwrap_or_default());
        let vehicle_type = observation.machine.vehicle_type.as_deref();
        let known = |name: &&str| self.vehicles.read(Some(*name)).is_ok();
        let work = self
            .vehicles
            .work(vehicle_type.filter(known), told)
            .map_err(|reason| ("havainto.tyokone", reason))?;
        self.lines += usize::from(line.len() > 1);
        let timed = back_from(&line, observed_at, self.settings.line_speed_kmh, heard);
        let latest = self
            .last_heard
            .entry(vehicle_id.clone())
            .or_insert(observed_at);
        *latest = observed_at.max(*latest);
        let last = timed.len().saturating_sub(1);
        Ok(timed
            .into_iter()
            .enumerate()
            .map(|(i, (at, observed_at))| PlowFix {
                vehicle_id: vehicle_id.clone(),
                observed_at,
                at,
                heading_deg: observation.course_deg.filter(|_| i == last),
                speed_kmh: None,
                work,
            })
            .collect())
    }

    /// The vertices in WGS84; a point is a line of one.
    fn line(&self, observation: &Observation) -> Result<Vec<LonLat>, Bad> {
        let place = &observation.place;
        let wgs84 = |x, y| {
            self.to_wgs84
                .position(x, y)
                .map_err(|reason| ("havainto.sijainti", reason))
        };
        if let Some(point) = &place.point {
            return Ok(vec![wgs84(point.x, point.y)?]);
        }
        let line = place
            .line
            .as_ref()
            .filter(|line| !line.coordinates.is_empty())
            .ok_or_else(|| {
                (
                    "havainto.sijainti",
                    "has neither koordinaatit nor a viivageometria".to_owned(),
                )
            })?;
        line.coordinates
            .iter()
            .map(|vertex| match vertex.as_slice() {
                [x, y, ..] => wgs84(*x, *y),
                _ => Err((
                    "havainto.sijainti",
                    "a vertex has fewer than two numbers".to_owned(),
                )),
            })
            .collect()
    }
}
