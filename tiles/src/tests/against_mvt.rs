//! The same tile as the `mvt` crate writes it, feature by feature, read by a reader that is not ours.

use super::support::*;
use crate::{ROADS_FIELDS, ROADS_LAYER, TileCoordinate};
use domain::network::RoadNetwork;
use domain::status::StatusChange;
use mvt::{GeomEncoder, GeomType, Tile};
use mvt_reader::Reader;
use std::collections::BTreeMap;

/// What a feature says, in an order.
fn spoken(bytes: Vec<u8>) -> BTreeMap<u64, String> {
    features(bytes)
        .into_iter()
        .map(|f| {
            let properties: BTreeMap<_, _> = f.properties.unwrap().into_iter().collect();
            (f.id.unwrap(), format!("{:?} {properties:?}", f.geometry))
        })
        .collect()
}

/// The tile by the crate: lines as they are, rounded; merged attributes.
fn by_mvt(network: &RoadNetwork, changes: &[StatusChange], at: TileCoordinate) -> Vec<u8> {
    let mut tile = Tile::new(4096);
    let mut layer = tile.create_layer(ROADS_LAYER);
    for (i, change) in (0u32..).zip(changes) {
        let points: Vec<[i32; 2]> = network
            .line(i)
            .iter()
            .map(|p| at.project(crate::world::world_point(*p)))
            .collect();
        let parts = crate::clip::clipped(&points);
        if parts.is_empty() {
            continue;
        }
        let mut geometry = GeomEncoder::<f64>::new(GeomType::Linestring);
        for part in parts {
            for [x, y] in part {
                geometry.add_point(f64::from(x), f64::from(y)).unwrap();
            }
            geometry.complete_geom().unwrap();
        }
        let mut feature = layer.into_feature(geometry.encode().unwrap());
        feature.set_id(network.segments()[i as usize].id.0);
        let attributes = &network.road(i).attributes;
        feature.add_tag_string("name", attributes.name.as_deref().unwrap());
        feature.add_tag_string("class", &attributes.class);
        feature.add_tag_string("manager_level", attributes.manager_level.as_str());
        feature.add_tag_string("oneway", attributes.oneway.as_str());
        let status = change.status;
        feature.add_tag_uint("cleared_fwd_min", u64::from(status.cleared_fwd_min));
        feature.add_tag_uint("cleared_rev_min", u64::from(status.cleared_rev_min));
        feature.add_tag_uint("status", u64::from(status.status));
        layer = feature.into_layer();
    }
    tile.add_layer(layer).unwrap();
    tile.to_bytes().unwrap()
}

#[test]
fn a_template_says_what_the_crate_would() {
    let network = grid(6);
    let n = network.segments().len() as u32;
    let changes: Vec<_> = (0..n)
        .map(|i| change(i, i64::from(i) + 1, [0, 44, 33, 300_154][i as usize % 4]))
        .collect();
    let tiles = tiles(&network, &changes, NO_WAIT);
    for zoom in 12..=16 {
        let ours = raw(&tiles, at(zoom));
        let reader = Reader::new(ours.clone()).unwrap();
        assert_eq!(reader.get_layer_names().unwrap(), [ROADS_LAYER]);
        let ours = spoken(ours);
        assert!(!ours.is_empty());
        assert_eq!(
            ours,
            spoken(by_mvt(&network, &changes, at(zoom))),
            "z{zoom}"
        );
    }
}

#[test]
fn every_property_stands_in_the_tilejson() {
    let network = grid(6);
    let tiles = tiles(&network, &[], NO_WAIT);
    for zoom in [6, 14] {
        for feature in features(raw(&tiles, at(zoom))) {
            for key in feature.properties.unwrap().keys() {
                assert!(ROADS_FIELDS.iter().any(|f| f.name == key), "{key}");
            }
        }
    }
}
