//! The bytes of a small map, as they must stay: a change of the drawing shows here, and asks for a new
//! revision in the ETag.

use super::support::*;

fn hex(bytes: &[u8]) -> String {
    bytes
        .chunks(32)
        .map(|line| line.iter().map(|b| format!("{b:02x}")).collect::<String>() + "\n")
        .collect()
}

#[test]
fn a_small_map_keeps_its_bytes() {
    let network = two_streets();
    let changes = [change(0, 1, 300_144), change(1, 2, 33)];
    let tiles = tiles(&network, &changes, NO_WAIT);
    let cases = [
        (8, include_str!("golden/z8.hex")),
        (14, include_str!("golden/z14.hex")),
    ];
    for (zoom, golden) in cases {
        let found = hex(&raw(&tiles, at(zoom)));
        assert_eq!(found, golden, "z{zoom} is now:\n{found}");
    }
}
