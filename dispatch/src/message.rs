//! What messages say, in Japanese: zone, reason, deadline, map, and the one-time link. A call-out is
//! an 出動要請, never an alarm; a drill (訓練) says so in title, first and last line.

use crate::life::{Answer, Dispatch, RungKind, Tell, What};
use domain::japan_time::JST;
use jiff::Timestamp;

/// What a message names beside the call-out itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// The road manager.
    pub manager: String,
    /// The zone, as people know it.
    pub zone: String,
    /// The responsible firm, where there is one.
    pub firm: Option<String>,
    /// The contact who is told.
    pub contact: String,
    /// The map at the zone.
    pub map: Option<String>,
    /// The one-time link to the call-out page.
    pub link: Option<String>,
}

/// A message as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// One line; also what a telephone call says.
    pub title: String,
    /// All of it.
    pub body: String,
}

const DRILL: &str = "【訓練】これは訓練です。実際の出動要請ではありません。";

/// Writes a message.
pub fn text_of(dispatch: &Dispatch, tell: &Tell, names: &Names) -> Text {
    let (head, wish) = said(dispatch, tell, names);
    let drill = if dispatch.drill { "【訓練】" } else { "" };
    let title = format!("{drill}【{head}】{} {}", names.zone, dispatch.reason);
    let mut lines = Vec::new();
    if dispatch.drill {
        lines.push(DRILL.to_owned());
    }
    lines.push(format!("{} 様", names.contact));
    lines.push(wish);
    lines.push(String::new());
    lines.push(format!("道路管理者: {}", names.manager));
    lines.push(format!(
        "工区: {}(第 {} 巡)",
        names.zone, dispatch.key.round
    ));
    if let Some(firm) = &names.firm {
        lines.push(format!("業者: {firm}"));
    }
    lines.push(format!("理由: {}", dispatch.reason));
    lines.push(format!("要請時刻: {}", clock_time(dispatch.raised_at)));
    if let Some(deadline) = dispatch.deadline {
        lines.push(format!("完了期限: {}", clock_time(deadline)));
    }
    if let Some(map) = &names.map {
        lines.push(format!("地図: {map}"));
    }
    if let (Some(link), true) = (&names.link, wants_link(tell)) {
        lines.push(String::new());
        lines
            .push("回答はこちらから(このリンクはあなた専用です。転送しないでください):".to_owned());
        lines.push(link.clone());
    }
    if dispatch.drill {
        lines.push(String::new());
        lines.push(DRILL.to_owned());
    }
    Text {
        title,
        body: lines.join("\n"),
    }
}

/// Whether a message carries the one-time link: what is over wants no answer.
pub fn wants_link(tell: &Tell) -> bool {
    !matches!(tell.what, What::StandDown | What::Completed) && tell.kind != RungKind::Voice
}

/// 24-hour clock with the day, in Japan.
pub fn clock_time(at: Timestamp) -> String {
    let there = JST.to_datetime(at);
    there.strftime("%-m月%-d日 %-H:%M").to_string()
}

fn said(dispatch: &Dispatch, tell: &Tell, names: &Names) -> (&'static str, String) {
    let zone = &names.zone;
    let firm = names.firm.as_deref().unwrap_or("業者");
    match tell.what {
        What::Request => (
            "出動要請",
            format!("{zone}への出動を要請します。出動可・遅延・不能のいずれかを回答してください。"),
        ),
        What::RequestOther => (
            "出動要請(応援)",
            format!(
                "{zone}への応援出動を要請します。出動可・遅延・不能のいずれかを回答してください。"
            ),
        ),
        What::StandBy => (
            "待機要請",
            format!("{zone}の待機をお願いします。出動が必要になれば改めて連絡します。"),
        ),
        What::StandDown => (
            "解除",
            format!("{zone}の要請は解除されました。出動の必要はありません。"),
        ),
        What::Approval => (
            "承認依頼",
            format!("{zone}が基準を超えました。出動要請を承認するか、取り消してください。"),
        ),
        What::NoAnswer => (
            "応答なし",
            format!("{firm}から{zone}の出動要請に応答がありません。確認してください。"),
        ),
        What::Declined => ("不能", declined(dispatch, zone, firm)),
        What::Unconfirmed => {
            let why = dispatch
                .doubt
                .map_or("状態が確認できません", |(doubt, _)| doubt.ja());
            (
                "未確認",
                format!("{zone}: {why}。{firm}に確認してください。"),
            )
        }
        What::Accepted => ("出動可", format!("{firm}が{zone}への出動を承諾しました。")),
        What::Delayed => ("遅延", delayed(dispatch, zone, firm)),
        What::Overdue => (
            "期限超過",
            format!("{zone}の作業が期限までに完了していません。"),
        ),
        What::Completed => ("完了", format!("{zone}の作業が完了しました。")),
        What::Below => (
            "基準未満",
            format!("{zone}は基準を下回りました。{firm}の出動を解除するか判断してください。"),
        ),
        What::SilenceEnded => (
            "再開",
            format!("{zone}の呼び出し停止が終わり、呼び出しを再開します。"),
        ),
    }
}

