#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

fn names(wanted: &[&str]) -> (ColumnNames, Vec<Column>) {
    let mut names = ColumnNames::default();
    let columns = wanted.iter().map(|name| names.add(name, name)).collect();
    (names, columns)
}

/// Lines and wanted cells of good rows; lines and reasons of the others.
type Read = (Vec<(u64, Vec<String>)>, Vec<(u64, String)>);

fn read(text: &str, settings: &TableSettings, wanted: &[&str]) -> Result<Read, String> {
    let (names, columns) = names(wanted);
    let table = Table::open(text, settings, &names).map_err(|e| e.to_string())?;
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let mut rows = table.rows();
    while let Some(row) = rows.next_row() {
        match row {
            Ok(row) => {
                let cells = columns.iter().map(|c| row.get(*c).to_owned()).collect();
                good.push((row.line(), cells));
            }
            Err(rejection) => bad.push((rejection.position, rejection.reason)),
        }
    }
    Ok((good, bad))
}

fn cells(row: &[&str]) -> Vec<String> {
    row.iter().map(|&cell| cell.to_owned()).collect()
}

#[test]
fn the_header_is_found_below_titles_with_any_delimiter_and_line_end() {
    for delimiter in [",", "\t", ";"] {
        for end in ["\n", "\r\n", "\r"] {
            let text = [
                "除雪車位置一覧",
                "",
                "番号,車両 ,ｼﾞｶﾝ",
                "1, 7号,\"5:00\"",
                "",
                ",,",
                "2,8号,6:00",
            ]
            .join(end)
            .replace(',', delimiter);
            let (good, bad) = read(&text, &TableSettings::default(), &["ジカン", "車両"]).unwrap();
            let wanted = [(4, cells(&["5:00", "7号"])), (7, cells(&["6:00", "8号"]))];
            assert_eq!(
                (good.as_slice(), bad.as_slice()),
                (&wanted[..], &[][..]),
                "{text}"
            );
        }
    }
}

#[test]
fn a_missing_column_is_named_with_those_that_are_there() {
    let error = read(
        "車両,時刻\n1,2\n",
        &TableSettings::default(),
        &["車両", "経度"],
    )
    .unwrap_err();
    assert!(
        error.contains("経度") && error.contains("車両, 時刻"),
        "{error}"
    );
    let error = read("a,a\n1,2\n", &TableSettings::default(), &["a"]).unwrap_err();
    assert!(error.contains("several"), "{error}");
    let error = read(" \n", &TableSettings::default(), &["a"]).unwrap_err();
    assert!(error.contains("empty"), "{error}");
}

#[test]
fn a_damaged_row_costs_that_row_alone() {
    let text = "a,b\n1,2\n3\n4,5,6\n7,8,\n\"9,0\n1,\"x \"\"y\"\"\nz\"\n2,3";
    let (good, bad) = read(text, &TableSettings::default(), &["a", "b"]).unwrap();
    let lines: Vec<u64> = good.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 5, 7, 9]);
    assert_eq!(good[2].1, cells(&["1", "x \"y\"\nz"]));
    let lines: Vec<u64> = bad.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 4, 6]);
}

#[test]
fn an_open_quote_takes_its_line_only() {
    let mut text = "a,b\n\"1,2\n".to_owned();
    for i in 0..40 {
        text.push_str(&format!("{i},x\n"));
    }
    let (good, bad) = read(&text, &TableSettings::default(), &["a", "b"]).unwrap();
    assert_eq!((good.len(), bad.len()), (40, 1));
    assert!(bad[0].1.contains("quote"), "{}", bad[0].1);
}

#[test]
fn a_table_without_header_names_columns_by_number() {
    let settings = TableSettings {
        header: Some(false),
        ..TableSettings::default()
    };
    let (good, _) = read("7;5:00\n8;6:00\n", &settings, &["2", "1"]).unwrap();
    assert_eq!(good[1], (2, cells(&["6:00", "8"])));
    assert!(
        read("7;5:00\n", &settings, &["3"])
            .unwrap_err()
            .contains("3")
    );
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[ab,;\t\"\r\n 　]{0,80}") {
        let _ = read(&text, &TableSettings::default(), &["a"]);
        let _ = read(&format!("a,b\n{text}"), &TableSettings::default(), &["a", "b"]);
    }

    #[test]
    fn what_a_writer_writes_is_read_back(rows in prop::collection::vec(("[^\0\u{feff}]{0,8}", "x.{0,8}"), 0..8)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["a", "b"]).unwrap();
        for (a, b) in &rows {
            writer.write_record([a, b]).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let (good, bad) = read(&text, &TableSettings::default(), &["a", "b"]).unwrap();
        prop_assert_eq!(bad, []);
        let good: Vec<Vec<String>> = good.into_iter().map(|(_, cells)| cells).collect();
        let wanted: Vec<Vec<String>> =
            rows.iter().map(|(a, b)| cells(&[a.trim(), b.trim()])).collect();
        prop_assert_eq!(good, wanted);
    }
}
