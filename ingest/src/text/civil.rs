//! Dates and times of day as people write them, without a zone: `2026/1/5 3:04`, `令和8年1月5日 3時4分`,
//! `R8.1.5 24:00`, `2月11日 19:00 現在`, `20260105 030400`.

use jiff::civil::Date;
use jiff::tz::Offset;

/// What a text says of date, time of day and offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    /// The year, where one is written.
    pub(super) year: Option<i16>,
    pub(super) month: i8,
    pub(super) day: i8,
    /// Seconds since the day's midnight, where a time of day is written; 24:00 and later pass midnight.
    pub(super) second_of_day: Option<u32>,
    /// Fraction of the second in nanoseconds.
    pub(super) nanosecond: i32,
    /// An offset of its own.
    pub(super) offset: Option<Offset>,
}

/// First years of the eras, and their letters.
const ERAS: [(&str, &str, i16); 3] = [
    ("令和", "R", 2019),
    ("平成", "H", 1989),
    ("昭和", "S", 1926),
];
/// Words that may follow a time and add nothing.
const TRAILERS: [&str; 5] = ["現在", "時点", "更新", "頃", "発表"];

/// Reads a normalised text; `None` when it is no date.
pub(super) fn read_civil(text: &str) -> Option<Written> {
    let mut scan = Scan(text.trim());
    let mut written = scan.compact().or_else(|| scan.date())?;
    scan.weekday();
    scan.eat(&["T", "t", ","]);
    scan.blanks();
    if written.second_of_day.is_none() && !scan.only_trailers() {
        let (second, nanosecond) = scan.time_of_day()?;
        written.second_of_day = Some(second);
        written.nanosecond = nanosecond;
        written.offset = scan.offset();
    }
    scan.only_trailers().then_some(written)
}

/// Reads a time of day alone, in seconds since midnight (24:00 and later allowed).
pub(super) fn read_time_of_day(text: &str) -> Option<u32> {
    let mut scan = Scan(text.trim());
    let (second, _) = scan.time_of_day()?;
    scan.only_trailers().then_some(second)
}

struct Scan<'a>(&'a str);

impl<'a> Scan<'a> {
    fn blanks(&mut self) {
        self.0 = self.0.trim_start();
    }

    fn eat(&mut self, words: &[&str]) -> bool {
        self.blanks();
        for word in words {
            if let Some(rest) = self.0.strip_prefix(word) {
                self.0 = rest;
                return true;
            }
        }
        false
    }

    /// Up to `most` digits as a number.
    fn digits(&mut self, most: usize) -> Option<i32> {
        self.blanks();
        let count = self.0.bytes().take_while(u8::is_ascii_digit).count();
        if count == 0 || count > most {
            return None;
        }
        let (number, rest) = self.0.split_at(count);
        self.0 = rest;
        number.parse().ok()
    }

    /// `20260105`, `202601050304`, `20260105030405`.
    fn compact(&mut self) -> Option<Written> {
        let count = self.0.bytes().take_while(u8::is_ascii_digit).count();
        if !matches!(count, 8 | 12 | 14) {
            return None;
        }
        let part = |from: usize, to: usize| self.0.get(from..to)?.parse::<i32>().ok();
        let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
        let second_of_day = if count == 8 {
            None
        } else {
            let second = if count == 14 { part(12, 14)? } else { 0 };
            Some(second_of_day(part(8, 10)?, part(10, 12)?, second)?)
        };
        self.0 = &self.0[count..];
        written(Some(year), month, day, second_of_day)
    }

    fn date(&mut self) -> Option<Written> {
        let era = ERAS
            .into_iter()
            .find_map(|(name, letter, first)| self.eat(&[name, letter]).then_some(first));
        let first = match era {
            Some(_) if self.eat(&["元"]) => 1,
            _ => self.digits(4)?,
        };
        if era.is_none() && self.eat(&["月"]) {
            let day = self.digits(2)?;
            return self.eat(&["日"]).then(|| written(None, first, day, None))?;
        }
        let separated_by_words = self.eat(&["年度"]) || self.eat(&["年"]);
        if separated_by_words {
            let month = self.digits(2)?;
            if !self.eat(&["月"]) {
                return None;
            }
            let day = self.digits(2)?;
            self.eat(&["日"]);
            return written(Some(year_of(era, first)?), month, day, None);
        }
        let separator = ["/", "-", "."].into_iter().find(|s| self.eat(&[s]))?;
        let second = self.digits(2)?;
        if !self.eat(&[separator]) {
            // 2/11: month and day.
            let short = era.is_none() && separator == "/";
            return short.then(|| written(None, first, second, None))?;
        }
        let day = self.digits(2)?;
        written(Some(year_of(era, first)?), second, day, None)
    }

