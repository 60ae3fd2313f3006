#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use proptest::prelude::*;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const MAX: usize = 4 * 1024 * 1024;

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn names(payload: &Payload<'_>) -> Vec<String> {
    payload.files.iter().map(|f| f.name.clone()).collect()
}

#[test]
fn a_file_is_itself() {
    let payload = Payload::open(b"a,b\n1,2\n", MAX).unwrap();
    assert_eq!(&payload.files[0].bytes[..], b"a,b\n1,2\n");
    assert!(matches!(payload.files[0].bytes, Cow::Borrowed(_)));
}

#[test]
fn an_archive_is_its_files_without_what_systems_add() {
    let bytes = zip(&[
        ("2026-01/a.csv", b"a"),
        ("2026-01/", b""),
        ("__MACOSX/._a.csv", b"x"),
        ("2026-01/.DS_Store", b"x"),
        ("b.csv", b"b"),
    ]);
    let payload = Payload::open(&bytes, MAX).unwrap();
    assert_eq!(names(&payload), ["2026-01/a.csv", "b.csv"]);
}

#[test]
fn of_a_kmz_only_the_kml_counts() {
    let bytes = zip(&[("images/icon-1.png", b"\x89PNG"), ("doc.kml", b"<kml/>")]);
    let payload = Payload::open(&bytes, MAX).unwrap();
    assert_eq!(names(&payload), ["doc.kml"]);
}

#[test]
fn a_name_that_climbs_is_only_a_name() {
    let bytes = zip(&[("../../etc/passwd", b"a,b\n")]);
    let payload = Payload::open(&bytes, MAX).unwrap();
    assert_eq!(names(&payload), ["../../etc/passwd"]);
}

#[test]
fn a_bundle_gives_back_what_was_packed_archive_or_not() {
    let companions = Companions::from([("stations".to_owned(), b"{}".to_vec())]);
    let packed = pack("20260115050000.json", b"[1]", &companions).unwrap();
    assert_eq!(
        packed,
        pack("20260115050000.json", b"[1]", &companions).unwrap()
    );
    let payload = Payload::open(&packed, MAX).unwrap();
    assert_eq!(payload.companions, companions);
    assert_eq!(names(&payload), ["20260115050000.json"]);
    assert_eq!(&payload.files[0].bytes[..], b"[1]");

    let inner = zip(&[("a.json", b"1"), ("b.json", b"2")]);
    let packed = pack("drop.zip", &inner, &companions).unwrap();
    let payload = Payload::open(&packed, MAX).unwrap();
    assert_eq!(names(&payload), ["a.json", "b.json"]);
    assert_eq!(payload.companions, companions);
}

#[test]
fn a_payload_that_packs_tightly_is_read_back_from_its_bundle() {
    let payload = "-999,".repeat(MAX / 6).into_bytes();
    let packed = pack("a.csv", &payload, &Companions::new()).unwrap();
    assert!(packed.len() * 200 < payload.len());
    let opened = Payload::open(&packed, MAX).unwrap();
    assert_eq!(&opened.files[0].bytes[..], payload);
}

#[test]
fn bombs_and_what_is_not_read_are_refused_with_their_reason() {
    let zeros = |n: usize| vec![0; n];
    // Random enough that the ratio is not what stops it.
    let noise = |n: usize| -> Vec<u8> {
        (0..n as u64)
            .map(|i| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as u8)
            .collect()
    };
    let many: Vec<(String, Vec<u8>)> = (0..1001).map(|i| (format!("{i}"), Vec::new())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (&n[..], &b[..])).collect();
    let large = noise(MAX + 1);
    let part = noise(MAX - 10);
    let nested = zip(&[("a.csv", b"a")]);
    let mut cut = zip(&[("a.csv", b"a")]);
    cut.truncate(cut.len() - 10);
    let cases: [(Vec<u8>, &str); 6] = [
        (zip(&[("z.csv", &zeros(3 * 1024 * 1024))]), "200 times"),
        (zip(&[("l.csv", &large)]), "more than 4194304 bytes"),
        (
            zip(&["a", "b", "c", "d", "e"].map(|name| (name, &part[..]))),
            "more than 16777216 bytes",
        ),
        (zip(&many), "1001 entries"),
        (zip(&[("n.zip", &nested)]), "archive within"),
        (cut, "not a readable zip"),
    ];
    for (bytes, wanted) in cases {
        let error = Payload::open(&bytes, MAX).unwrap_err().to_string();
        assert!(error.contains(wanted), "{wanted:?} is not in {error:?}");
    }
}

#[test]
fn a_header_that_lies_about_the_size_helps_nobody() {
    let mut bytes = zip(&[("z.csv", &vec![0; 3 * 1024 * 1024])]);
    // The unpacked size stands in the local header at 22 and in the central one at 24.
    let central = bytes
        .windows(4)
        .position(|w| w == b"PK\x01\x02")
        .expect("a central directory");
    for at in [22, central + 24] {
        bytes[at..at + 4].copy_from_slice(&5_u32.to_le_bytes());
    }
    assert!(Payload::open(&bytes, MAX).is_err());
}

fn decode_numbers(bytes: &[u8]) -> Result<crate::Decoded, crate::DecodeError> {
    decode_files(bytes, 100, |file, _| {
        let text = std::str::from_utf8(&file.bytes).unwrap();
        let number = text
            .parse::<u32>()
            .map_err(|_| crate::DecodeError("no number".to_owned()))?;
        Ok(crate::Decoded {
            notes: vec![number.to_string()],
            ..Default::default()
        })
    })
}

#[test]
fn a_file_that_cannot_be_read_is_rejected_by_name_and_the_others_go_on() {
    let bytes = zip(&[("a.txt", b"1"), ("b.txt", b"one"), ("c.txt", b"3")]);
    let decoded = decode_numbers(&bytes).unwrap();
    assert_eq!(decoded.notes, ["a.txt: 1", "c.txt: 3"]);
    let rejection = &decoded.rejections[0];
    assert_eq!(
        (
            rejection.position,
            &rejection.reason[..],
            &rejection.record[..]
        ),
        (1, "b.txt: no number", "one")
    );
    // Of a single file nothing is said but what is wrong.
    let cases: [(Vec<u8>, &str); 5] = [
        (b"one".to_vec(), "no number"),
        (
            zip(&[("b.txt", b"one"), ("c.txt", b"two")]),
            "b.txt: no number; c.txt: no number",
        ),
        (zip(&[]), "no file that could be data"),
        (vec![b'1'; 101], "101 bytes, more than the 100"),
        (vec![b'1'; 401], "401 bytes, more than the 100"),
    ];
    for (bytes, wanted) in cases {
        let error = decode_numbers(&bytes).unwrap_err().to_string();
        assert!(error.contains(wanted), "{wanted:?} is not in {error:?}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        at in 0usize..400,
        value in any::<u8>(),
    ) {
        let _ = Payload::open(&[b"PK\x03\x04".to_vec(), bytes].concat(), MAX);
        let mut mutated = pack("a.json", b"[1,2,3]", &Companions::from([("s".to_owned(), b"{}".to_vec())])).unwrap();
        let at = at % mutated.len();
        mutated[at] = value;
        let _ = Payload::open(&mutated, MAX);
    }
}
