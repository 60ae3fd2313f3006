//! A night fed fix by fix in any order ends in what matching it at once gives, once its traces are closed.

use super::properties::{Drive, Town, drives, towns};
use super::*;
use crate::coverage::covered_m;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// No fix comes later than this.
const LATEST_S: f64 = 600.0;

/// Tours of one vehicle, each with the rest after it in seconds, and how late each fix comes, 0 … 1.
#[derive(Debug, Clone)]
struct Night {
    town: Town,
    tours: Vec<(Drive, f64)>,
    delays: Vec<f64>,
}

fn nights() -> impl Strategy<Value = Night> {
    let tour = (
        drives(6.0, 20),
        prop_oneof![10.0..200.0f64, 310.0..900.0f64],
    );
    let delays = prop::collection::vec(0.0..1.0f64, 40);
    (towns(), prop::collection::vec(tour, 1..4), delays).prop_map(|(town, tours, delays)| Night {
        town,
        tours,
        delays,
    })
}

impl Night {
    fn fixes(&self, network: &RoadNetwork) -> Vec<PlowFix> {
        let mut fixes: Vec<PlowFix> = Vec::new();
        let mut shift_s = 0.0;
        for (tour, rest_s) in &self.tours {
            let begun_s = shift_s;
            for fix in tour.fixes(network) {
                let observed_at = fix.observed_at + SignedDuration::from_secs_f64(begun_s);
                let since = observed_at.duration_since(at_s(0.0)).as_secs_f64();
                shift_s = f64::max(shift_s, since + rest_s);
                fixes.push(PlowFix { observed_at, ..fix });
            }
        }
        fixes.sort_by_key(|fix| fix.observed_at);
        fixes.dedup_by_key(|fix| fix.observed_at);
        fixes
    }

    fn arrivals(&self, fixes: &[PlowFix]) -> Vec<PlowFix> {
        let late = self.delays.iter().cycle();
        let come_at = |(fix, late): (&PlowFix, &f64)| {
            let at = fix.observed_at + SignedDuration::from_secs_f64(late * LATEST_S);
            (at, fix.clone())
        };
        let mut arrivals: Vec<_> = fixes.iter().zip(late).map(come_at).collect();
        arrivals.sort_by_key(|(at, fix)| (*at, fix.observed_at));
        arrivals.into_iter().map(|(_, fix)| fix).collect()
    }
}

/// A vehicle that is followed: what is stored of it, its open trace, and what the closed ones came to.
struct Followed<'n> {
    network: &'n RoadNetwork,
    matcher: OnlineMatcher<'n>,
    stored: BTreeMap<Timestamp, PlowFix>,
    open: Option<OnlineTrace>,
    closed: BTreeMap<Timestamp, Vec<MatchedSpan>>,
}

impl<'n> Followed<'n> {
    fn new(network: &'n RoadNetwork) -> Self {
        Followed {
            network,
            matcher: OnlineMatcher::new(network, MatchParams::default()),
            stored: BTreeMap::new(),
            open: None,
            closed: BTreeMap::new(),
        }
    }

    fn hear(&mut self, fix: &PlowFix) {
        self.stored.insert(fix.observed_at, fix.clone());
        let Some(mut trace) = self.open.take() else {
            return self.look_anew(false);
        };
        let mut said = Vec::new();
        match self.matcher.push(&mut trace, fix, &mut said) {
            Pushed::Taken => self.open = Some(trace),
            Pushed::Ended { .. } => self.look_anew(false),
            Pushed::Late if trace.rewind_before(fix.observed_at) => {
                let from = trace.last_fix_at();
                let later: Vec<PlowFix> = self.stored.values().cloned().collect();
                for fix in later.iter().filter(|fix| fix.observed_at > from) {
                    if let Pushed::Ended { .. } = self.matcher.push(&mut trace, fix, &mut said) {
                        return self.look_anew(false);
                    }
                }
                self.open = Some(trace);
            }
            Pushed::Late => self.look_anew(false),
        }
    }

    /// Reads all that is stored: ended traces are matched whole, the last one is followed on.
    fn look_anew(&mut self, closes_all: bool) {
        let fixes: Vec<PlowFix> = self.stored.values().cloned().collect();
        let params = MatchParams::default();
        let traces = split_traces(&fixes, &params);
        self.closed.clear();
        for (i, trace) in traces.iter().enumerate() {
            let started_at = trace.fixes[0].observed_at;
            if closes_all || i + 1 < traces.len() {
                let spans = map_match(self.network, trace, &params);
                self.closed.insert(started_at, spans);
                continue;
            }
            let mut open = self.matcher.begin(trace.fixes[0]);
            let mut said = Vec::new();
            for fix in &trace.fixes[1..] {
                let pushed = self.matcher.push(&mut open, fix, &mut said);
                assert_eq!(pushed, Pushed::Taken, "both split at the same places");
            }
            assert!(said.windows(2).all(|w| w[0].left_at <= w[1].entered_at));
            self.open = Some(open);
        }
    }
}

type Passed = BTreeMap<(DirectedSegment, i64), Vec<(f64, f64, Option<WorkKind>)>>;

/// The intervals that the traces come to, by segment, direction and trace.
fn intervals<'s>(
    network: &RoadNetwork,
    traces: impl Iterator<Item = (Timestamp, &'s [MatchedSpan])>,
) -> Passed {
    let mut passed = Passed::new();
    for (started_at, spans) in traces {
        for (i, span) in spans.iter().enumerate().filter(|(_, span)| !span.doubtful) {
            let (from_m, to_m) = covered_m(network, spans, i);
            let key = DirectedSegment::new(span.segment, span.direction);
            let of = passed.entry((key, started_at.as_second())).or_default();
            of.push((from_m, to_m, span.work));
        }
    }
    passed
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_night_in_any_order_ends_as_the_night_at_once(night in nights()) {
        let network = night.town.network();
        prop_assume!(!network.segments().is_empty());
        let fixes = night.fixes(&network);
        let mut followed = Followed::new(&network);
        for fix in night.arrivals(&fixes) {
            followed.hear(&fix);
        }
        followed.look_anew(true);
        let params = MatchParams::default();
        let at_once: Vec<(Timestamp, Vec<MatchedSpan>)> = split_traces(&fixes, &params)
            .iter()
            .map(|trace| (trace.fixes[0].observed_at, map_match(&network, trace, &params)))
            .collect();
        let expected = intervals(&network, at_once.iter().map(|(at, s)| (*at, s.as_slice())));
        let closed = followed.closed.iter().map(|(at, s)| (*at, s.as_slice()));
        prop_assert_eq!(intervals(&network, closed), expected);
        // What was said meanwhile of an open trace is nearly that, too: its start is one of theirs.
        if let Some(open) = &followed.open {
            prop_assert!(at_once.iter().any(|(at, _)| *at == open.started_at()));
        }
    }
}
