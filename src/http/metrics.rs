//! `/metrics`: Prometheus text exposition 0.0.4. Each room adds its families to the list in
//! [`metrics`]; a family is a name, a help text and its samples.

use super::{AppState, Problem};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use ingest::transport::{Circuit, RetryPolicy};
use jiff::Timestamp;
use std::fmt::Write;
use store::FeedHealth;

/// How a value moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Up and down.
    Gauge,
    /// Only up; starts anew with the database, not with the process.
    Counter,
}

/// Values of one name.
#[derive(Debug, Clone)]
pub(super) struct Family {
    name: &'static str,
    help: &'static str,
    kind: Kind,
    samples: Vec<(Vec<(&'static str, String)>, f64)>,
}

impl Family {
    /// A family without values; one that stays so is left out.
    pub(super) fn new(name: &'static str, kind: Kind, help: &'static str) -> Self {
        Family {
            name,
            help,
            kind,
            samples: Vec::new(),
        }
    }

    /// Adds a value.
    pub(super) fn add(&mut self, labels: Vec<(&'static str, String)>, value: f64) {
        self.samples.push((labels, value));
    }
}

/// Everything that is measured, as of now.
pub(super) async fn metrics(State(state): State<AppState>) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    let mut families = of_feeds(&state.store.feeds().await?, now);
    families.push(quarantine(&state).await?);
    families.extend(of_writer(&state, now).await?);
    families.extend(of_cycles(&state, now).await?);
    let headers = [
        (
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, exposition(&families)))
}

/// What runs in rounds, and what waits to be sent.
async fn of_cycles(state: &AppState, now: Timestamp) -> Result<Vec<Family>, Problem> {
    let mut age = Family::new(
        "yukimichi_cycle_age_seconds",
        Kind::Gauge,
        "Age of a worker's last cycle.",
    );
    for cycle in state.store.worker_cycles().await? {
        let seconds = now.duration_since(cycle.ended_at).as_secs_f64();
        age.add(vec![("worker", cycle.worker)], seconds);
    }
    let mut waiting = Family::new(
        "yukimichi_outbox_waiting",
        Kind::Gauge,
        "Messages of call-outs that wait to be sent.",
    );
    waiting.add(Vec::new(), state.store.messages_waiting().await? as f64);
    Ok(vec![age, waiting])
}

fn of_feeds(feeds: &[FeedHealth], now: Timestamp) -> Vec<Family> {
    use Kind::{Counter, Gauge};
    let age = |at: Timestamp| now.duration_since(at).as_secs_f64();
    let value = |family: Family, of: &dyn Fn(&FeedHealth) -> Option<f64>| {
        let mut family = family;
        for feed in feeds {
            if let Some(value) = of(feed) {
                let labels = vec![
                    ("feed", feed.entry.id.clone()),
                    ("manager", feed.manager.code.clone()),
                ];
                family.add(labels, value);
            }
        }
        family
    };
    vec![
        value(
            Family::new(
                "yukimichi_feed_interval_seconds",
                Gauge,
                "How often the feed is asked.",
            ),
            &|feed| Some(feed.entry.interval.as_secs_f64()),
        ),
        value(
            Family::new(
                "yukimichi_feed_last_contact_age_seconds",
                Gauge,
                "Since the feed was last heard, new or not.",
            ),
            &|feed| feed.last_contact_at.map(age),
        ),
        value(
            Family::new(
                "yukimichi_feed_last_success_age_seconds",
                Gauge,
                "Since a payload of the feed was last understood.",
            ),
            &|feed| feed.last_success_at.map(age),
        ),
        value(
            Family::new(
                "yukimichi_feed_last_new_age_seconds",
                Gauge,
                "Since the feed last told something new.",
            ),
            &|feed| feed.last_new_at.map(age),
        ),
        value(
            Family::new(
                "yukimichi_feed_lag_seconds",
                Gauge,
                "Median of received - observed over the last payload with news.",
            ),
            &|feed| feed.lag_s,
        ),
        value(
            Family::new(
                "yukimichi_feed_facts_total",
                Counter,
                "Facts kept, of any kind.",
            ),
            &|feed| Some(feed.facts_total as f64),
        ),
        value(
            Family::new("yukimichi_feed_fixes_total", Counter, "Positions kept."),
            &|feed| Some(feed.fixes_total as f64),
        ),
        value(
            Family::new(
                "yukimichi_feed_rejected_total",
                Counter,
                "Records rejected, each as often as it came.",
            ),
            &|feed| Some(feed.rejected_total as f64),
        ),
        value(
            Family::new(
                "yukimichi_feed_failures",
                Gauge,
                "Attempts that failed since the last success.",
            ),
            &|feed| Some(f64::from(feed.failures)),
        ),
        value(
            Family::new(
                "yukimichi_feed_circuit_open",
                Gauge,
                "1 while the feed is left alone after failures, 0.5 while it is tried, else 0.",
            ),
            &|feed| {
                let circuit = circuit_of(feed, now)?;
                Some(match circuit {
                    Circuit::Closed => 0.0,
                    Circuit::HalfOpen => 0.5,
                    Circuit::Open => 1.0,
                })
            },
        ),
        value(
            Family::new(
                "yukimichi_feed_clock_doubted",
                Gauge,
                "1 while the feed's clock can't be right and its facts are not believed.",
            ),
            &|feed| Some(f64::from(u8::from(feed.clock_doubt.is_some()))),
        ),
    ]
}

/// The circuit of a feed that is pulled; `None` for one that pushes.
pub(super) fn circuit_of(feed: &FeedHealth, now: Timestamp) -> Option<Circuit> {
    if feed.entry.push {
        return None;
    }
    let policy = RetryPolicy::for_interval(feed.entry.interval);
    let next = feed.next_due_at.unwrap_or(now);
    Some(policy.circuit(feed.failures.unsigned_abs(), next, now))
}

async fn quarantine(state: &AppState) -> Result<Family, Problem> {
    let mut family = Family::new(
        "yukimichi_feed_quarantine_records",
        Kind::Gauge,
        "Different records in quarantine, by the field at fault.",
    );
    for (feed, field, records) in state.store.quarantine_by_field().await? {
        let field = match field.as_str() {
            "" => "record".to_owned(),
            _ => field,
        };
        family.add(vec![("feed", feed), ("field", field)], records as f64);
    }
    Ok(family)
}

async fn of_writer(state: &AppState, now: Timestamp) -> Result<Vec<Family>, Problem> {
    let mut tick = Family::new(
        "yukimichi_writer_tick_age_seconds",
        Kind::Gauge,
        "Since the writer of status last looked at all segments; 60 s are usual.",
    );
    if let Some(at) = state.store.last_tick().await? {
        tick.add(Vec::new(), now.duration_since(at).as_secs_f64());
    }
    let mut sequence = Family::new(
        "yukimichi_status_sequence",
        Kind::Counter,
        "Number of the last change of status.",
    );
    sequence.add(Vec::new(), state.store.last_sequence().await? as f64);
    let view = state.views.borrow().clone();
    let mut shown = Family::new(
        "yukimichi_view_sequence",
        Kind::Gauge,
        "Number of the last change that this server shows.",
    );
    shown.add(Vec::new(), view.status.sequence() as f64);
    let mut segments = Family::new(
        "yukimichi_segments",
        Kind::Gauge,
        "Segments of the network.",
    );
    segments.add(Vec::new(), view.network.segments().len() as f64);
    Ok(vec![tick, sequence, shown, segments])
}

fn exposition(families: &[Family]) -> String {
    let mut text = String::new();
    for family in families.iter().filter(|family| !family.samples.is_empty()) {
        let kind = match family.kind {
            Kind::Gauge => "gauge",
            Kind::Counter => "counter",
        };
        // Writing to a String can't fail.
        let _ = writeln!(text, "# HELP {} {}", family.name, family.help);
        let _ = writeln!(text, "# TYPE {} {kind}", family.name);
        for (labels, value) in &family.samples {
            let labels: Vec<String> = labels
                .iter()
                .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
                .collect();
            let labels = match &labels[..] {
                [] => String::new(),
                labels => format!("{{{}}}", labels.join(",")),
            };
            let _ = writeln!(text, "{}{labels} {value}", family.name);
        }
    }
    text
}

/// A label's value as the format wants it.
fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_written_as_prometheus_reads_them() {
        let mut one = Family::new("a_total", Kind::Counter, "All of them.");
        one.add(
            vec![
                ("feed", "a\"b\\c\nd".to_owned()),
                ("manager", "02".to_owned()),
            ],
            3.0,
        );
        one.add(Vec::new(), 0.25);
        let empty = Family::new("b", Kind::Gauge, "None.");
        let expected = "# HELP a_total All of them.\n# TYPE a_total counter\n\
                        a_total{feed=\"a\\\"b\\\\c\\nd\",manager=\"02\"} 3\na_total 0.25\n";
        assert_eq!(exposition(&[one, empty]), expected);
    }
}
