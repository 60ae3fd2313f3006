//! The CSV of fixes that `yukimichi match` reads (design §6).

use crate::text::unix_seconds;
use crate::vehicle_words::VehicleWords;
use domain::fix::PlowFix;
use domain::geometry::LonLat;
use domain::work::WorkKind;
use jiff::Timestamp;

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// 1-based line of the file.
    pub line: u64,
    /// The column at fault.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

/// What a file of fixes holds.
#[derive(Debug, Clone, Default)]
pub struct FixesCsv {
    /// Good fixes with their 0-based data rows, in the order of the file.
    pub fixes: Vec<(u32, PlowFix)>,
    /// Rows that were not taken.
    pub bad_rows: Vec<BadRow>,
}

const REQUIRED: [&str; 4] = ["vehicle_id", "observed_at", "lon", "lat"];

struct Columns {
    required: [usize; 4],
    heading_deg: Option<usize>,
    speed_kmh: Option<usize>,
    working: Option<usize>,
    work_kind: Option<usize>,
    vehicle_type: Option<usize>,
}

/// Reads the CSV.
///
/// # Errors
/// A [`BadRow`] for line 1 when the header lacks a required column or is no CSV at all.
pub fn decode_fixes(bytes: &[u8]) -> Result<FixesCsv, BadRow> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let header = reader.headers().map_err(|e| BadRow {
        line: 1,
        field: "header".to_owned(),
        reason: e.to_string(),
    })?;
    let columns = columns_of(header)?;
    let begins = reader.position().byte() as usize;
    let mut read = FixesCsv::default();
    read_rows(bytes, begins, &columns, &mut read);
    Ok(read)
}

/// Reads the rows from a byte on. A quote that is never closed would swallow all that follows, so the
/// row that opens it is bad, and reading begins anew on the next line.
fn read_rows(bytes: &[u8], begins: usize, columns: &Columns, read: &mut FixesCsv) {
    let newlines = |bytes: &[u8]| bytes.iter().filter(|b| **b == b'\n').count() as u64;
    let (mut from, mut row) = (begins, 0u32);
    let mut line_before = newlines(&bytes[..begins]);
    'anew: loop {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .trim(csv::Trim::All)
            .from_reader(&bytes[from..]);
        let mut record = csv::StringRecord::new();
        loop {
            let (line, fix) = match reader.read_record(&mut record) {
                Ok(false) => return,
                Ok(true) => {
                    let at = record.position();
                    let begun = from + at.map_or(0, |at| at.byte() as usize);
                    let ends = from + reader.position().byte() as usize;
                    // A record's position is before the empty lines that it was looked for on.
                    let empty = blank(&bytes[begun..ends]);
                    let empty_lines = newlines(&bytes[begun..begun + empty]);
                    let line = line_before + at.map_or(0, csv::Position::line) + empty_lines;
                    let begun = begun + empty;
                    if let Some(next) = runs_on(bytes, begun, ends, &record, columns) {
                        let reason = "a quote is opened and not closed on its line";
                        read.refuse(line, ("row".to_owned(), reason.to_owned()));
                        line_before += newlines(&bytes[from..next]);
                        (from, row) = (next, row + 1);
                        continue 'anew;
                    }
                    (line, fix_of(&record, columns))
                }
                Err(e) => (
                    line_before + e.position().map_or(0, csv::Position::line),
                    Err(("row".to_owned(), e.to_string())),
                ),
            };
            match fix {
                Ok(fix) => read.fixes.push((row, fix)),
                Err(bad) => read.refuse(line, bad),
            }
            row += 1;
        }
    }
}

impl FixesCsv {
    fn refuse(&mut self, line: u64, (field, reason): Bad) {
        self.bad_rows.push(BadRow {
            line,
            field,
            reason,
        });
    }
}

/// How many bytes of white space lead.
fn blank(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii_whitespace()).count()
}

/// Where the next line begins when a record runs over several because of a quote that should have been
/// closed: it ends with the file, or a field that is read goes over lines. A remark may.
fn runs_on(
    bytes: &[u8],
    begins: usize,
    ends: usize,
    record: &csv::StringRecord,
    columns: &Columns,
) -> Option<usize> {
    let text = &bytes[begins..ends];
    let next = begins + 1 + bytes[begins..ends].iter().position(|b| *b == b'\n')?;
    let is_open = text.iter().filter(|b| **b == b'"').count() % 2 == 1;
    let is_broken = |column: usize| record.get(column).is_some_and(|v| v.contains('\n'));
    let runs_on = (ends == bytes.len() && is_open) || columns.all().any(is_broken);
    runs_on.then_some(next)
}

