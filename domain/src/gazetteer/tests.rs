use super::*;
use crate::ascii_map::{self, AsciiMap};

const MAP: &str = "
A---B---C                                            X---Y---Z
    |                                                    |
    D                                                    W
";

fn map() -> (AsciiMap, Gazetteer) {
    let map = ascii_map::parse(MAP, 100.0);
    let network = map.network(&[
        (
            "AB",
            &[("highway", "trunk"), ("name", "国道7号"), ("ref", "7")],
        ),
        (
            "BC",
            &[("highway", "trunk"), ("name", "国道7号"), ("ref", "7")],
        ),
        ("BD", &[("name", "中央通り")]),
        ("XY", &[("name", "中央通り")]),
        (
            "YZ",
            &[
                ("name", "ナカノ商店街"),
                ("highway", "primary"),
                ("ref", "7"),
            ],
        ),
        ("YW", &[]),
    ]);
    (map, Gazetteer::of(&network))
}

#[test]
fn roads_are_found_however_they_are_written() {
    let (map, gazetteer) = map();
    assert_eq!(
        gazetteer.len(),
        4,
        "a name in two towns is two roads, no name is none"
    );
    let cases: [(&str, Option<char>, &[&str]); 14] = [
        ("国道7号", None, &["国道7号"]),
        ("国道７号線", None, &["国道7号"]),
        ("県道7号", None, &["ナカノ商店街"]),
        ("7", None, &["国道7号", "ナカノ商店街"]),
        ("R7", None, &["国道7号", "ナカノ商店街"]),
        ("7号", Some('Z'), &["ナカノ商店街", "国道7号"]),
        ("中央", None, &["中央通り", "中央通り"]),
        ("なかの", None, &["ナカノ商店街"]),
        ("ﾅｶﾉ 商店", None, &["ナカノ商店街"]),
        ("商店街", None, &["ナカノ商店街"]),
        ("17", None, &[]),
        ("", None, &[]),
        (" 　", None, &[]),
        ("北通り", None, &[]),
    ];
    for (query, near, expected) in cases {
        let found = gazetteer.find(query, near.map(|place| map.at(place)), 10);
        let names: Vec<&str> = found.iter().map(|road| road.name.as_str()).collect();
        assert_eq!(names, expected, "{query:?}");
    }
    assert_eq!(gazetteer.find("通り", None, 1).len(), 1);
}

#[test]
fn the_nearer_of_two_comes_first_and_a_road_is_where_it_lies() {
    let (map, gazetteer) = map();
    for (near, place) in [('A', 'D'), ('Z', 'X')] {
        let found = gazetteer.find("中央通り", Some(map.at(near)), 10);
        let bounds = found[0].bounds.padded_m(1.0);
        let at = map.at(place);
        assert!(bounds.west <= at.lon && at.lon <= bounds.east, "{near}");
    }
    let seven = gazetteer.find("国道7号", None, 1)[0];
    assert!((seven.length_m - 800.0).abs() < 2.0, "{seven:?}");
    assert!(seven.at.geodesic_m(map.at('B')) < 201.0, "{seven:?}");
}
