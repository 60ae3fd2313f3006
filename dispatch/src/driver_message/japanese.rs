use super::{Occasion, Words, clock, km};
use domain::driver_alert::{Finding, Summary};

pub(super) fn words(occasion: Occasion, summary: &Summary) -> Words {
    let title = match (occasion, summary.finding) {
        (_, Finding::Shut) => "通行止め: 通れる道がありません",
        (_, Finding::Detour) => "通行止めあり（う回路あり）",
        (Occasion::Reopened, _) => "通行止め解除",
        (_, Finding::NotCleared) => "除雪が終わっていない区間があります",
        (_, Finding::Unknown) => "除雪を確認できない区間があります",
        (_, Finding::Clear) => "除雪済み",
    };
    let mut sentences = Vec::new();
    let closed = summary.closed_names("名称のない道路");
    if !closed.is_empty() {
        sentences.push(format!("通行止め: {}。", closed.join("、")));
    }
    let lengths: Vec<String> = [
        ("未除雪", summary.not_cleared_m),
        ("作業中", summary.working_m),
        ("不明", summary.unknown_m),
    ]
    .into_iter()
    .filter(|(_, metres)| *metres > 0.0)
    .map(|(word, metres)| format!("{word} {} km", km(metres)))
    .collect();
    if !lengths.is_empty() {
        let all = km(summary.length_m);
        sentences.push(format!("{}（全 {all} km）。", lengths.join("、")));
    }
    if let Some(at) = summary.cleared_at {
        let which = if lengths.is_empty() {
            "全区間"
        } else {
            "ほか"
        };
        sentences.push(format!("{which}は {} 以降に除雪。", clock(at)));
    }
    if summary.finding == Finding::Unknown {
        sentences.push("不明は、除雪済みという意味ではありません。".to_owned());
    }
    Words {
        title: title.to_owned(),
        sentences,
    }
}
