//! A network's rows on their way into the database and back.

use crate::database::StoreError;
use crate::text_copy::{TextCopy, escaped};
use domain::geometry::LonLat;
use domain::network::NetworkParts;
use geozero::{CoordDimensions, ToGeo, ToWkb, wkb::Wkb};
use std::fmt::Write as _;

/// Loads the tables by COPY, the fastest way in.
pub(crate) async fn copy_parts(
    connection: &mut sqlx::PgConnection,
    parts: &NetworkParts,
) -> Result<(), StoreError> {
    let json = |value: serde_json::Result<String>| -> Result<String, StoreError> {
        Ok(escaped(&value.map_err(|e| StoreError::corrupt("road", e))?))
    };
    let mut copy = TextCopy::begin(
        connection,
        "COPY road (ordinal, road_id, attributes) FROM STDIN",
    )
    .await?;
    for (i, road) in parts.roads.iter().enumerate() {
        let row = format!(
            "{i}\t{}\t{}\n",
            json(serde_json::to_string(&road.id))?,
            json(serde_json::to_string(&road.attributes))?
        );
        copy.row(&row).await?;
    }
    copy.finish().await?;

    let mut copy = TextCopy::begin(
        connection,
        "COPY segment (segment_id, ordinal, road, from_node, to_node, length_m, geom) FROM STDIN",
    )
    .await?;
    for (i, s) in parts.segments.iter().enumerate() {
        let mut row = format!(
            "{}\t{i}\t{}\t{}\t{}\t{}\t",
            s.id, s.road, s.from_node, s.to_node, s.length_m
        );
        for byte in wkb_of_line(&s.line)? {
            let _ = write!(row, "{byte:02x}");
        }
        row.push('\n');
        copy.row(&row).await?;
    }
    copy.finish().await?;

    let mut copy = TextCopy::begin(
        connection,
        "COPY segment_stretch (segment_id, from_m, to_m, kind, standard, road_id) FROM STDIN",
    )
    .await?;
    for s in &parts.stretches {
        let row = format!(
            "{}\t{}\t{}\t{}\t{}\t{}\n",
            parts.segments[s.segment as usize].id,
            s.from_m,
            s.to_m,
            s.kind.as_str(),
            s.standard.as_deref().map_or("\\N".to_owned(), escaped),
            json(serde_json::to_string(&s.road_id))?
        );
        copy.row(&row).await?;
    }
    copy.finish().await
}

/// EWKB with SRID 4326.
fn wkb_of_line(line: &[LonLat]) -> Result<Vec<u8>, StoreError> {
    let line: geo::LineString<f64> = line.iter().map(|p| (p.lon, p.lat)).collect();
    geo::Geometry::LineString(line)
        .to_ewkb(CoordDimensions::xy(), Some(4326))
        .map_err(|e| StoreError::corrupt("geometry", e))
}

pub(crate) fn line_of_wkb(wkb: Vec<u8>) -> Result<Vec<LonLat>, StoreError> {
    match Wkb(wkb).to_geo() {
        Ok(geo::Geometry::LineString(line)) => {
            Ok(line.coords().map(|c| LonLat::new(c.x, c.y)).collect())
        }
        Ok(_) => Err(StoreError::corrupt("geometry", "not a LineString")),
        Err(e) => Err(StoreError::corrupt("geometry", e)),
    }
}