fn declined(dispatch: &Dispatch, zone: &str, firm: &str) -> String {
    let why = match &dispatch.answer {
        Some(Answer::Decline { reason }) => format!("({})", reason.ja()),
        _ => String::new(),
    };
    format!("{firm}は{zone}へ出動できません{why}。応援・代行を判断してください。")
}

fn delayed(dispatch: &Dispatch, zone: &str, firm: &str) -> String {
    let until = match &dispatch.answer {
        Some(Answer::Delay { until }) => format!("({} まで)", clock_time(*until)),
        _ => String::new(),
    };
    format!("{firm}の{zone}への出動が遅れます{until}。")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::life::{DispatchKey, Mode, Opening};

    fn dispatch(drill: bool) -> Dispatch {
        let opening = Opening {
            key: DispatchKey {
                manager: "02201".to_owned(),
                zone: "A-1".to_owned(),
                rule: "new-snow-10".to_owned(),
                round: 2,
            },
            mode: Mode::Order,
            drill,
            standby: false,
            reason: "新積雪 12 cm ≥ 10 cm、2 観測所".to_owned(),
            deadline: Some("2026-01-15T06:00:00+09:00".parse().unwrap()),
            contractor: Some("yamada".to_owned()),
            by: None,
        };
        Dispatch::open(&opening, "2026-01-15T01:05:00+09:00".parse().unwrap())
    }

    fn names() -> Names {
        Names {
            manager: "青森市".to_owned(),
            zone: "A-1工区".to_owned(),
            firm: Some("山田建設".to_owned()),
            contact: "山田太郎".to_owned(),
            map: Some("https://example.jp/#zone=A-1".to_owned()),
            link: Some("https://example.jp/call/abc".to_owned()),
        }
    }

    fn tell(what: What) -> Tell {
        Tell {
            number: 1,
            contact: "taro".to_owned(),
            kind: RungKind::Firm,
            what,
        }
    }

    #[test]
    fn a_request_says_where_why_and_by_when() {
        let text = text_of(&dispatch(false), &tell(What::Request), &names());
        assert_eq!(
            text.title,
            "【出動要請】A-1工区 新積雪 12 cm ≥ 10 cm、2 観測所"
        );
        for line in [
            "山田太郎 様",
            "工区: A-1工区(第 2 巡)",
            "理由: 新積雪 12 cm ≥ 10 cm、2 観測所",
            "完了期限: 1月15日 6:00",
            "地図: https://example.jp/#zone=A-1",
            "https://example.jp/call/abc",
        ] {
            assert!(
                text.body.lines().any(|l| l == line),
                "{line}: {}",
                text.body
            );
        }
    }

    #[test]
    fn every_message_of_a_drill_says_so_first_and_last_and_none_is_an_alarm() {
        for what in [
            What::Request,
            What::RequestOther,
            What::StandBy,
            What::StandDown,
            What::Approval,
            What::NoAnswer,
            What::Declined,
            What::Unconfirmed,
            What::Accepted,
            What::Delayed,
            What::Overdue,
            What::Completed,
            What::Below,
            What::SilenceEnded,
        ] {
            let text = text_of(&dispatch(true), &tell(what), &names());
            assert!(text.title.starts_with("【訓練】【"), "{}", text.title);
            assert!(text.body.starts_with(DRILL) && text.body.ends_with(DRILL));
            let real = text_of(&dispatch(false), &tell(what), &names());
            assert!(!real.title.contains("訓練") && !real.body.contains("訓練"));
            assert!(!real.title.contains("警報") && !real.body.contains("警報"));
        }
    }

    #[test]
    fn what_is_over_carries_no_link() {
        let text = text_of(&dispatch(false), &tell(What::StandDown), &names());
        assert!(!text.body.contains("/call/"), "{}", text.body);
    }
}
