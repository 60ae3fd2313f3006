//! Files that are cut off, mislabelled or nonsense: a message that names them, never a panic and
//! never half an import.

use super::support::{decode, shared_file};
use proptest::prelude::*;

fn refusal(name: &str, bytes: &[u8]) -> String {
    let message = decode(name, bytes).expect_err(name).to_string();
    assert!(message.starts_with(&format!("{name}: ")), "{message}");
    message
}

const PAGE: &[u8] = b"\n<!DOCTYPE html><html><body>404</body></html>";
const XML: &[u8] = b"<?xml version='1.0'?>\n<osm version='0.6'>\n\
    <node id='1' lon='140.7' lat='40.8'/>\n<node id='2' lon='140.71' lat='40.8'/>\n\
    <way id='1'><nd ref='1'/><nd ref='2'/><tag k='highway' v='primary'/></way>\n</osm>\n";
const JSON: &[u8] = b"{\"type\":\"FeatureCollection\",\"features\":[\n\
    {\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"LineString\",\n\
    \"coordinates\":[[140.7,40.8],[140.71,40.8]]}}]}\n";

#[test]
fn files_of_another_kind_are_called_what_they_are() {
    for name in ["a.osm.pbf", "a.osm", "a.geojson"] {
        assert!(refusal(name, b"").ends_with("is empty"));
        assert!(refusal(name, b" \n\t").ends_with("is empty"));
        assert!(refusal(name, PAGE).contains("web page"));
        assert!(refusal(name, b"\x1F\x8B\x08\0\0\0").contains("compressed"));
        assert!(refusal(name, b"\0\0\0\x0Dnonsense").contains("not"));
    }
    assert!(refusal("a.osm", b"\0\0\0\x0D\x0A\x09OSMHeader\x18\x10").contains("OSM PBF"));
    assert!(refusal("a.geojson", XML).contains("is XML"));
    assert!(refusal("a.osm", JSON).contains("is JSON"));
    assert!(refusal("a.shp", JSON).contains("not a road file"));
    assert!(refusal("a.osm", b"<?xml version='1.0'?><gpx></gpx>").contains("no <osm>"));
    assert!(refusal("a.geojson", b"{\"type\":\"Topology\"}").contains("Topology"));
    assert!(
        refusal(
            "a.geojson",
            b"{\"type\":\"FeatureCollection\",\"features\":[]}"
        )
        .contains("no road")
    );
}

#[test]
fn osm_xml_cut_anywhere_is_refused_with_its_line() {
    decode("a.osm", XML).unwrap();
    let end = XML.len() - "</osm>\n".len() + "</osm>".len();
    for cut in 1..end {
        let message = refusal("a.osm", &XML[..cut]);
        let has_line = message.contains(": line ");
        assert!(has_line || cut < 30, "{cut}: {message}");
    }
}

#[test]
fn geojson_cut_anywhere_is_refused_with_its_line() {
    decode("a.geojson", JSON).unwrap();
    for cut in 1..JSON.len() - 1 {
        let message = refusal("a.geojson", &JSON[..cut]);
        assert!(message.starts_with("a.geojson: line "), "{cut}: {message}");
        assert!(!message.contains(" column "), "{message}");
    }
}

#[test]
fn roads_without_their_nodes_are_no_whole_file() {
    let text = String::from_utf8_lossy(XML);
    let bare = text.replace("<node id='2' lon='140.71' lat='40.8'/>", "");
    assert!(refusal("a.osm", bare.as_bytes()).contains("1 of its 1 roads"));
}

#[test]
fn pbf_cut_anywhere_is_refused() {
    for file in ["oslo-east-filtered.osm.pbf", "liechtenstein-latest.osm.pbf"] {
        let Some(bytes) = shared_file(&format!("osm/{file}")) else {
            return;
        };
        let blobs = blobs(&bytes);
        // Between blobs: before the first way there is no road; a cut among the ways can't be seen.
        for end in &blobs[..blobs.len().min(3)] {
            refusal(file, &bytes[..*end]);
        }
        // One to three bytes into a blob the reader takes for the end.
        for end in &blobs[..blobs.len() - 1] {
            for more in [1, 2, 3, 4, 9, 40] {
                let message = refusal(file, &bytes[..end + more]);
                assert!(message.contains("not a whole OSM PBF file"), "{message}");
            }
        }
        for cut in (1..40).chain((1..20).map(|i| i * bytes.len() / 20 + 7)) {
            if !blobs.contains(&cut) {
                refusal(file, &bytes[..cut]);
            }
        }
    }
}

