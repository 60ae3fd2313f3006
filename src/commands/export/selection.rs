//! Which segments an export holds.

use super::Source;
use crate::cli::SelectionArgs;
use anyhow::{Context, bail};
use domain::geometry::LonLat;
use domain::road_manager::owner_among;
use domain::zone_extent::segments_inside;
use ingest::features::{FieldNames, read_records};
use ingest::table::TableSettings;

type Polygons = Vec<Vec<Vec<LonLat>>>;

/// The polygons of the file that the selection names.
pub(super) fn read_area(args: &SelectionArgs) -> anyhow::Result<Option<Polygons>> {
    let Some(path) = &args.area else {
        return Ok(None);
    };
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("{name}: can't be read"))?;
    let mut names = FieldNames::default();
    names.geometry(Some("geometry"));
    let records = read_records(&bytes, &TableSettings::default(), &names)
        .with_context(|| name.to_string())?;
    let mut polygons = Polygons::new();
    for record in records {
        match record {
            Ok(record) => polygons.extend(record.geometry.areas),
            // An area with a hole where a polygon can't be read would be another area.
            Err(bad) => bail!(
                "{name}: record {}: {}: {}",
                bad.position,
                bad.field,
                bad.reason
            ),
        }
    }
    if polygons.is_empty() {
        bail!("{name}: holds no polygon");
    }
    Ok(Some(polygons))
}

/// The selected segments, ascending.
pub(super) fn segments(
    source: &Source,
    args: &SelectionArgs,
    area: Option<&[Vec<Vec<LonLat>>]>,
) -> anyhow::Result<Vec<u32>> {
    let network = &source.view.network;
    if let Some(bbox) = &args.bbox {
        return Ok(network.in_box(bbox));
    }
    if let Some(polygons) = area {
        return Ok(segments_inside(network, polygons));
    }
    let all = 0..network.segments().len() as u32;
    let Some(code) = &args.municipality else {
        return Ok(all.collect());
    };
    if !source.managers.iter().any(|m| m.code == *code) {
        let known: Vec<&str> = source.managers.iter().map(|m| m.code.as_str()).collect();
        bail!(
            "no road manager has the code {code:?}; known are: {}",
            known.join(", ")
        );
    }
    let owned = all.filter(|segment| {
        let attributes = &network.road(*segment).attributes;
        let named = attributes.manager.as_deref();
        owner_among(source.managers.iter(), named, attributes.manager_level)
            .is_some_and(|owner| owner.code == *code)
    });
    Ok(owned.collect())
}
