//! From the road under each sample to the way over the network, with its ends put right.

use super::LayParams;
use super::decode::Onward;
use super::samples::Foot;
use crate::network::DirectedSegment;
use crate::work::Direction;

/// A directed segment of a way, from one place on it to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Traversal {
    pub directed: DirectedSegment,
    /// Metres from where the directed segment begins.
    pub enter_m: f64,
    pub leave_m: f64,
}

impl Traversal {
    fn length_m(&self) -> f64 {
        self.leave_m - self.enter_m
    }

    /// The measures in the order of the segment's line.
    pub(super) fn measures_m(&self, segment_m: f64) -> (f64, f64) {
        match self.directed.direction() {
            Direction::Forward => (self.enter_m, self.leave_m),
            Direction::Backward => (segment_m - self.leave_m, segment_m - self.enter_m),
        }
    }
}

/// A connected way, and the samples that lie on it.
#[derive(Debug)]
pub(super) struct Run {
    pub first: usize,
    pub last: usize,
    pub way: Vec<Traversal>,
}

/// The ways that the samples follow, each connected.
pub(super) fn runs_of(
    course: &[Option<Foot>],
    step_m: f64,
    onward: &mut Onward<'_>,
    params: &LayParams,
) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for next in unbroken(course, onward) {
        let bridged = runs.last().and_then(|run| {
            let skipped_m = (next.first - run.last - 1) as f64 * step_m;
            (skipped_m <= params.bridge_m)
                .then(|| bridge(&run.way, &next.way, skipped_m, onward, params))?
        });
        match (runs.last_mut(), bridged) {
            (Some(run), Some(way)) => (run.last, run.way) = (next.last, way),
            _ => runs.push(next),
        }
    }
    let whole_m = course.len().saturating_sub(1) as f64 * step_m;
    let shortest_m = params.shortest_run_m.min(0.5 * whole_m);
    runs.retain(|run| {
        let is_everything = run.first == 0 && run.last + 1 == course.len();
        is_everything || (run.last - run.first) as f64 * step_m >= shortest_m
    });
    for run in &mut runs {
        drop_spurs(&mut run.way, onward, params);
        put_ends_right(&mut run.way, onward, params);
    }
    runs
}

/// Ways of samples that lie on the road one after the other.
fn unbroken(course: &[Option<Foot>], onward: &mut Onward<'_>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (k, foot) in course.iter().enumerate() {
        let Some(foot) = foot else { continue };
        match runs.last_mut().filter(|run| run.last + 1 == k) {
            Some(run) => {
                drive_on(&mut run.way, foot, onward);
                run.last = k;
            }
            None => runs.push(Run {
                first: k,
                last: k,
                way: vec![Traversal {
                    directed: foot.directed,
                    enter_m: foot.along_m,
                    leave_m: foot.along_m,
                }],
            }),
        }
    }
    runs
}

/// Joins two ways between which the line was off the road, as it is on the outside of a corner.
/// Where it swings so wide that it seemed to go on into the next segment, that is taken back.
fn bridge(
    before: &[Traversal],
    after: &[Traversal],
    skipped_m: f64,
    onward: &mut Onward<'_>,
    params: &LayParams,
) -> Option<Vec<Traversal>> {
    let swings = |t: &[Traversal], end: Option<&Traversal>| {
        t.len() > 1 && end.is_some_and(|end| end.length_m() <= params.radius_m)
    };
    for (back, front) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        if back == 1 && !swings(before, before.last())
            || front == 1 && !swings(after, after.first())
        {
            continue;
        }
        let mut way = before[..before.len() - back].to_vec();
        let (Some(last), [first, rest @ ..]) = (way.last(), &after[front..]) else {
            continue;
        };
        let foot = |directed, along_m| Foot {
            directed,
            along_m,
            cost: 0.0,
        };
        let way_m = onward.way_m(
            &foot(last.directed, last.leave_m),
            &foot(first.directed, first.enter_m),
        );
        if way_m.is_some_and(|way_m| way_m <= skipped_m + params.reach_m) {
            drive_on(&mut way, &foot(first.directed, first.leave_m), onward);
            way.extend_from_slice(rest);
            return Some(way);
        }
    }
    None
}

fn drive_on(way: &mut Vec<Traversal>, foot: &Foot, onward: &mut Onward<'_>) {
    let Some(current) = way.last_mut() else {
        return;
    };
    let length_m = onward.length_m(current.directed);
    if foot.directed == current.directed && foot.along_m >= current.enter_m {
        current.leave_m = current.leave_m.max(foot.along_m);
        return;
    }
    if foot.directed == current.directed.reverse() {
        let turned_m = length_m - current.leave_m;
        way.push(Traversal {
            directed: foot.directed,
            enter_m: turned_m.min(foot.along_m),
            leave_m: turned_m.max(foot.along_m),
        });
        return;
    }
    let directed = current.directed;
    if foot.directed != directed || onward.from(directed).gap_m(directed).is_some() {
        current.leave_m = length_m;
        for between in onward.from(directed).way_into(foot.directed) {
            way.push(Traversal {
                directed: between,
                enter_m: 0.0,
                leave_m: onward.length_m(between),
            });
        }
        way.push(Traversal {
            directed: foot.directed,
            enter_m: 0.0,
            leave_m: foot.along_m,
        });
    } else {
        // A line that trembles at its very beginning.
        current.enter_m = foot.along_m;
    }
}

/// Leaves out short ways into a side street and back, by which a line swings round a corner.
fn drop_spurs(way: &mut Vec<Traversal>, onward: &Onward<'_>, params: &LayParams) {
    let mut i = 0;
    while i + 1 < way.len() {
        let (into, back) = (way[i], way[i + 1]);
        let segment_m = onward.length_m(into.directed);
        let most_m = params.radius_m.min(0.5 * segment_m);
        let is_spur = back.directed == into.directed.reverse()
            && into.enter_m == 0.0
            && back.leave_m == segment_m
            && into.length_m().max(back.length_m()) < most_m;
        if is_spur && way.len() > 2 {
            way.drain(i..i + 2);
            i = i.saturating_sub(1);
        } else {
            i += 1;
        }
    }
}

/// Leaves out stubs at the mouths of junctions, and lets ends and turns near a node lie at it.
fn put_ends_right(way: &mut Vec<Traversal>, onward: &Onward<'_>, params: &LayParams) {
    let is_stub = |t: &Traversal| {
        t.length_m() < params.stub_m && t.length_m() < 0.5 * onward.length_m(t.directed)
    };
    while way.len() > 1 && way.last().is_some_and(is_stub) {
        way.pop();
    }
    let mouths = way.iter().take_while(|t| is_stub(t)).count();
    way.drain(..mouths.min(way.len().saturating_sub(1)));
    for i in 1..way.len() {
        let (into, back) = (way[i - 1], way[i]);
        let left_m = onward.length_m(into.directed) - into.leave_m;
        if back.directed == into.directed.reverse() && left_m <= params.snap_m {
            way[i - 1].leave_m += left_m;
            way[i].enter_m = 0.0;
        }
    }
    if let Some(first) = way.first_mut()
        && first.enter_m <= params.snap_m
    {
        first.enter_m = 0.0;
    }
    if let Some(last) = way.last_mut() {
        let length_m = onward.length_m(last.directed);
        if length_m - last.leave_m <= params.snap_m {
            last.leave_m = length_m;
        }
    }
    way.retain(|t| t.length_m() > 0.0);
}
