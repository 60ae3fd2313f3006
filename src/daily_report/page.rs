//! 日報 as a page to print: nothing but HTML and its style, readable without a network.

use super::NightReport;
use super::table::{HEADINGS, rows, time};
use std::fmt::Write;

const STYLE: &str = "body{font:10pt/1.4 sans-serif;margin:10mm}h1{font-size:14pt}\
table{border-collapse:collapse;width:100%}th,td{border:1px solid #888;padding:2px 5px;text-align:left}\
td.n{text-align:right}thead{display:table-header-group}tr{break-inside:avoid}\
.simulated{border:3px solid #000;padding:4px;font-weight:bold}@page{size:A4 landscape}";

/// Columns that hold numbers.
const NUMBERS: std::ops::RangeInclusive<usize> = 8..=13;

/// The page.
pub fn html(report: &NightReport, simulated: bool) -> String {
    let mut page = String::from("<!doctype html><html lang=\"ja\"><meta charset=\"utf-8\">");
    let title = format!("除雪作業日報 {} {}", report.manager.name.ja, report.night);
    // Writing to a String can't fail.
    let _ = write!(
        page,
        "<title>{0}</title><style>{STYLE}</style><h1>{0}</h1>",
        escaped(&title)
    );
    if simulated {
        page.push_str("<p class=\"simulated\">模擬データ（実際の作業ではありません）</p>");
    }
    let (from, until) = report.night.span();
    let _ = write!(
        page,
        "<p>{} から {} まで（日本時間）。{} 作成。GPSの通過記録から作成。分は作業時間。</p><table><thead><tr>",
        time(from),
        time(until),
        time(report.drawn_up_at)
    );
    for heading in HEADINGS {
        let _ = write!(page, "<th>{heading}</th>");
    }
    page.push_str("</tr></thead><tbody>");
    for row in rows(report) {
        page.push_str("<tr>");
        for (i, cell) in row.iter().enumerate() {
            let class = if NUMBERS.contains(&i) {
                " class=\"n\""
            } else {
                ""
            };
            let _ = write!(page, "<td{class}>{}</td>", escaped(cell));
        }
        page.push_str("</tr>");
    }
    page.push_str("</tbody></table></html>");
    page
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
