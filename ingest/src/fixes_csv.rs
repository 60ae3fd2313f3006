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
    /// Values that can't be, of rows that were taken without them.
    pub dropped_values: Vec<BadRow>,
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
                Ok(mut fix) => {
                    for (field, reason) in fix.drop_impossible_motion() {
                        read.dropped_values.push(BadRow {
                            line,
                            field: field.to_owned(),
                            reason,
                        });
                    }
                    read.fixes.push((row, fix));
                }
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
mod tests;
