//! The states that are still possible, and how each was best reached.

use super::states::Step;
use crate::network::DirectedSegment;

/// How a plow came from one state to the next.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Way {
    /// It never left the segment.
    pub stays: bool,
    /// It went to the tip of a dead end, on the segment that it stays on.
    pub to_tip: bool,
    /// It turned round on the first state's segment before leaving it.
    pub turns_at_source: bool,
    /// It went past the second state's place from the other side and turned round there.
    pub turns_at_target: bool,
    /// The directed segments driven from end to end: where they begin in [`Run::middles`] …
    pub first: u32,
    /// … and how many they are.
    pub count: u32,
}

impl Way {
    /// Where its directed segments stand among those of its run.
    pub(super) fn middle(&self) -> std::ops::Range<usize> {
        self.first as usize..(self.first + self.count) as usize
    }
}

/// A state of the likeliest sequence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    /// Index of the step.
    pub step: usize,
    /// Index among its states.
    pub state: usize,
    /// How the plow came here.
    pub way: Way,
}

/// Consecutive steps that are joined by ways.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub stops: Vec<Stop>,
    pub middles: Vec<DirectedSegment>,
}

impl Run {
    pub(super) fn middle(&self, way: &Way) -> &[DirectedSegment] {
        &self.middles[way.middle()]
    }
}

/// No column.
const NOWHERE: u32 = u32::MAX;

/// The best way to a state so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub cost: f64,
    /// Column and state that it came from.
    pub before: (u32, u32),
    pub way: Way,
}

pub(super) const UNREACHED: Cell = Cell {
    cost: f64::INFINITY,
    before: (NOWHERE, NOWHERE),
    way: Way {
        stays: false,
        to_tip: false,
        turns_at_source: false,
        turns_at_target: false,
        first: 0,
        count: 0,
    },
};

/// The cells of a step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub step: usize,
    pub first: usize,
    pub count: usize,
    pub best: f64,
}

/// Columns of cells, one column for each step that joined.
#[derive(Debug, Clone, Default)]
pub(super) struct Lattice {
    pub columns: Vec<Column>,
    pub cells: Vec<Cell>,
    pub middles: Vec<DirectedSegment>,
}

impl Lattice {
    pub(super) fn heap_bytes(&self) -> usize {
        self.columns.capacity() * size_of::<Column>()
            + self.cells.capacity() * size_of::<Cell>()
            + self.middles.capacity() * size_of::<DirectedSegment>()
    }

    /// Begins a run at a step, at a cost for states against the traffic.
    pub(super) fn begin(&mut self, steps: &[Step], step: usize, against_traffic: f64) {
        let first = self.cells.len();
        self.cells.extend(steps[step].states.iter().map(|s| Cell {
            cost: s.emission + if s.against { against_traffic } else { 0.0 },
            ..UNREACHED
        }));
        self.push_column(step, first);
    }

    /// Makes a column of the cells from `first` on.
    pub(super) fn push_column(&mut self, step: usize, first: usize) {
        self.columns.push(Column {
            step,
            first,
            count: self.cells.len() - first,
            best: least_cost(&self.cells[first..]),
        });
    }

    /// The best sequence that ends in the newest column.
    pub(super) fn best_stops(&self) -> Vec<Stop> {
        let Some(last) = self.columns.last() else {
            return Vec::new();
        };
        let costs = &self.cells[last.first..last.first + last.count];
        let Some(state) = (0..costs.len()).min_by(|a, b| costs[*a].cost.total_cmp(&costs[*b].cost))
        else {
            return Vec::new();
        };
        let mut at = (self.columns.len() - 1, state);
        let mut stops = Vec::with_capacity(self.columns.len());
        loop {
            let column = self.columns[at.0];
            let cell = self.cells[column.first + at.1];
            stops.push(Stop {
                step: column.step,
                state: at.1,
                way: cell.way,
            });
            if cell.before.0 == NOWHERE {
                break;
            }
            at = (cell.before.0 as usize, cell.before.1 as usize);
        }
        stops.reverse();
        stops
    }

    /// Reads the best sequence back and empties the columns.
    pub(super) fn finish(&mut self) -> Option<Run> {
        let stops = self.best_stops();
        self.columns.clear();
        self.cells.clear();
        let middles = std::mem::take(&mut self.middles);
        (!stops.is_empty()).then_some(Run { stops, middles })
    }

    /// Settles that the plow was in one state of a column: what came before is forgotten, and so
    /// is all that did not come from there. Steps must be those of the columns, one to one.
    pub(super) fn settle(&mut self, steps: &mut Vec<Step>, column: usize, state: usize) {
        let begins = self.columns[column];
        let gone = begins.first;
        for i in 0..begins.count {
            let cell = &mut self.cells[begins.first + i];
            cell.before = (NOWHERE, NOWHERE);
            cell.way = Way::default();
            if i != state {
                cell.cost = f64::INFINITY;
            }
        }
        let mut middles = Vec::new();
        for later in column + 1..self.columns.len() {
            let Column { first, count, .. } = self.columns[later];
            for i in first..first + count {
                let before = self.cells[i].before;
                let lives = before.0 != NOWHERE
                    && before.0 as usize >= column
                    && self.cells[self.columns[before.0 as usize].first + before.1 as usize]
                        .cost
                        .is_finite();
                let cell = &mut self.cells[i];
                if !lives {
                    *cell = UNREACHED;
                    continue;
                }
                let middle = cell.way.middle();
                cell.way.first = middles.len() as u32;
                middles.extend_from_slice(&self.middles[middle]);
                cell.before.0 -= column as u32;
            }
        }
        self.middles = middles;
        self.cells.drain(..gone);
        self.columns.drain(..column);
        steps.drain(..column);
        for (i, kept) in self.columns.iter_mut().enumerate() {
            kept.step = i;
            kept.first -= gone;
            kept.best = least_cost(&self.cells[kept.first..kept.first + kept.count]);
        }
    }
}

/// The least cost of some cells.
pub(super) fn least_cost(cells: &[Cell]) -> f64 {
    cells
        .iter()
        .fold(f64::INFINITY, |least, cell| least.min(cell.cost))
}
