//! Ends of segments that a pass missed by metres, where the plow went on (design §2).

use super::END_TOLERANCE_M;
use crate::matching::MatchedSpan;
use crate::network::{DirectedSegment, RoadNetwork};
use crate::work::Direction;

/// So near to an end a span has reached it.
const REACHED_M: f64 = 0.5;

/// The measures that a span of a trace covers: its own, drawn to the segment's end, or its start, where it
/// missed that by no more than [`END_TOLERANCE_M`] and the trace goes on there.
///
/// A blade that is lifted or lowered a few metres from a junction, or a moment without a way, leaves such
/// ends. Where the trace ends or turns before the junction nothing is added. `spans` are those of one
/// trace in time order.
pub fn covered_m(network: &RoadNetwork, spans: &[MatchedSpan], index: usize) -> (f64, f64) {
    let span = &spans[index];
    let of = Along::of(network, span);
    let missed_m = [of.from_m, of.length_m - of.to_m];
    let came = missed_m[0] <= END_TOLERANCE_M
        && comes_from_start(network, &of, spans[..index].iter().rev());
    let went =
        missed_m[1] <= END_TOLERANCE_M && goes_to_end(network, &of, spans[index + 1..].iter());
    let from_m = if came { 0.0 } else { of.from_m };
    let to_m = if went { of.length_m } else { of.to_m };
    match span.direction {
        Direction::Forward => (from_m, to_m),
        Direction::Backward => (of.length_m - to_m, of.length_m - from_m),
    }
}

/// A span in its direction of travel.
struct Along {
    directed: DirectedSegment,
    from_m: f64,
    to_m: f64,
    length_m: f64,
}

impl Along {
    fn of(network: &RoadNetwork, span: &MatchedSpan) -> Self {
        let length_m = network.segments()[span.segment as usize].length_m;
        let (from_m, to_m) = match span.direction {
            Direction::Forward => (span.from_m, span.to_m),
            Direction::Backward => (length_m - span.to_m, length_m - span.from_m),
        };
        Along {
            directed: DirectedSegment::new(span.segment, span.direction),
            from_m,
            to_m,
            length_m,
        }
    }
}

/// Whether what follows drives on to the end of the segment, or goes on from the junction there.
fn goes_to_end<'s>(
    network: &RoadNetwork,
    of: &Along,
    later: impl Iterator<Item = &'s MatchedSpan>,
) -> bool {
    let mut reached_m = of.to_m;
    for span in later {
        let next = Along::of(network, span);
        if next.directed == of.directed && next.from_m >= reached_m - REACHED_M {
            reached_m = next.to_m;
            if of.length_m - reached_m <= REACHED_M {
                return true;
            }
        } else {
            let junction = network.head(of.directed);
            let begins_there = network.head(next.directed.reverse()) == junction;
            let turned_before = next.directed == of.directed.reverse();
            return begins_there && !turned_before && next.from_m <= END_TOLERANCE_M;
        }
    }
    of.length_m - reached_m <= REACHED_M
}

/// The same for what came before the segment's start.
fn comes_from_start<'s>(
    network: &RoadNetwork,
    of: &Along,
    earlier: impl Iterator<Item = &'s MatchedSpan>,
) -> bool {
    let mut begun_m = of.from_m;
    for span in earlier {
        let before = Along::of(network, span);
        if before.directed == of.directed && before.to_m <= begun_m + REACHED_M {
            begun_m = before.from_m;
            if begun_m <= REACHED_M {
                return true;
            }
        } else {
            let junction = network.head(of.directed.reverse());
            let ends_there = network.head(before.directed) == junction;
            let turned_after = before.directed == of.directed.reverse();
            let left_m = before.length_m - before.to_m;
            return ends_there && !turned_after && left_m <= END_TOLERANCE_M;
        }
    }
    begun_m <= REACHED_M
}
