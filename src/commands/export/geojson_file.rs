//! `export geojson`: the features of `/api/v1/segments`.

use super::{Source, progress};
use crate::segment_row::SegmentRow;
use serde_json::json;
use std::io::Write;

pub(super) fn write(source: &Source, segments: &[u32], mut out: impl Write) -> anyhow::Result<()> {
    let bar = progress(segments.len(), "segments");
    let head = json!({
        "type": "FeatureCollection",
        "attribution": source.attribution,
        "as_of": source.as_of,
        "simulated": source.simulated,
    });
    // A feature a line, so that nothing has to be held in memory, here or by whoever reads it.
    let head = head.to_string();
    writeln!(out, "{},\"features\":[", head.trim_end_matches('}'))?;
    for (i, segment) in segments.iter().enumerate() {
        let row = SegmentRow::of(&source.view, *segment, source.managers.iter());
        let line = source.view.network.line(*segment);
        let feature = json!({
            "type": "Feature",
            "id": row.id,
            "geometry": {
                "type": "LineString",
                "coordinates": line.iter().map(|p| [p.lon, p.lat]).collect::<Vec<_>>(),
            },
            "properties": row,
        });
        serde_json::to_writer(&mut out, &feature)?;
        writeln!(out, "{}", if i + 1 < segments.len() { "," } else { "" })?;
        bar.inc(1);
    }
    writeln!(out, "]}}")?;
    bar.finish_and_clear();
    Ok(())
}
