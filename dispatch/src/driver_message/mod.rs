//! What a driver is told of a way or an area, short enough for a locked phone's screen.
//!
//! Nothing here says that a road is safe: it says what was closed, cleared or seen, and when.

mod easy;
mod english;
mod japanese;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use domain::driver_alert::{Language, Summary};
use domain::japan_time::JST;
use jiff::{SignedDuration, Timestamp};

/// A message later than this says so.
const LATE: SignedDuration = SignedDuration::from_mins(5);

/// A heading and a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriverMessage {
    /// The heading.
    pub title: String,
    /// The text.
    pub body: String,
}

/// Why a driver is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// The time of departure.
    Departure,
    /// Something on the way was closed.
    Closed,
    /// Nothing on the way is closed any more.
    Reopened,
}

/// The message for an occasion that was due at a time; `simulated` marks made-up data.
pub fn message(
    occasion: Occasion,
    summary: &Summary,
    language: Language,
    (due_at, now): (Timestamp, Timestamp),
    simulated: bool,
) -> DriverMessage {
    let words = match language {
        Language::Ja => japanese::words(occasion, summary),
        Language::Easy => easy::words(occasion, summary),
        Language::En => english::words(occasion, summary),
    };
    let as_of = match language {
        Language::Ja => format!("{} 現在。", clock(now)),
        Language::Easy => format!("{} の じょうほうです。", clock(now)),
        Language::En => format!("As of {}.", clock(now)),
    };
    let mut body = words.sentences;
    body.push(as_of);
    let late_min = now.duration_since(due_at).as_mins();
    if now.duration_since(due_at) > LATE {
        body.push(match language {
            Language::Ja => format!("この通知は{late_min}分遅れました。"),
            Language::Easy => format!("この お知らせは {late_min}分 おくれました。"),
            Language::En => format!("This message is {late_min} min late."),
        });
    }
    let mark = match (simulated, language) {
        (false, _) => "",
        (true, Language::Ja | Language::Easy) => "【模擬】",
        (true, Language::En) => "[SIMULATED] ",
    };
    let between = if language == Language::Ja { "" } else { " " };
    DriverMessage {
        title: format!("{mark}{}", words.title),
        body: body.join(between),
    }
}

/// A heading and sentences, as each language makes them.
struct Words {
    title: String,
    sentences: Vec<String>,
}

/// Hour and minute in JST.
fn clock(at: Timestamp) -> String {
    JST.to_datetime(at).strftime("%-H:%M").to_string()
}

/// Kilometres, never 0.0 where there are some.
fn km(metres: f64) -> String {
    format!("{:.1}", (metres / 1000.0).max(0.1))
}
