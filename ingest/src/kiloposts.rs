//! A road manager's table of kiloposts (距離標), as `yukimichi kiloposts import` reads it.
//!
//! CSV with a header: `route,km,lon,lat` and optional `carriageway,name`, or the Japanese words for
//! them (路線, 距離標, 経度, 緯度, 上下, 地点名). Kilometres are `12.3`, `12k300` or `12K+300`; the
//! carriageway is 上り or 下り, empty for both.

use crate::decoded::DecodeError;
use crate::table::{Column, ColumnNames, Row, Table, TableSettings};
use crate::text::{decode_text, kept_name, normalize, number, number_in};
use domain::fix::Rejection;
use domain::geometry::LonLat;
use domain::kilopost::Kilopost;
use domain::work::Direction;

/// What a table of kiloposts holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DecodedKiloposts {
    /// Good posts with their 1-based lines, in the order of the file.
    pub posts: Vec<(u64, Kilopost)>,
    /// Rows that were not taken.
    pub rejections: Vec<Rejection>,
}

const ENGLISH: [&str; 4] = ["route", "km", "lon", "lat"];
const JAPANESE: [&str; 4] = ["路線", "距離標", "経度", "緯度"];
const CARRIAGEWAY: [&str; 2] = ["carriageway", "上下"];
const NAME: [&str; 2] = ["name", "地点名"];

/// Reads the table; its encoding (UTF-8, CP932) and delimiter are found out.
///
/// # Errors
/// When it is no table, or the header lacks a column.
pub fn decode_kiloposts(bytes: &[u8]) -> Result<DecodedKiloposts, DecodeError> {
    let text = decode_text(bytes, None)?;
    let (table, columns, names) = match open(&text, ENGLISH) {
        Ok((table, columns)) => (table, columns, ENGLISH),
        Err(error) => match open(&text, JAPANESE) {
            Ok((table, columns)) => (table, columns, JAPANESE),
            Err(_) => return Err(error),
        },
    };
    let optional = |names: [&str; 2]| {
        let mut cells = table.header().iter();
        cells.position(|cell| names.contains(&cell.as_str()))
    };
    let columns = Columns {
        required: columns,
        names,
        carriageway: optional(CARRIAGEWAY),
        name: optional(NAME),
    };
    let mut decoded = DecodedKiloposts::default();
    let mut rows = table.rows();
    while let Some(row) = rows.next_row() {
        let post = row.and_then(|row| match post_of(&row, &columns) {
            Ok(post) => Ok((row.line(), post)),
            Err((field, reason)) => Err(row.reject(&field, reason)),
        });
        match post {
            Ok(post) => decoded.posts.push(post),
            Err(rejection) => decoded.rejections.push(rejection),
        }
    }
    Ok(decoded)
}

fn open<'t>(text: &'t str, names: [&str; 4]) -> Result<(Table<'t>, [Column; 4]), DecodeError> {
    let mut wanted = ColumnNames::default();
    let columns = names.map(|name| wanted.add(name, name));
    let table = Table::open(text, &TableSettings::default(), &wanted)?;
    Ok((table, columns))
}