    /// `(月)`, `(月曜日)`.
    fn weekday(&mut self) {
        self.blanks();
        if let Some(inner) = self.0.strip_prefix('(')
            && let Some((word, rest)) = inner.split_once(')')
            && word.chars().count() <= 4
            && word.starts_with(['月', '火', '水', '木', '金', '土', '日', '祝'])
        {
            self.0 = rest;
        }
    }

    fn time_of_day(&mut self) -> Option<(u32, i32)> {
        let afternoon = if self.eat(&["午後"]) {
            Some(true)
        } else {
            self.eat(&["午前"]).then_some(false)
        };
        let mut hour = self.digits(2)?;
        if let Some(afternoon) = afternoon {
            // 午後12時 is written for noon and, by law, for midnight; 午前0時 and 午後0時 are clear.
            hour = match (hour, afternoon) {
                (0..=11, true) => hour + 12,
                (0..=12, _) => hour,
                _ => return None,
            };
        }
        if self.eat(&["時"]) {
            if self.eat(&["半"]) {
                return Some((second_of_day(hour, 30, 0)?, 0));
            }
            let Some(minute) = self.digits(2) else {
                return Some((second_of_day(hour, 0, 0)?, 0));
            };
            if !self.eat(&["分"]) {
                return None;
            }
            let second = self.digits(2).unwrap_or(0);
            self.eat(&["秒"]);
            return Some((second_of_day(hour, minute, second)?, 0));
        }
        if !self.eat(&[":"]) {
            return None;
        }
        let minute = self.digits(2)?;
        let second = if self.eat(&[":"]) { self.digits(2)? } else { 0 };
        Some((second_of_day(hour, minute, second)?, self.fraction()))
    }

    fn fraction(&mut self) -> i32 {
        let Some(rest) = self.0.strip_prefix(['.', ',']) else {
            return 0;
        };
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        self.0 = &rest[count..];
        rest.bytes()
            .take(count.min(9))
            .chain(std::iter::repeat(b'0'))
            .take(9)
            .fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'))
    }

    fn offset(&mut self) -> Option<Offset> {
        if self.eat(&["Z", "UTC", "GMT"]) {
            return Some(Offset::UTC);
        }
        if self.eat(&["JST"]) {
            return Offset::from_hours(9).ok();
        }
        let sign = if self.eat(&["+"]) {
            1
        } else if self.eat(&["-"]) {
            -1
        } else {
            return None;
        };
        let digits = self.digits(4)?;
        let (hours, minutes) = if self.eat(&[":"]) {
            (digits, self.digits(2)?)
        } else if digits >= 100 {
            (digits / 100, digits % 100)
        } else {
            (digits, 0)
        };
        if minutes > 59 {
            return None;
        }
        Offset::from_seconds(sign * (hours * 60 + minutes) * 60).ok()
    }

    fn only_trailers(&mut self) -> bool {
        while self.eat(&TRAILERS) {}
        self.blanks();
        self.0.is_empty()
    }
}

fn year_of(era: Option<i16>, written: i32) -> Option<i32> {
    match era {
        Some(first) => (1..=99)
            .contains(&written)
            .then_some(i32::from(first) - 1 + written),
        // Two digits could be 2026 or 令和; nobody can tell.
        None => (written >= 1000).then_some(written),
    }
}

fn second_of_day(hour: i32, minute: i32, second: i32) -> Option<u32> {
    // 25:30 is half past one of the night's next day; a leap second counts as the one before it.
    let good = (0..=36).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    good.then(|| ((hour * 60 + minute) * 60 + second.min(59)) as u32)
}

fn written(year: Option<i32>, month: i32, day: i32, second_of_day: Option<u32>) -> Option<Written> {
    let year = year.map(i16::try_from).transpose().ok()?;
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    // 2024 is a leap year: 29 February passes until its year is known.
    Date::new(year.unwrap_or(2024), month, day).ok()?;
    Some(Written {
        year,
        month,
        day,
        second_of_day,
        nanosecond: 0,
        offset: None,
    })
}