impl Columns {
    fn all(&self) -> impl Iterator<Item = usize> {
        let optional = [
            self.heading_deg,
            self.speed_kmh,
            self.working,
            self.work_kind,
            self.vehicle_type,
        ];
        self.required
            .into_iter()
            .chain(optional.into_iter().flatten())
    }
}

fn columns_of(header: &csv::StringRecord) -> Result<Columns, BadRow> {
    let find = |name: &str| header.iter().position(|h| h == name);
    let mut required = [0; 4];
    for (slot, name) in required.iter_mut().zip(REQUIRED) {
        *slot = find(name).ok_or_else(|| BadRow {
            line: 1,
            field: name.to_owned(),
            reason: format!(
                "the header lacks this column; it needs {}",
                REQUIRED.join(",")
            ),
        })?;
    }
    Ok(Columns {
        required,
        heading_deg: find("heading_deg"),
        speed_kmh: find("speed_kmh"),
        working: find("working"),
        work_kind: find("work_kind"),
        vehicle_type: find("vehicle_type"),
    })
}

type Bad = (String, String);

fn fix_of(record: &csv::StringRecord, columns: &Columns) -> Result<PlowFix, Bad> {
    let need = |i: usize| -> Result<&str, Bad> {
        match record.get(columns.required[i]) {
            Some("") | None => Err((REQUIRED[i].to_owned(), "is missing".to_owned())),
            Some(value) => Ok(value),
        }
    };
    let optional = |column: Option<usize>| {
        column
            .and_then(|c| record.get(c))
            .filter(|value| !value.is_empty())
    };
    let degrees = |i: usize, limit: f64| -> Result<f64, Bad> {
        let value = number(REQUIRED[i], need(i)?)?;
        if value.abs() <= limit {
            Ok(value)
        } else {
            let reason = format!("{value} lies outside -{limit}..{limit} degrees");
            Err((REQUIRED[i].to_owned(), reason))
        }
    };
    let vehicle_id = need(0)?.to_owned();
    let observed_at = time_of(need(1)?)?;
    let at = LonLat::new(degrees(2, 180.0)?, degrees(3, 90.0)?);
    let heading_deg = optional(columns.heading_deg)
        .map(|v| number("heading_deg", v))
        .transpose()?;
    let speed_kmh = optional(columns.speed_kmh)
        .map(|v| number("speed_kmh", v))
        .transpose()?;
    let kind = optional(columns.work_kind)
        .map(|v| {
            WorkKind::parse(v).ok_or_else(|| {
                let names = WorkKind::ALL.map(WorkKind::as_str).join(", ");
                ("work_kind".to_owned(), format!("{v:?} is none of {names}"))
            })
        })
        .transpose()?;
    let working = match optional(columns.working) {
        None => None,
        Some("1") => Some(true),
        Some("0") => Some(false),
        Some(other) => {
            return Err((
                "working".to_owned(),
                format!("{other:?} is neither 0 nor 1"),
            ));
        }
    };
    let told = match (working, kind) {
        (Some(false), _) => Some(WorkKind::Transit),
        (Some(true), None | Some(WorkKind::Transit)) => Some(WorkKind::Plowing),
        (_, kind) => kind,
    };
    let work = VehicleWords::default()
        .work(optional(columns.vehicle_type), told)
        .map_err(|reason| ("vehicle_type".to_owned(), reason))?;
    Ok(PlowFix {
        vehicle_id,
        observed_at,
        at,
        heading_deg,
        speed_kmh,
        work,
    })
}

fn number(field: &str, value: &str) -> Result<f64, Bad> {
    match value.parse::<f64>() {
        Ok(n) if n.is_finite() => Ok(n),
        _ => Err((field.to_owned(), format!("{value:?} is not a number"))),
    }
}

/// RFC 3339, or Unix seconds with or without a fraction.
fn time_of(value: &str) -> Result<Timestamp, Bad> {
    let bad = || {
        let reason = format!("{value:?} is neither an RFC 3339 time nor Unix seconds");
        ("observed_at".to_owned(), reason)
    };
    if let Ok(at) = value.parse::<Timestamp>() {
        return Ok(at);
    }
    let seconds: f64 = value.parse().map_err(|_| bad())?;
    unix_seconds(seconds).ok_or_else(bad)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
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
}
