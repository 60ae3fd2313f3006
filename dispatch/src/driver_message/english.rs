use super::{Occasion, Words, clock, km};
use domain::driver_alert::{Finding, Summary};

pub(super) fn words(occasion: Occasion, summary: &Summary) -> Words {
    let title = match (occasion, summary.finding) {
        (_, Finding::Shut) => "Closed: no open way",
        (_, Finding::Detour) => "Closed on your usual way (there is another)",
        (Occasion::Reopened, _) => "Open again",
        (_, Finding::NotCleared) => "Not all of it is cleared",
        (_, Finding::Unknown) => "Clearing not confirmed on part of it",
        (_, Finding::Clear) => "Cleared",
    };
    let mut sentences = Vec::new();
    let closed = summary.closed_names("a road without a name");
    if !closed.is_empty() {
        sentences.push(format!("Closed: {}.", closed.join(", ")));
    }
    let lengths: Vec<String> = [
        ("not cleared", summary.not_cleared_m),
        ("being cleared", summary.working_m),
        ("unknown", summary.unknown_m),
    ]
    .into_iter()
    .filter(|(_, metres)| *metres > 0.0)
    .map(|(word, metres)| format!("{} km {word}", km(metres)))
    .collect();
    if !lengths.is_empty() {
        let all = km(summary.length_m);
        sentences.push(format!("{} (of {all} km).", lengths.join(", ")));
    }
    if let Some(at) = summary.cleared_at {
        let which = if lengths.is_empty() {
            "All of it"
        } else {
            "The rest"
        };
        sentences.push(format!("{which} cleared since {}.", clock(at)));
    }
    if summary.finding == Finding::Unknown {
        sentences.push("Unknown does not mean cleared.".to_owned());
    }
    Words {
        title: title.to_owned(),
        sentences,
    }
}
