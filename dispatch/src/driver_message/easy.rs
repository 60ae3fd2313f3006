//! やさしい日本語: short sentences, easy words, blanks between them.

use super::{Occasion, Words, clock, km};
use domain::driver_alert::{Finding, Summary};

pub(super) fn words(occasion: Occasion, summary: &Summary) -> Words {
    let title = match (occasion, summary.finding) {
        (_, Finding::Shut) => "道が 通れません",
        (_, Finding::Detour) => "通れない 道が あります（ほかの 道が あります）",
        (Occasion::Reopened, _) => "道が また 通れます",
        (_, Finding::NotCleared) => "雪が のこっている 道が あります",
        (_, Finding::Unknown) => "わからない 道が あります",
        (_, Finding::Clear) => "雪を かたづけました",
    };
    let mut sentences = Vec::new();
    let closed = summary.closed_names("名前が ない 道");
    if !closed.is_empty() {
        sentences.push(format!("通れない 道: {}。", closed.join("、")));
    }
    let lengths = [
        ("雪が のこっている 道", summary.not_cleared_m),
        ("いま 雪を かたづけている 道", summary.working_m),
        ("わからない 道", summary.unknown_m),
    ];
    for (word, metres) in lengths {
        if metres > 0.0 {
            sentences.push(format!("{word}: {} km。", km(metres)));
        }
    }
    if let Some(at) = summary.cleared_at {
        sentences.push(format!("{} より あとに 雪を かたづけました。", clock(at)));
    }
    if summary.finding == Finding::Unknown {
        sentences.push("雪が あるかも しれません。気を つけて ください。".to_owned());
    }
    Words {
        title: title.to_owned(),
        sentences,
    }
}