struct Columns {
    required: [Column; 4],
    names: [&'static str; 4],
    carriageway: Option<usize>,
    name: Option<usize>,
}

fn post_of(row: &Row<'_, '_>, columns: &Columns) -> Result<Kilopost, (String, String)> {
    let cell = |i: usize| row.get(columns.required[i]);
    let bad = |i: usize| move |reason: String| (columns.names[i].to_owned(), reason);
    let route = kept_name(cell(0)).map_err(bad(0))?;
    let km = kilometres(cell(1)).map_err(bad(1))?;
    let degrees = |i: usize, limit: f64| {
        let value = number_in(cell(i), &["°", "度"]).map_err(bad(i))?;
        let value = value.ok_or_else(|| bad(i)("is missing".to_owned()))?;
        if value.abs() > limit {
            return Err(bad(i)(format!(
                "{value} lies outside -{limit}..{limit} degrees"
            )));
        }
        Ok(value)
    };
    let at = LonLat::new(degrees(2, 180.0)?, degrees(3, 90.0)?);
    let optional = |at: Option<usize>| at.map(|at| row.cell(at)).filter(|cell| !cell.is_empty());
    let carriageway = carriageway(optional(columns.carriageway).unwrap_or_default())
        .map_err(|reason| ("carriageway".to_owned(), reason))?;
    let name = optional(columns.name)
        .map(|name| kept_name(name).map(normalize))
        .transpose()
        .map_err(|reason| ("name".to_owned(), reason))?;
    Ok(Kilopost {
        route: normalize(route),
        km,
        at,
        carriageway,
        name,
    })
}

/// `12.3`, `12.3km`, `12k300`, `12K+300`.
fn kilometres(cell: &str) -> Result<f64, String> {
    let text = normalize(cell).to_ascii_lowercase();
    let bad = || format!("{cell:?} is no kilometre such as 12.3 or 12k300");
    let km = match text.split_once('k') {
        Some((km, "" | "m" | "p")) => number(km.trim())?.ok_or_else(bad)?,
        Some((km, metres)) => {
            let is_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
            let metres = metres.trim_start_matches('m').trim_start_matches('+');
            let metres = metres.trim().trim_end_matches('m');
            // Three digits are metres; `12k3` may be 300 m or 3.
            if !is_digits(km.trim()) || !is_digits(metres) || metres.len() != 3 {
                return Err(bad());
            }
            let read = |s: &str| s.trim().parse::<f64>().map_err(|_| bad());
            read(km)? + 0.001 * read(metres)?
        }
        None => number(&text)?.ok_or_else(|| "is missing".to_owned())?,
    };
    // Posts before the origin of a lengthened road are counted below 0.
    if (-100.0..=5000.0).contains(&km) {
        Ok(km)
    } else {
        Err(format!("km {km} is on no road of Japan"))
    }
}

fn carriageway(cell: &str) -> Result<Option<Direction>, String> {
    match normalize(cell).to_ascii_lowercase().as_str() {
        "" | "-" | "上下" | "上下線" | "両方" | "both" => Ok(None),
        "上り" | "上" | "上り線" | "up" => Ok(Some(Direction::Forward)),
        "下り" | "下" | "下り線" | "down" => Ok(Some(Direction::Backward)),
        other => Err(format!(
            "{other:?} is neither 上り nor 下り (nor empty for both)"
        )),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rejected(decoded: &DecodedKiloposts) -> Vec<(u64, &str, &str)> {
        let rejections = decoded.rejections.iter();
        rejections
            .map(|r| (r.position, r.field.as_str(), r.reason.as_str()))
            .collect()
    }

    #[test]
    fn good_rows_are_taken_and_bad_ones_named() {
        let csv = "\u{feff}距離標一覧,,,,,\n路線,距離標,経度,緯度,上下,地点名\n\
            国道７号,１２ｋ３００,140.70,40.80,,青森橋\n\
            国道7号,12.4,140.71,40.81,上り,\n\
            国道7号,12K+500,140.72,40.82,下り線,\n\
            国道7号,12k5,140.72,40.82,,\n\
            国道7号,,140.72,40.82,,\n\
            ,12.6,140.72,40.82,,\n\
            国道7号,12.7,40.82,140.72,,\n\
            国道7号,12.8,140.72,,,\n\
            国道7号,12.9,140.72,40.82,右,\n\
            国道7号,13.0\n";
        let decoded = decode_kiloposts(csv.as_bytes()).unwrap();
        let told: Vec<_> = (decoded.posts.iter())
            .map(|(line, p)| {
                (
                    *line,
                    p.route.as_str(),
                    p.km,
                    p.carriageway,
                    p.name.as_deref(),
                )
            })
            .collect();
        let (up, down) = (Some(Direction::Forward), Some(Direction::Backward));
        assert_eq!(
            told,
            [
                (3, "国道7号", 12.3, None, Some("青森橋")),
                (4, "国道7号", 12.4, up, None),
                (5, "国道7号", 12.5, down, None),
            ]
        );
        assert_eq!(decoded.posts[0].1.at, LonLat::new(140.70, 40.80));
        assert_eq!(
            rejected(&decoded),
            [
                (
                    6,
                    "距離標",
                    "\"12k5\" is no kilometre such as 12.3 or 12k300"
                ),
                (7, "距離標", "is missing"),
                (8, "路線", "is empty"),
                (9, "緯度", "140.72 lies outside -90..90 degrees"),
                (10, "緯度", "is missing"),
                (
                    11,
                    "carriageway",
                    "\"右\" is neither 上り nor 下り (nor empty for both)"
                ),
                (12, "", "2 cells under a header of 6"),
            ]
        );
    }

    #[test]
    fn english_headers_and_cp932_are_read() {
        let english = decode_kiloposts(b"route;km;lon;lat;carriageway\n7;1.5;140.7;40.8;up\n");
        let post = &english.unwrap().posts[0].1;
        assert_eq!((post.km, post.carriageway), (1.5, Some(Direction::Forward)));
        // 路線,距離標,経度,緯度 and 国道7号 in CP932.
        let cp932 = b"\x98\x48\x90\xfc,\x8b\x97\x97\xa3\x95\x57,\x8co\x93x,\x88\xdc\x93x\n\x8d\x91\x93\xb97\x8d\x86,2,140.7,40.8\n";
        let decoded = decode_kiloposts(cp932).unwrap();
        assert_eq!(decoded.posts[0].1.route, "国道7号");
    }

    #[test]
    fn a_missing_column_is_named() {
        let error = decode_kiloposts(b"route,km,lon\n7,1,140\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "lat: there is no column \"lat\"; the columns are route, km, lon"
        );
        assert!(decode_kiloposts(b"").is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = decode_kiloposts(&bytes);
        }

        #[test]
        fn no_cells_panic(cells in prop::collection::vec("[^\r\n\"]{0,12}", 0..24)) {
            let body: Vec<String> = cells.chunks(6).map(|row| row.join(",")).collect();
            let csv = format!("route,km,lon,lat,carriageway,name\n{}\n", body.join("\n"));
            let decoded = decode_kiloposts(csv.as_bytes()).unwrap();
            for (_, post) in &decoded.posts {
                prop_assert!(post.at.is_valid() && post.km.is_finite());
            }
        }
    }
}
