//! The figures as Markdown.

use crate::cases::{INTERVALS_S, NOISES};
use crate::figures::{Row, Verdict};
use crate::simulation::Behaviour;
use std::fmt::Write;

/// All tables and verdicts.
pub fn markdown(rows: &[Row], verdicts: &[Verdict]) -> String {
    let mut text = String::new();
    text.push_str("RMF in %: ours / Meili / OSRM\n\n");
    table(&mut text, rows, |row| {
        let [meili, osrm] = row.peers.map(|peer| percent(peer.map(|p| p.score.rmf())));
        format!("{} / {meili} / {osrm}", percent(Some(row.ours.rmf())))
    });
    text.push_str("\nFalsely cleared length in %: ours / Meili / OSRM\n\n");
    table(&mut text, rows, |row| {
        let [meili, osrm] = row
            .peers
            .map(|peer| percent(peer.map(|p| p.score.falsely_cleared())));
        let ours = percent(Some(row.ours.falsely_cleared()));
        format!("{ours} / {meili} / {osrm}")
    });
    text.push_str("\nWhat the fixed lag costs, points of RMF\n\n");
    table(&mut text, rows, |row| {
        format!("{:+.2}", 100.0 * row.lag_cost())
    });
    text.push_str("\nThousand fixes per second on one core: ours (× Meili, × OSRM)\n\n");
    table(&mut text, rows, |row| {
        let rate = row.fixes as f64 / row.seconds / 1000.0;
        let [meili, osrm] = row
            .speed_ratios()
            .map(|ratio| ratio.map_or_else(|| "–".to_owned(), |r| format!("{r:.1}")));
        format!("{rate:.0} ({meili}, {osrm})")
    });
    text.push_str("\n| promised | seen | |\n|---|---|---|\n");
    for verdict in verdicts {
        let mark = if verdict.kept { "kept" } else { "**not kept**" };
        let _ = writeln!(text, "| {} | {} | {mark} |", verdict.promise, verdict.seen);
    }
    text
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |s| format!("{:.1}", 100.0 * s))
}

/// A line for each map, behaviour and noise, a column for each interval.
fn table(text: &mut String, rows: &[Row], cell: impl Fn(&Row) -> String) {
    text.push_str("| map, behaviour, noise |");
    for every_s in INTERVALS_S {
        let _ = write!(text, " {every_s} s |");
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(INTERVALS_S.len()));
    text.push('\n');
    let mut maps: Vec<&str> = rows.iter().map(|row| row.map).collect();
    maps.dedup();
    for map in maps {
        for behaviour in Behaviour::ALL {
            for noise in NOISES {
                let of_line = |row: &&Row| {
                    let case = row.case;
                    row.map == map && case.behaviour == behaviour && case.noise == noise
                };
                if !rows.iter().any(|row| of_line(&row)) {
                    continue;
                }
                let _ = write!(text, "| {map}, {}, {} |", behaviour.name(), noise.name());
                for every_s in INTERVALS_S {
                    let found = rows
                        .iter()
                        .filter(of_line)
                        .find(|row| row.case.every_s == every_s);
                    let _ = write!(text, " {} |", found.map_or("–".to_owned(), &cell));
                }
                text.push('\n');
            }
        }
    }
}