/// Where each blob of a PBF ends.
fn blobs(bytes: &[u8]) -> Vec<usize> {
    let mut ends = Vec::new();
    let reader = osmpbf::BlobReader::new_seekable(std::io::Cursor::new(bytes)).unwrap();
    for blob in reader {
        ends.push(blob.unwrap().offset().unwrap().0 as usize);
    }
    ends.remove(0);
    ends.push(bytes.len());
    ends
}

proptest! {
    #[test]
    fn no_bytes_make_a_decoder_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        name in prop_oneof![Just("a.osm"), Just("a.pbf"), Just("a.geojson")],
    ) {
        let _ = decode(name, &bytes);
    }

    #[test]
    fn no_damage_to_a_text_makes_a_decoder_panic(
        at in 0usize..400,
        with in prop::collection::vec(any::<u8>(), 0..6),
        length in 0usize..20,
    ) {
        for (name, whole) in [("a.osm", XML), ("a.geojson", JSON)] {
            let from = at % whole.len();
            let to = (from + length).min(whole.len());
            let bytes = [&whole[..from], &with, &whole[to..]].concat();
            let _ = decode(name, &bytes);
        }
    }

    #[test]
    fn no_damage_to_a_block_makes_a_decoder_panic(
        changes in prop::collection::vec((0usize..1000, any::<u8>()), 1..6),
    ) {
        let mut bytes = plain_pbf();
        prop_assert!(decode("a.pbf", &bytes).is_ok());
        for (at, with) in changes {
            let at = at % bytes.len();
            bytes[at] = with;
        }
        let _ = decode("a.pbf", &bytes);
    }
}

/// A field of a protobuf message.
fn field(number: u8, kind: u8, value: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number << 3 | kind];
    if kind == 2 {
        bytes.push(u8::try_from(value.len()).unwrap());
    }
    bytes.extend_from_slice(value);
    bytes
}

/// A road of two nodes, uncompressed, so that damage reaches the values.
fn plain_pbf() -> Vec<u8> {
    let text = |s: &str| field(1, 2, s.as_bytes());
    let strings = [text(""), text("highway"), text("primary")].concat();
    // Ids as zigzag deltas; 0.1 microdegrees.
    let zigzag = |v: i64| {
        let mut v = (v << 1 ^ v >> 63) as u64;
        let mut bytes = Vec::new();
        while v > 0x7F {
            bytes.push(v as u8 | 0x80);
            v >>= 7;
        }
        bytes.push(v as u8);
        bytes
    };
    let dense = [
        field(1, 2, &[zigzag(1), zigzag(1)].concat()),
        field(8, 2, &[zigzag(408_000_000), zigzag(0)].concat()),
        field(9, 2, &[zigzag(1_407_000_000), zigzag(10_000)].concat()),
    ]
    .concat();
    let way = [
        field(1, 0, &[7]),
        field(2, 2, &[1]),
        field(3, 2, &[2]),
        field(8, 2, &[zigzag(1), zigzag(1)].concat()),
    ]
    .concat();
    let member = [
        field(1, 0, &[9]),
        field(8, 2, &[0]),
        field(9, 2, &zigzag(7)),
        field(10, 2, &[1]),
    ]
    .concat();
    let group = |number, message: &[u8]| field(2, 2, &field(number, 2, message));
    let block = [
        field(1, 2, &strings),
        group(2, &dense),
        group(3, &way),
        group(4, &member),
    ]
    .concat();
    let blob = |kind: &str, content: &[u8]| {
        let data = field(1, 2, content);
        let header = [
            text(kind),
            field(3, 0, &[u8::try_from(data.len()).unwrap()]),
        ]
        .concat();
        [&(header.len() as u32).to_be_bytes()[..], &header, &data].concat()
    };
    [blob("OSMHeader", &[]), blob("OSMData", &block)].concat()
}
