//! The town's shape: GPX tracks, a track for each vehicle, with a switch for the blade.

use super::{Flaw, Report};
use domain::work::WorkKind;
use std::collections::BTreeMap;

/// The element that tells of the blade.
pub(in crate::demo) const WORK_ELEMENT: &str = "blade";

pub(super) fn document(reports: &[Report]) -> Vec<u8> {
    let mut tracks: BTreeMap<&str, String> = BTreeMap::new();
    for report in reports {
        let track = tracks.entry(&report.fix.vehicle_id).or_default();
        track.push_str(&point(report));
    }
    let mut document = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <gpx version=\"1.1\" creator=\"雪道町\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n"
        .to_owned();
    for (vehicle_id, points) in tracks {
        document.push_str(&format!(
            "<trk><name>{vehicle_id}</name><trkseg>\n{points}</trkseg></trk>\n"
        ));
    }
    document.push_str("</gpx>\n");
    document.into_bytes()
}

fn point(report: &Report) -> String {
    let fix = &report.fix;
    let (mut lat, mut lon) = (
        format!(" lat=\"{:.5}\"", fix.at.lat),
        format!(" lon=\"{:.5}\"", fix.at.lon),
    );
    let mut time = fix.observed_at.to_string();
    match report.flaw {
        None => {}
        Some(Flaw::NoLatitude) => lat.clear(),
        Some(Flaw::NotATime) => time = "----".to_owned(),
        Some(Flaw::AtZero) => {
            (lat, lon) = (" lat=\"0.0\"".to_owned(), " lon=\"0.0\"".to_owned());
        }
    }
    let works = fix.work.is_some_and(WorkKind::clears_carriageway);
    let blade = if works { "down" } else { "up" };
    format!(
        "<trkpt{lat}{lon}><time>{time}</time><extensions><{WORK_ELEMENT}>{blade}</{WORK_ELEMENT}>\
         </extensions></trkpt>\n"
    )
}
