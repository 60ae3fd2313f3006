//! `export pmtiles`: the tiles that show the selected segments, in one file.

use super::{Source, progress};
use anyhow::Context;
use domain::geometry::BoundingBox;
use serde_json::{Map, Value, json};
use std::io::{Seek, Write};
use std::ops::RangeInclusive;
use tiles::{ArchiveCounts, ArchiveHead, ROADS_FIELDS, ROADS_LAYER};

pub(super) fn write(
    source: &Source,
    segments: &[u32],
    zooms: RangeInclusive<u8>,
    out: impl Write + Seek,
) -> anyhow::Result<ArchiveCounts> {
    let network = &source.view.network;
    let vertices = segments.iter().flat_map(|segment| network.line(*segment));
    let bounds = BoundingBox::around(vertices.copied()).context("no segment has a place")?;
    let head = ArchiveHead {
        metadata: metadata(source, &zooms).to_string(),
        bounds,
        zooms: zooms.clone(),
    };
    let tiles = source.view.tiles.archive_tiles(segments, zooms)?;
    let bar = progress(tiles.len(), "tiles");
    let counts = source
        .view
        .tiles
        .write_archive(&tiles, &head, out, || bar.inc(1))?;
    bar.finish_and_clear();
    Ok(counts)
}

fn metadata(source: &Source, zooms: &RangeInclusive<u8>) -> Value {
    let fields: Map<String, Value> = ROADS_FIELDS
        .iter()
        .map(|field| (field.name.to_owned(), json!(field.description)))
        .collect();
    json!({
        "name": "yukimichi roads",
        "description": "When each road was last cleared of snow, per direction.",
        "attribution": source.attribution,
        "type": "overlay",
        "vector_layers": [{
            "id": ROADS_LAYER,
            "description": "Road segments between junctions.",
            "minzoom": zooms.start(),
            "maxzoom": zooms.end(),
            "fields": fields,
        }],
        "as_of": source.as_of,
        "simulated": source.simulated,
    })
}
