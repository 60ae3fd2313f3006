//! The ledger (台帳): one printable page of zones, states and telephone numbers, for when the power
//! goes. Plain HTML without scripts or outside parts.

use crate::life::{Dispatch, State};
use crate::message::clock_time;
use domain::contractor::{Contact, ContactBook};
use jiff::Timestamp;
use std::fmt::Write;

/// Writes the page of one road manager; call-outs in the order in which they are given.
pub fn page(manager: &str, book: &ContactBook, open: &[Dispatch], now: Timestamp) -> String {
    let mut out = String::new();
    let title = format!("除雪出動台帳 {} {}", escape(manager), clock_time(now));
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    out.push_str("<h2>出動要請</h2>\n");
    if open.is_empty() {
        out.push_str("<p>現在、出動要請はありません。</p>\n");
    } else {
        out.push_str(
            "<table>\n<tr><th>工区</th><th>状態</th><th>理由</th><th>要請</th><th>期限</th>\
             <th>業者</th><th>電話</th></tr>\n",
        );
        for dispatch in open {
            dispatch_row(&mut out, dispatch, book);
        }
        out.push_str("</table>\n");
    }
    out.push_str(
        "<h2>工区と連絡先</h2>\n<table>\n<tr><th>業者</th><th>工区</th><th>連絡先</th></tr>\n",
    );
    for firm in &book.contractors {
        let _ = writeln!(
            out,
            "<tr><td>{}<br>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&firm.name),
            firm.contract.ja(),
            escape(&firm.zones.join("、")),
            numbers(&firm.contacts)
        );
    }
    let _ = write!(
        out,
        "<tr><td>当番(道路管理者)</td><td></td><td>{}</td></tr>\n</table>\n</body>\n</html>\n",
        numbers(&book.officers)
    );
    out
}

const STYLE: &str = "body { font-family: sans-serif; font-size: 10pt; }\n\
    table { border-collapse: collapse; width: 100%; }\n\
    th, td { border: 1px solid #000; padding: 2pt 4pt; text-align: left; vertical-align: top; }\n\
    tr { break-inside: avoid; }\n\
    thead, th { background: #eee; }\n\
    @page { size: A4 landscape; margin: 10mm; }\n";

fn dispatch_row(out: &mut String, dispatch: &Dispatch, book: &ContactBook) {
    let firm = dispatch
        .contractor
        .as_deref()
        .and_then(|code| book.firm(code));
    let state = dispatch.state();
    let by_hand = match dispatch.call_by_hand_since() {
        Some(since) => format!("<br><b>要電話({} から)</b>", clock_time(since)),
        None => String::new(),
    };
    let why = match (state, dispatch.doubt) {
        (State::Unconfirmed, Some((doubt, _))) => format!("<br>{}", doubt.ja()),
        _ => String::new(),
    };
    let _ = writeln!(
        out,
        "<tr><td>{}{}(第 {} 巡)</td><td>{}{}{why}{by_hand}</td><td>{}</td><td>{}</td><td>{}</td>\
         <td>{}</td><td>{}</td></tr>",
        if dispatch.drill {
            "<b>【訓練】</b>"
        } else {
            ""
        },
        escape(&dispatch.key.zone),
        dispatch.key.round,
        state.ja(),
        if dispatch.reported { "(申告)" } else { "" },
        escape(&dispatch.reason),
        clock_time(dispatch.raised_at),
        dispatch.deadline.map(clock_time).unwrap_or_default(),
        firm.map(|firm| escape(&firm.name)).unwrap_or_default(),
        firm.map(|firm| numbers(&firm.contacts)).unwrap_or_default(),
    );
}

fn numbers(contacts: &[Contact]) -> String {
    let lines: Vec<String> = contacts
        .iter()
        .map(|contact| {
            let phone = contact.phone.as_deref().unwrap_or("(電話なし)");
            format!("{} {}", escape(&contact.name), escape(phone))
        })
        .collect();
    lines.join("<br>")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::life::{DispatchKey, Mode, Opening};
    use domain::contractor::{ContractForm, Contractor};

    #[test]
    fn the_page_has_zones_states_and_numbers_and_is_safe_to_open() {
        let person = |name: &str, phone: &str| Contact {
            key: name.to_owned(),
            name: name.to_owned(),
            phone: Some(phone.to_owned()),
            ..Contact::default()
        };
        let book = ContactBook {
            contractors: vec![Contractor {
                code: "yamada".to_owned(),
                name: "山田<建設>".to_owned(),
                contract: ContractForm::Seasonal,
                zones: vec!["A-1".to_owned()],
                contacts: vec![person("山田太郎", "017-000-0001")],
            }],
            officers: vec![person("佐藤", "017-000-0002")],
        };
        let now: Timestamp = "2026-01-15T01:05:00+09:00".parse().unwrap();
        let opening = Opening {
            key: DispatchKey {
                manager: "02201".to_owned(),
                zone: "A-1".to_owned(),
                rule: "r".to_owned(),
                round: 1,
            },
            mode: Mode::Order,
            drill: true,
            standby: false,
            reason: "新積雪 12 cm".to_owned(),
            deadline: None,
            contractor: Some("yamada".to_owned()),
            by: None,
        };
        let html = page("青森市", &book, &[Dispatch::open(&opening, now)], now);
        for part in [
            "除雪出動台帳 青森市 1月15日 1:05",
            "【訓練】",
            "出動要請中",
            "山田&lt;建設&gt;",
            "017-000-0001",
            "017-000-0002",
        ] {
            assert!(html.contains(part), "{part} is missing: {html}");
        }
        assert!(!html.contains("<script") && !html.contains("http"));
        assert!(page("青森市", &book, &[], now).contains("現在、出動要請はありません"));
    }
}
