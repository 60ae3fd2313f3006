//! The prefecture's shape: GPX 1.1 as loggers write it, with the course and the work in extensions.

use super::Flaw;
use domain::fix::PlowFix;
use domain::work::WorkKind;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Words for work, and the kinds that they stand for.
pub(in crate::demo) const WORK_WORDS: [(&str, WorkKind); 2] =
    [("除雪", WorkKind::Plowing), ("回送", WorkKind::Transit)];

/// A track for each vehicle; the flawed points are their own tracks' last.
pub(super) fn document(fixes: &[PlowFix], bad: &[(PlowFix, Flaw)]) -> String {
    let mut tracks: BTreeMap<&str, String> = BTreeMap::new();
    let good = fixes.iter().map(|fix| (fix, None));
    for (fix, flaw) in good.chain(bad.iter().map(|(fix, flaw)| (fix, Some(*flaw)))) {
        let points = tracks.entry(&fix.vehicle_id).or_default();
        points.push_str(&point(fix, flaw));
    }
    let mut document = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <gpx version=\"1.1\" creator=\"yukimichi demo\" \
         xmlns=\"http://www.topografix.com/GPX/1/1\" xmlns:y=\"https://example.jp/plow\">\n",
    );
    for (vehicle, points) in tracks {
        let _ = write!(
            document,
            "<trk><name>{vehicle}</name><trkseg>\n{points}</trkseg></trk>\n"
        );
    }
    document.push_str("</gpx>\n");
    document
}

fn point(fix: &PlowFix, flaw: Option<Flaw>) -> String {
    let (lon, lat) = match flaw {
        Some(Flaw::AtZero) => (0.0, 0.0),
        _ => (fix.at.lon, fix.at.lat),
    };
    let lat = match flaw {
        Some(Flaw::NoLatitude) => String::new(),
        _ => format!(" lat=\"{lat}\""),
    };
    let time = match flaw {
        Some(Flaw::NotATime) => "N/A".to_owned(),
        _ => fix.observed_at.to_string(),
    };
    let course = fix.heading_deg.map_or(String::new(), |deg| {
        format!("<y:course>{deg:.0}</y:course>")
    });
    let works = fix.work.is_some_and(WorkKind::clears_carriageway);
    let word = WORK_WORDS[usize::from(!works)].0;
    format!(
        "<trkpt{lat} lon=\"{lon}\"><time>{time}</time>\
         <extensions>{course}<y:work>{word}</y:work></extensions></trkpt>\n"
    )
}
