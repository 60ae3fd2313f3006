#![allow(clippy::unwrap_used)]

use super::*;
use geo_types::Geometry;
use mvt_reader::Reader;
use mvt_reader::feature::{Feature, Value};
use proptest::prelude::*;

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat)
}

fn fact(id: u64, shape: FactShape) -> Fact {
    Fact {
        id,
        shape,
        properties: vec![
            ("name", FactValue::Text("工区1".to_owned())),
            ("order_as_of_min", FactValue::Whole(29_473_680)),
        ],
    }
}

fn read(tiles: &FactTiles, tile: TileCoordinate) -> Vec<Feature> {
    let body = tiles.draw(tile, Encoding::Identity).unwrap();
    body.map_or(Vec::new(), |body| {
        Reader::new(body.to_vec()).unwrap().get_features(0).unwrap()
    })
}

fn square(west: f64, south: f64, size: f64) -> Vec<LonLat> {
    let (east, north) = (west + size, south + size);
    vec![
        at(west, south),
        at(east, south),
        at(east, north),
        at(west, north),
        at(west, south),
    ]
}

#[test]
fn shapes_of_each_kind_come_back_with_their_properties() {
    let facts = vec![
        fact(1, FactShape::Point(at(140.6, 40.7))),
        fact(
            2,
            FactShape::Lines(vec![vec![at(140.6, 40.7), at(140.601, 40.7)]]),
        ),
        fact(
            3,
            FactShape::Areas(vec![vec![
                square(140.6, 40.7, 0.004),
                square(140.601, 40.701, 0.001),
            ]]),
        ),
    ];
    let tiles = FactTiles::new(&ZONES, facts);
    let tile = TileCoordinate::holding(14, at(140.6, 40.7)).unwrap();
    let found = read(&tiles, tile);
    let kinds: Vec<(u64, &str)> = found
        .iter()
        .map(|f| {
            let kind = match &f.geometry {
                Geometry::Point(_) | Geometry::MultiPoint(_) => "point",
                Geometry::LineString(_) | Geometry::MultiLineString(_) => "line",
                Geometry::Polygon(_) => "polygon",
                Geometry::MultiPolygon(p) if p.0[0].interiors().len() == 1 => "polygon with a hole",
                _ => "other",
            };
            (f.id.unwrap(), kind)
        })
        .collect();
    assert_eq!(kinds[..2], [(1, "point"), (2, "line")]);
    assert_eq!(
        kinds[2],
        (3, "polygon with a hole"),
        "{:?}",
        found[2].geometry
    );
    for feature in found {
        let properties = feature.properties.unwrap();
        assert_eq!(properties["name"], Value::String("工区1".to_owned()));
        assert_eq!(properties["order_as_of_min"], Value::UInt(29_473_680));
    }
    let small = TileCoordinate::holding(7, at(140.6, 40.7)).unwrap();
    assert!(read(&tiles, small).is_empty(), "below the layer's zooms");
}

#[test]
fn a_place_is_in_one_tile_and_an_area_in_all_that_it_touches() {
    // On the border of two z14 tiles.
    let border = 14_592.0 / 16_384.0 * 360.0 - 180.0;
    let facts = vec![
        fact(1, FactShape::Point(at(border + 1e-6, 40.7))),
        fact(
            2,
            FactShape::Areas(vec![vec![square(border - 0.1, 40.65, 0.2)]]),
        ),
    ];
    let tiles = FactTiles::new(&STATIONS, facts);
    let ids = |x: u32| -> Vec<u64> {
        let tile = TileCoordinate::new(14, x, 6160).unwrap();
        read(&tiles, tile).iter().map(|f| f.id.unwrap()).collect()
    };
    assert_eq!(ids(14_592), [1, 2]);
    assert_eq!(
        ids(14_591),
        [2],
        "covered whole, though no corner lies in it"
    );
    assert_eq!(ids(14_000), Vec::<u64>::new());
}

#[test]
fn the_version_hangs_on_all_that_is_said() {
    let base = || fact(1, FactShape::Point(at(140.6, 40.7)));
    let version = |facts: Vec<Fact>| FactTiles::new(&STATIONS, facts).version();
    let mut later = base();
    later.properties[1].1 = FactValue::Whole(29_473_681);
    let moved = fact(1, FactShape::Point(at(140.6, 40.701)));
    assert_eq!(version(vec![base()]), version(vec![base()]));
    for other in [vec![later], vec![moved], vec![], vec![base(), base()]] {
        assert_ne!(version(vec![base()]), version(other));
    }
}

proptest! {
    /// Whatever is clipped lies in the rectangle, and has the area that lies in it.
    #[test]
    fn a_clipped_triangle_has_the_area_that_lies_inside(
        points in prop::array::uniform3((-9000..9000i32, -9000..9000i32)),
    ) {
        let ring: Vec<[i32; 2]> = points.iter().map(|(x, y)| [*x, *y]).collect();
        let clipped = ring_clip::clipped_ring(&ring);
        for [x, y] in &clipped {
            prop_assert!((-64..=4160).contains(x) && (-64..=4160).contains(y));
        }
        // Against counting: points of a grid that lie in the triangle and in the rectangle.
        let inside = |x: f64, y: f64| {
            let side = |a: [i32; 2], b: [i32; 2]| {
                (f64::from(b[0]) - f64::from(a[0])) * (y - f64::from(a[1]))
                    - (f64::from(b[1]) - f64::from(a[1])) * (x - f64::from(a[0]))
            };
            let s = [side(ring[0], ring[1]), side(ring[1], ring[2]), side(ring[2], ring[0])];
            s.iter().all(|v| *v > 0.0) || s.iter().all(|v| *v < 0.0)
        };
        let step = 4224.0 / 128.0;
        let hits = (0..128 * 128)
            .filter(|i| {
                let (i, j) = (f64::from(i % 128), f64::from(i / 128));
                inside(-64.0 + (i + 0.5) * step, -64.0 + (j + 0.5) * step)
            })
            .count();
        let counted = hits as f64 * step * step;
        let area = ring_clip::doubled_area(&clipped).abs() as f64 / 2.0;
        // A grid errs by its cells along the outline.
        prop_assert!((counted - area).abs() < 4.0 * 4224.0 * step, "{counted} {area}");
    }
}
