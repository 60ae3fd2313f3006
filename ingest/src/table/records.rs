//! From text to records of cells, with line numbers. An open quote costs its own line, not the rest of
//! the file.

use csv_core::ReadRecordResult;

/// Most lines that a quoted cell may run over.
const LONGEST_RECORD_LINES: usize = 20;

/// One record as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record<'t> {
    /// 1-based line where it begins.
    pub(super) line: u64,
    /// Its text without the line end.
    pub(super) text: &'t str,
    /// The text from where it begins.
    from: &'t str,
    /// Its cells, or what is wrong with it.
    pub(super) cells: Result<Cells, &'static str>,
}

/// The cells of a record in one string.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)?;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        self.text.get(start..end)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at).unwrap_or_default())
    }
}

/// Reads records one after another; blank lines are none.
#[derive(Debug)]
pub(super) struct Records<'t> {
    rest: &'t str,
    line: u64,
    reader: csv_core::Reader,
    out: Vec<u8>,
    ends: Vec<usize>,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t str, delimiter: u8) -> Self {
        Records {
            rest: text,
            line: 1,
            reader: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            out: vec![0; 1024],
            ends: vec![0; 64],
        }
    }

    /// Reads one record from the start of `rest`: its cells, its lines and its bytes; `None` when a quote
    /// stays open.
    fn cells(&mut self) -> Option<(Cells, usize, usize)> {
        self.reader.reset();
        let (mut taken, mut written, mut ended) = (0, 0, 0);
        for lines in 1..=LONGEST_RECORD_LINES {
            let line = first_line(&self.rest[taken..]);
            taken += line.len();
            // The last line may lack its end, which tells the reader that the record is over.
            for input in [
                line,
                if line.ends_with(['\n', '\r']) {
                    ""
                } else {
                    "\n"
                },
            ] {
                let mut input = input.as_bytes();
                while !input.is_empty() {
                    let out = &mut self.out[written..];
                    let (result, read, wrote, found) =
                        self.reader.read_record(input, out, &mut self.ends[ended..]);
                    input = &input[read..];
                    written += wrote;
                    ended += found;
                    match result {
                        ReadRecordResult::OutputFull => self.out.resize(self.out.len() * 2, 0),
                        ReadRecordResult::OutputEndsFull => {
                            self.ends.resize(self.ends.len() * 2, 0);
                        }
                        ReadRecordResult::InputEmpty => break,
                        ReadRecordResult::Record | ReadRecordResult::End => {
                            let text = String::from_utf8(self.out[..written].to_vec()).ok()?;
                            let ends = self.ends[..ended].to_vec();
                            return Some((Cells { text, ends }, lines, taken));
                        }
                    }
                }
            }
            if taken == self.rest.len() {
                return None;
            }
        }
        None
    }
}

impl<'t> Iterator for Records<'t> {
    type Item = Record<'t>;

    fn next(&mut self) -> Option<Record<'t>> {
        loop {
            let first = first_line(self.rest);
            if first.is_empty() {
                return None;
            }
            let line = self.line;
            if first.trim().is_empty() {
                self.advance(first.len(), 1);
                continue;
            }
            let (cells, lines, bytes) = match self.cells() {
                Some((cells, lines, bytes)) => (Ok(cells), lines, bytes),
                // Only this line is given up; the next may be whole.
                None => (Err("a quote is opened and not closed"), 1, first.len()),
            };
            let from = self.rest;
            let text = from[..bytes].trim_end_matches(['\n', '\r']);
            self.advance(bytes, lines);
            return Some(Record {
                line,
                text,
                from,
                cells,
            });
        }
    }
}

impl<'t> Records<'t> {
    /// Goes back to the line after a record's first, where the record makes no sense and ran over several;
    /// it is then that line alone.
    pub(super) fn keep_first_line(&mut self, record: &mut Record<'t>) -> bool {
        let first = first_line(record.from);
        let several = record.text.len() > first.len();
        if several {
            self.rest = &record.from[first.len()..];
            self.line = record.line + 1;
            record.text = first.trim_end_matches(['\n', '\r']);
        }
        several
    }

    fn advance(&mut self, bytes: usize, lines: usize) {
        self.rest = &self.rest[bytes..];
        self.line += lines as u64;
    }
}

/// The first line with its end (`\n`, `\r\n` or `\r`).
fn first_line(text: &str) -> &str {
    let Some(at) = text.find(['\n', '\r']) else {
        return text;
    };
    let end = if text[at..].starts_with("\r\n") {
        at + 2
    } else {
        at + 1
    };
    &text[..end]
}
