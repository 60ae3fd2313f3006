//! Instants as managers write them.

use super::civil::{Written, read_civil, read_time_of_day};
use super::names::normalize;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// How far ahead a time without a year may lie and still be this year's.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Which year a date without one belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearGuess {
    /// The latest that is not more than a day ahead: for what has happened.
    Past,
    /// The one nearest to now, before or after: for what is planned.
    Nearest,
}

/// Reads times by a feed's own form and zone.
#[derive(Debug, Clone)]
pub struct TimeReader {
    format: Option<String>,
    zone: TimeZone,
}

impl TimeReader {
    /// A reader; `format` is a strptime form and, where given, the only one that is taken. `zone` holds
    /// for times that carry none.
    pub fn new(format: Option<String>, zone: TimeZone) -> Self {
        TimeReader { format, zone }
    }

    /// Reads an instant: RFC 3339, Unix seconds or milliseconds, `2026/1/5 3:04`, `令和8年1月5日 3時4分`,
    /// `R8.1.5 24:00`, `20260105030400`, `2月11日 19:00 現在` (year by `guess` from `now`), or the
    /// strptime form. A zone in the text beats the reader's.
    ///
    /// # Errors
    /// The reason for a person.
    pub fn read(&self, text: &str, guess: YearGuess, now: Timestamp) -> Result<Timestamp, String> {
        self.read_from(text, guess, now, None)
    }

    /// Like [`TimeReader::read`], for places where a date alone means its first moment.
    ///
    /// # Errors
    /// The reason for a person.
    pub fn read_or_midnight(
        &self,
        text: &str,
        guess: YearGuess,
        now: Timestamp,
    ) -> Result<Timestamp, String> {
        self.read_from(text, guess, now, Some(0))
    }

    /// Like [`TimeReader::read`], for the end of a span that begins at `start`: a date alone means that the
    /// whole day counts, and one without a year is in the year after the start (11月10日 to 4月25日).
    ///
    /// # Errors
    /// The reason for a person.
    pub fn read_until_after(&self, text: &str, start: Timestamp) -> Result<Timestamp, String> {
        // Half a year on, the nearest of a date is the next one.
        let reference = start
            .saturating_add(SignedDuration::from_hours(24 * 182))
            .unwrap_or(Timestamp::MAX);
        self.read_from(text, YearGuess::Nearest, reference, Some(24 * 3600))
    }

    /// Reads a date alone, in the reader's zone.
    ///
    /// # Errors
    /// The reason for a person.
    pub fn read_date(&self, text: &str, guess: YearGuess, now: Timestamp) -> Result<Date, String> {
        self.read_or_midnight(text, guess, now)
            .map(|at| at.to_zoned(self.zone.clone()).date())
    }

    /// Reads a time of the day (`20:00`, `6時`, `24:00` = midnight).
    ///
    /// # Errors
    /// The reason for a person.
    pub fn read_time_of_day(text: &str) -> Result<Time, String> {
        read_time_of_day(&normalize(text))
            .filter(|second| *second <= 24 * 3600)
            .and_then(|second| {
                let second = second % (24 * 3600);
                let (hour, minute) = (second / 3600, second / 60 % 60);
                Time::new(hour as i8, minute as i8, (second % 60) as i8, 0).ok()
            })
            .ok_or_else(|| format!("{:?} is no time of the day", text.trim()))
    }

    /// The instant of a civil time in the reader's zone.
    ///
    /// # Errors
    /// When the zone has no such time.
    pub fn instant(&self, civil: DateTime) -> Result<Timestamp, String> {
        civil
            .to_zoned(self.zone.clone())
            .map(|zoned| zoned.timestamp())
            .map_err(|e| e.to_string())
    }

    fn read_from(
        &self,
        text: &str,
        guess: YearGuess,
        now: Timestamp,
        default_second: Option<u32>,
    ) -> Result<Timestamp, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("is missing".to_owned());
        }
        if let Some(format) = &self.format {
            return self.by_format(format, text);
        }
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(at);
        }
        let normal = normalize(text);
        if let Some(written) = read_civil(&normal) {
            return self
                .resolve(written, guess, now, default_second)
                .ok_or_else(|| match written.second_of_day {
                    None => format!("{text:?} is a date without a time of day"),
                    Some(_) => format!("{text:?} is no time that exists"),
                });
        }
        normal
            .parse::<f64>()
            .ok()
            .and_then(unix_seconds_or_millis)
            .ok_or_else(|| format!("{text:?} is not a time"))
    }

    fn by_format(&self, format: &str, text: &str) -> Result<Timestamp, String> {
        let wrong = |e: jiff::Error| format!("{text:?} is not {format}: {e}");
        let parsed = strtime::parse(format, text)
            .or_else(|e| strtime::parse(format, normalize(text)).map_err(|_| e))
            .map_err(wrong)?;
        // A zone of its own beats the configured one.
        if parsed.offset().is_some() || parsed.timestamp().is_some() {
            return parsed.to_timestamp().map_err(wrong);
        }
        parsed
            .to_datetime()
            .and_then(|civil| civil.to_zoned(self.zone.clone()))
            .map(|zoned| zoned.timestamp())
            .map_err(wrong)
    }

    fn resolve(
        &self,
        written: Written,
        guess: YearGuess,
        now: Timestamp,
        default_second: Option<u32>,
    ) -> Option<Timestamp> {
        let second = written.second_of_day.or(default_second)?;
        let at = |year: i16| {
            let civil = Date::new(year, written.month, written.day)
                .ok()?
                .at(0, 0, 0, 0)
                .checked_add(i64::from(second).seconds().nanoseconds(written.nanosecond))
                .ok()?;
            match written.offset {
                Some(offset) => offset.to_timestamp(civil).ok(),
                None => Some(civil.to_zoned(self.zone.clone()).ok()?.timestamp()),
            }
        };
        if let Some(year) = written.year {
            return at(year);
        }
        let this_year = now.to_zoned(self.zone.clone()).year();
        // Eight years back holds a 29 February even around 1900 and 2100.
        let candidates = (this_year.saturating_sub(8)..=this_year.saturating_add(8)).filter_map(at);
        match guess {
            YearGuess::Past => candidates
                .filter(|at| at.duration_since(now) <= AHEAD)
                .max(),
            YearGuess::Nearest => candidates.min_by_key(|at| at.duration_since(now).abs()),
        }
    }
}

/// A time from Unix seconds, or from milliseconds where seconds would lie past the year 5000.
pub(crate) fn unix_seconds_or_millis(value: f64) -> Option<Timestamp> {
    // Milliseconds are what JavaScript's clocks give.
    unix_seconds(if value.abs() > 1e11 {
        value / 1000.0
    } else {
        value
    })
}

/// A time from Unix seconds, to the millisecond; `None` outside year 1–9999.
pub(crate) fn unix_seconds(seconds: f64) -> Option<Timestamp> {
    if !seconds.is_finite() || seconds.abs() > 2.5e11 {
        return None;
    }
    Timestamp::from_millisecond((seconds * 1000.0).round() as i64).ok()
}
