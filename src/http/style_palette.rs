//! Colours and line patterns: the one place that says how a road looks.
//!
//! The age ramp is viridis (Smith and van der Walt 2015), lightest for the newest and lifted at its
//! dark end for a dark ground; it keeps its order under the three kinds of colour blindness. Line
//! patterns are the second cue.

use domain::closure::ClosureKind;
use domain::status::State;

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    pub color: &'static str,
    pub pattern: Pattern,
}

/// Line patterns; dashes in line widths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Pattern {
    Solid,
    LongDash,
    ShortDash,
    Dotted,
}

impl Pattern {
    pub(super) const ALL: [Pattern; 4] = [
        Pattern::Solid,
        Pattern::LongDash,
        Pattern::ShortDash,
        Pattern::Dotted,
    ];

    pub(super) fn code(self) -> u32 {
        self as u32
    }

    pub(super) fn dashes(self) -> Option<[f64; 2]> {
        match self {
            Pattern::Solid => None,
            Pattern::LongDash => Some([4.0, 1.5]),
            Pattern::ShortDash => Some([1.8, 1.2]),
            Pattern::Dotted => Some([0.7, 1.3]),
        }
    }

    /// Suffix of the layers that draw this pattern.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Pattern::Solid => "",
            Pattern::LongDash => "-long-dash",
            Pattern::ShortDash => "-short-dash",
            Pattern::Dotted => "-dotted",
        }
    }
}

/// A step of age.
#[derive(Debug, Clone, Copy)]
pub(super) struct AgeStep {
    /// Ages below this many minutes; `None` for all older.
    pub below_min: Option<u32>,
    pub look: Look,
    pub ja: &'static str,
    pub en: &'static str,
}

const fn step(
    below_min: Option<u32>,
    color: &'static str,
    pattern: Pattern,
    ja: &'static str,
    en: &'static str,
) -> AgeStep {
    AgeStep {
        below_min,
        look: Look { color, pattern },
        ja,
        en,
    }
}

/// The age steps of design §6.
pub(super) const AGE_STEPS: [AgeStep; 8] = [
    step(Some(60), "#fde725", Pattern::Solid, "1時間未満", "< 1 h"),
    step(Some(180), "#b5de2b", Pattern::Solid, "1〜3時間", "1–3 h"),
    step(Some(360), "#6ece58", Pattern::Solid, "3〜6時間", "3–6 h"),
    step(
        Some(720),
        "#35b779",
        Pattern::LongDash,
        "6〜12時間",
        "6–12 h",
    ),
    step(
        Some(1440),
        "#1f9e89",
        Pattern::LongDash,
        "12〜24時間",
        "12–24 h",
    ),
    step(
        Some(4320),
        "#31889e",
        Pattern::ShortDash,
        "1〜3日",
        "1–3 days",
    ),
    step(
        Some(10080),
        "#5479b8",
        Pattern::ShortDash,
        "3〜7日",
        "3–7 days",
    ),
    step(None, "#8a6fb8", Pattern::Dotted, "7日以上", "older"),
];

/// The share of a merged line that is cleared.
pub(super) const SHARE_LOOK: Look = Look {
    color: "#d7f5b0",
    pattern: Pattern::Solid,
};

/// The word for a state.
pub(crate) fn state_ja(state: State) -> &'static str {
    state_look(state).1
}

/// Look and words of a state; `Cleared` is drawn by its age.
pub(super) fn state_look(state: State) -> (Look, &'static str, &'static str) {
    let (color, pattern, ja, en) = match state {
        State::NoData => ("#6b7686", Pattern::Solid, "データなし", "No data"),
        State::Unconfirmed => ("#a9b1bd", Pattern::Dotted, "未確認", "Unconfirmed"),
        State::BelowThreshold => ("#cfd8e3", Pattern::LongDash, "基準未満", "Below threshold"),
        State::Uncleared => ("#f0743e", Pattern::ShortDash, "未除雪", "Not cleared"),
        State::Cleared => ("#fde725", Pattern::Solid, "除雪済み", "Cleared"),
        State::Working => ("#ffffff", Pattern::Solid, "作業中", "Working"),
        State::Closed => ("#ff4d6d", Pattern::Dotted, "通行止め", "Closed"),
        State::OffPlan => ("#8d7f70", Pattern::Dotted, "除雪対象外", "Off plan"),
        State::Melting => ("#7cc7ff", Pattern::LongDash, "消融雪", "Melting"),
    };
    (Look { color, pattern }, ja, en)
}

/// Look of a closure that lets traffic pass; those that shut a road are a state of it.
pub(super) fn restriction_look(kind: ClosureKind) -> Option<(Look, &'static str, &'static str)> {
    let (color, pattern, en) = match kind {
        ClosureKind::Winter | ClosureKind::Closed => return None,
        ClosureKind::OneLane => ("#ffb703", Pattern::ShortDash, "One lane, alternately"),
        ClosureKind::Restricted => ("#e4a6ff", Pattern::Dotted, "Restricted"),
    };
    let (_, _, ja) = ClosureKind::ALL[kind as usize];
    Some((Look { color, pattern }, ja, en))
}
