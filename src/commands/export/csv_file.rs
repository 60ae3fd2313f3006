//! `export csv`: one row a segment, as Excel opens it with a double click.

use super::{Source, progress};
use crate::http::state_ja;
use crate::segment_row::SegmentRow;
use csv::{Terminator, WriterBuilder};
use domain::japan_time::JST;
use jiff::Timestamp;
use std::io::Write;

/// Without it Excel takes UTF-8 for the system's own encoding.
const BOM: &[u8] = b"\xef\xbb\xbf";

const COLUMNS: [&str; 20] = [
    "id",
    "name",
    "ref",
    "class",
    "manager_level",
    "manager",
    "manager_name",
    "priority",
    "oneway",
    "zone",
    "length_m",
    "state_forward",
    "state_forward_ja",
    "state_backward",
    "state_backward_ja",
    "cleared_forward_jst",
    "cleared_backward_jst",
    "lon",
    "lat",
    "simulated",
];

pub(super) fn write(source: &Source, segments: &[u32], mut out: impl Write) -> anyhow::Result<()> {
    let bar = progress(segments.len(), "segments");
    out.write_all(BOM)?;
    let mut csv = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(out);
    csv.write_record(COLUMNS)?;
    let network = &source.view.network;
    for segment in segments {
        let row = SegmentRow::of(&source.view, *segment, source.managers.iter());
        let manager = source
            .managers
            .iter()
            .find(|m| Some(m.code.as_str()) == row.manager);
        let length_m = network.segments()[*segment as usize].length_m;
        let middle = network.position(*segment, length_m / 2.0);
        csv.write_record(&[
            // With a letter, or Excel would round it: it keeps 15 digits of a number.
            format!("s{}", row.id),
            text(row.name),
            text(row.reference),
            row.class.to_owned(),
            row.manager_level.as_str().to_owned(),
            text(row.manager),
            text(manager.map(|m| m.name.ja.as_str())),
            row.priority.unwrap_or_default(),
            row.oneway.to_owned(),
            text(row.zone),
            format!("{:.1}", row.length_m),
            row.state_forward.as_str().to_owned(),
            state_ja(row.state_forward).to_owned(),
            row.state_backward.as_str().to_owned(),
            state_ja(row.state_backward).to_owned(),
            jst(row.cleared_forward_at),
            jst(row.cleared_backward_at),
            format!("{:.6}", middle.lon),
            format!("{:.6}", middle.lat),
            u8::from(source.simulated).to_string(),
        ])?;
        bar.inc(1);
    }
    csv.flush()?;
    bar.finish_and_clear();
    Ok(())
}

/// A text from a source. One that a spreadsheet would take for a formula is told to be text.
fn text(text: Option<&str>) -> String {
    let text = text.unwrap_or_default();
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

fn jst(at: Option<Timestamp>) -> String {
    at.map_or(String::new(), |at| {
        JST.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_a_formula_and_times_are_japans() {
        assert_eq!(text(Some("=HYPERLINK(1)")), "'=HYPERLINK(1)");
        assert_eq!(text(Some("県道12号")), "県道12号");
        assert_eq!(text(None), "");
        let at = "2026-01-14T21:30:00Z".parse().unwrap();
        assert_eq!(jst(Some(at)), "2026-01-15 06:30");
        assert_eq!(jst(None), "");
    }
}
