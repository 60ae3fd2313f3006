use super::*;
use proptest::prelude::*;

const HEADER: &str = "vehicle_id,observed_at,lon,lat,heading_deg,speed_kmh,working,work_kind\n";

fn read(rows: &str) -> FixesCsv {
    decode_fixes(format!("{HEADER}{rows}").as_bytes()).unwrap()
}

#[test]
fn bad_rows_name_line_and_field_and_the_rest_goes_on() {
    let read = read(
        "a,2026-01-15T05:00:00+09:00,140.6,40.7,90,20,1,\n\
         a,yesterday,140.6,40.7,,,,\n\
         a,1768420800,240.6,40.7,,,,\n\
         ,1768420800,140.6,40.7,,,,\n\
         a,1768420801.5,140.6,40.7,,,0,\n\
         a,1768420802,140.6,40.7,,,,mowing\n\
         a,1768420803,140.6,40.7,,,2,\n\
         a,1768420804,140.6,north,,,,\n",
    );
    let bad: Vec<(u64, &str)> = read
        .bad_rows
        .iter()
        .map(|b| (b.line, b.field.as_str()))
        .collect();
    assert_eq!(
        bad,
        [
            (3, "observed_at"),
            (4, "lon"),
            (5, "vehicle_id"),
            (7, "work_kind"),
            (8, "working"),
            (9, "lat")
        ]
    );
    let rows: Vec<u32> = read.fixes.iter().map(|(row, _)| *row).collect();
    assert_eq!(rows, [0, 4]);
    assert_eq!(read.fixes[0].1.work, Some(WorkKind::Plowing));
    assert_eq!(read.fixes[1].1.work, Some(WorkKind::Transit));
    assert_eq!(
        read.fixes[1].1.observed_at.as_millisecond(),
        1_768_420_801_500
    );
}

#[test]
fn a_course_or_speed_that_cannot_be_costs_the_value_and_not_the_row() {
    let read = read(
        "a,1768420800,140.6,40.7,360,200,1,\n\
         a,1768420801,140.6,40.7,-1,20,1,\n\
         a,1768420802,140.6,40.7,400,-3,1,\n\
         a,1768420803,140.6,40.7,90,255,1,\n",
    );
    let motion: Vec<_> = (read.fixes.iter())
        .map(|(_, fix)| (fix.heading_deg, fix.speed_kmh))
        .collect();
    let expected = [
        (Some(360.0), Some(200.0)),
        (None, Some(20.0)),
        (None, None),
        (Some(90.0), None),
    ];
    assert_eq!(motion, expected);
    assert_eq!(read.bad_rows, []);
    let dropped: Vec<(u64, &str)> = (read.dropped_values.iter())
        .map(|value| (value.line, value.field.as_str()))
        .collect();
    let expected = [
        (3, "heading_deg"),
        (4, "heading_deg"),
        (4, "speed_kmh"),
        (5, "speed_kmh"),
    ];
    assert_eq!(dropped, expected);
}

#[test]
fn an_unclosed_quote_swallows_no_other_row() {
    let good = |second: u32| format!("a,{},140.6,40.7,,,,\n", 1_768_420_800 + second);
    let open = "\"a,1768420801,140.6,40.7,,,,\n";
    let cases = [
        // To the end of the file, and to the next quote.
        format!("{}{open}{}{}", good(0), good(2), good(3)),
        format!(
            "{}{open}{}\"a\",1768420803,140.6,40.7,,,,\n",
            good(0),
            good(2)
        ),
        format!("{}\n{open}{}{}", good(0), good(2), good(3)),
    ];
    for (rows, line) in cases.iter().zip([3, 3, 4]) {
        let read = read(rows);
        let taken: Vec<u32> = read.fixes.iter().map(|(row, _)| *row).collect();
        assert_eq!(taken, [0, 2, 3], "{rows} {:?}", read.bad_rows);
        assert_eq!(read.bad_rows.len(), 1, "{:?}", read.bad_rows);
        assert_eq!(
            (read.bad_rows[0].line, read.bad_rows[0].field.as_str()),
            (line, "row")
        );
    }
    // The file's last line may lack its end, and a remark may go over lines.
    let header = "vehicle_id,observed_at,lon,lat,remark\n";
    let remark = "a,0,140.6,40.7,\"two\nlines\"\nb,1,140.6,40.7,\"one\"";
    let read = decode_fixes(format!("{header}{remark}").as_bytes()).unwrap();
    assert_eq!((read.fixes.len(), read.bad_rows.len()), (2, 0));
    assert_eq!(read.fixes[1].0, 1);
}

#[test]
fn the_type_of_a_vehicle_says_what_it_clears() {
    let header = "vehicle_id,observed_at,lon,lat,working,vehicle_type\n";
    let rows = "a,0,140.6,40.7,1,patrol\nb,0,140.6,40.7,1,\nc,0,140.6,40.7,1,sled\n";
    let read = decode_fixes(format!("{header}{rows}").as_bytes()).unwrap();
    let works: Vec<_> = read.fixes.iter().map(|(_, fix)| fix.work).collect();
    assert_eq!(works, [Some(WorkKind::Transit), Some(WorkKind::Plowing)]);
    assert_eq!(read.bad_rows[0].field, "vehicle_type");
}

#[test]
fn a_header_without_a_column_is_said() {
    let error = decode_fixes(b"vehicle_id,observed_at,lat\n").unwrap_err();
    assert_eq!((error.line, error.field.as_str()), (1, "lon"));
}

#[test]
fn optional_columns_may_be_absent_and_a_bom_present() {
    let read =
        decode_fixes(b"\xEF\xBB\xBFlat,lon,observed_at,vehicle_id\n40.7,140.6,0,a\n").unwrap();
    assert_eq!(read.fixes.len(), 1);
    assert_eq!(read.fixes[0].1.work, None);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode_fixes(&bytes);
        let mut with_header = HEADER.as_bytes().to_vec();
        with_header.extend(bytes);
        let _ = decode_fixes(&with_header);
    }
}
