//! The world around the machine, told in real seconds that the wall clock need not follow.

use super::watch::Watch;
use crate::life::tests::{opening, roster};
use crate::life::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

pub(super) const HOUR: i64 = 3600;
const NIGHT: i64 = 20 * HOUR;
const RULE_CYCLE: i64 = 20 * 60;

/// What went on.
#[derive(Debug, Default, Clone)]
pub(super) struct Tally {
    pub(super) nights: u64,
    pub(super) opened: u64,
    pub(super) second_rounds: u64,
    pub(super) events: u64,
    pub(super) refused: u64,
    pub(super) messages: u64,
    pub(super) by_hand: u64,
    pub(super) completed: u64,
    pub(super) cancelled: u64,
    pub(super) open_at_end: u64,
    pub(super) clock_steps: u64,
    pub(super) restarts: u64,
    pub(super) duplicates: u64,
    pub(super) late: u64,
}

impl Tally {
    pub(super) fn add(&mut self, other: &Tally) {
        self.nights += other.nights;
        self.opened += other.opened;
        self.second_rounds += other.second_rounds;
        self.events += other.events;
        self.refused += other.refused;
        self.messages += other.messages;
        self.by_hand += other.by_hand;
        self.completed += other.completed;
        self.cancelled += other.cancelled;
        self.open_at_end += other.open_at_end;
        self.clock_steps += other.clock_steps;
        self.restarts += other.restarts;
        self.duplicates += other.duplicates;
        self.late += other.late;
    }
}

/// What is to happen at a real second.
#[derive(Debug, Clone)]
pub(super) enum Coming {
    /// An event reaches a round's call-out; a crossing opens it.
    Event(u32, Event),
    /// The rules look at the snow.
    Rules,
    /// The wall clock is set.
    ClockSet(i64),
    /// The worker is killed and starts again from what is kept.
    Restart,
    /// A plow of the round works: the share of its zone that is done.
    Plow(u32, f64),
}

/// A call-out as the store keeps it.
pub(super) struct Kept {
    dispatch: Dispatch,
    changed_at: Timestamp,
    events: Vec<(Event, Timestamp)>,
    opened_at: Timestamp,
    watch: Watch,
    pub(super) working: bool,
}

pub(super) struct World {
    pub(super) rng: ChaCha8Rng,
    pub(super) real: i64,
    offset: i64,
    pub(super) mode: Mode,
    coming: BinaryHeap<Reverse<(i64, u64)>>,
    events: BTreeMap<u64, Coming>,
    number: u64,
    pub(super) kept: BTreeMap<u32, Kept>,
    /// When each round is past its threshold, in real seconds.
    snow: [(i64, i64); 2],
    pub(super) tally: Tally,
}

/// One night.
pub(super) fn night(seed: u64, number: u64) -> Tally {
    let mut rng = ChaCha8Rng::seed_from_u64(seed.wrapping_mul(1000).wrapping_add(number));
    let first = rng.random_range(0..3 * HOUR);
    let over = first + rng.random_range(HOUR..6 * HOUR);
    let second = over + rng.random_range(HOUR..3 * HOUR);
    let mode = [Mode::Order, Mode::Approve, Mode::SelfStart][rng.random_range(0..3)];
    let mut world = World {
        snow: [
            (first, over),
            (second, second + rng.random_range(HOUR..8 * HOUR)),
        ],
        rng,
        real: 0,
        offset: 0,
        mode,
        coming: BinaryHeap::new(),
        events: BTreeMap::new(),
        number: 0,
        kept: BTreeMap::new(),
        tally: Tally::default(),
    };
    world.plan();
    world.run();
    world.close()
}

impl World {
    pub(super) fn now(&self) -> Timestamp {
        crate::life::tests::at((self.real + self.offset) as f64 / 60.0)
    }

    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.rng.random_bool(p)
    }

    pub(super) fn after(&mut self, seconds: i64, coming: Coming) {
        self.number += 1;
        self.events.insert(self.number, coming);
        self.coming
            .push(Reverse((self.real + seconds, self.number)));
    }

    /// An event on its way: some come late and out of order, some twice.
    pub(super) fn send(&mut self, seconds: i64, round: u32, event: Event) {
        let late = if self.chance(0.1) {
            self.rng.random_range(0..15 * 60)
        } else {
            0
        };
        self.tally.late += u64::from(late > 0);
        if self.chance(0.1) {
            let again = self.rng.random_range(0..30 * 60);
            self.tally.duplicates += 1;
            self.after(seconds + again, Coming::Event(round, event.clone()));
        }
        self.after(seconds + late, Coming::Event(round, event));
    }

    fn plan(&mut self) {
        self.after(0, Coming::Rules);
        for step in [HOUR, -HOUR, 24 * HOUR, -24 * HOUR] {
            if self.chance(0.4) {
                let at = self.rng.random_range(0..NIGHT);
                self.after(at, Coming::ClockSet(step));
            }
        }
        for _ in 0..self.rng.random_range(0..3) {
            let at = self.rng.random_range(0..NIGHT);
            self.after(at, Coming::Restart);
        }
    }

    fn run(&mut self) {
        while self.real < NIGHT {
            let next = self.coming.peek().map_or(NIGHT, |Reverse((at, _))| *at);
            match self.next_wake().filter(|wake| *wake <= next) {
                Some(wake) => {
                    self.real = wake.max(self.real);
                    self.work();
                }
                None => match self.coming.pop() {
                    Some(Reverse((at, number))) if at < NIGHT => {
                        self.real = at;
                        if let Some(coming) = self.events.remove(&number) {
                            self.meet(coming);
                        }
                    }
                    _ => self.real = NIGHT,
                },
            }
        }
    }

    /// When the worker finds something due: as the store's query has it.
    fn next_wake(&self) -> Option<i64> {
        let now = self.now();
        let wake = |kept: &Kept| {
            let next = kept.dispatch.next_at()?;
            if kept.changed_at > now.checked_add(CLOCK_SKEW).unwrap() {
                return Some(self.real);
            }
            let ahead = next.duration_since(now).as_secs_f64().ceil() as i64;
            Some(self.real + ahead.max(0))
        };
        self.kept.values().filter_map(wake).min()
    }

    fn work(&mut self) {
        let now = self.now();
        let due: Vec<u32> = self
            .kept
            .iter()
            .filter(|(_, kept)| {
                let set_back = kept.changed_at > now.checked_add(CLOCK_SKEW).unwrap();
                kept.dispatch
                    .next_at()
                    .is_some_and(|next| next <= now || set_back)
            })
            .map(|(round, _)| *round)
            .collect();
        for round in due {
            self.happens(round, Event::Tick { roster: roster() });
            if let Some(kept) = self.kept.get_mut(&round) {
                kept.changed_at = kept.changed_at.min(now);
                let next = kept.dispatch.next_at();
                assert!(
                    next.is_none_or(|next| next > now),
                    "a tick that leaves itself due: {next:?}"
                );
            }
        }
    }

    fn meet(&mut self, coming: Coming) {
        match coming {
            Coming::Rules => self.look_at_snow(),
            Coming::ClockSet(step) => {
                self.offset += step;
                self.tally.clock_steps += 1;
                for kept in self.kept.values_mut() {
                    kept.watch.clock_was_set();
                }
            }
            Coming::Restart => self.restart(),
            Coming::Event(round, event) => match (&event, self.kept.contains_key(&round)) {
                (Event::Crossed { .. }, false) => self.open(round),
                _ => self.happens(round, event),
            },
            Coming::Plow(round, share) => self.plow(round, share),
        }
    }

    /// The rules say what is, at each look, and open what is not there yet.
    fn look_at_snow(&mut self) {
        for (index, (from, until)) in self.snow.into_iter().enumerate() {
            let round = index as u32 + 1;
            if (from..until).contains(&self.real) {
                let event = Event::Crossed {
                    reason: "新積雪 12 cm".to_owned(),
                    deadline: None,
                };
                self.send(0, round, event);
            } else if self.real >= until && self.kept.contains_key(&round) {
                let reason = "新積雪 5 cm".to_owned();
                self.send(0, round, Event::FellBelow { reason });
            }
        }
        self.after(RULE_CYCLE, Coming::Rules);
    }

    fn open(&mut self, round: u32) {
        let now = self.now();
        let mut opening = opening(self.mode);
        opening.key.round = round;
        opening.deadline = now.checked_add(SignedDuration::from_hours(4)).ok();
        self.tally.opened += 1;
        self.tally.second_rounds += u64::from(round == 2);
        let kept = Kept {
            dispatch: Dispatch::open(&opening, now),
            changed_at: now,
            events: Vec::new(),
            opened_at: now,
            watch: Watch::new(self.real),
            working: false,
        };
        let before = self.kept.insert(round, kept);
        assert!(before.is_none(), "a second call-out of one round");
    }

    fn happens(&mut self, round: u32, event: Event) {
        let (now, real) = (self.now(), self.real);
        let Some(kept) = self.kept.get_mut(&round) else {
            return;
        };
        let (next, effects) = match apply(&kept.dispatch, &event, now) {
            Ok(done) => done,
            Err(_) => {
                self.tally.refused += 1;
                return;
            }
        };
        kept.watch
            .step(&kept.dispatch, &event, &next, &effects, real, now);
        if next == kept.dispatch {
            return;
        }
        self.tally.events += 1;
        kept.dispatch = next;
        kept.changed_at = now;
        kept.events.push((event, now));
        for Effect::Tell(tell) in effects {
            self.tally.messages += 1;
            self.is_told(round, &tell);
        }
    }

    /// What is kept gives the same again.
    fn restart(&mut self) {
        self.tally.restarts += 1;
        for (round, kept) in &self.kept {
            let mut opening = opening(self.mode);
            opening.key.round = *round;
            opening.deadline = kept
                .opened_at
                .checked_add(SignedDuration::from_hours(4))
                .ok();
            let mut again = Dispatch::open(&opening, kept.opened_at);
            for (event, at) in &kept.events {
                again = apply(&again, event, *at).unwrap().0;
            }
            assert_eq!(again, kept.dispatch);
        }
    }

    fn close(mut self) -> Tally {
        self.tally.nights = 1;
        for (index, (from, until)) in self.snow.into_iter().enumerate() {
            // Long enough past the threshold for the rules to have said so, however late.
            let sure = from + RULE_CYCLE + 15 * 60 < until.min(NIGHT);
            let opened = self.kept.contains_key(&(index as u32 + 1));
            assert!(opened || !sure, "round {} was missed", index + 1);
        }
        for kept in self.kept.values() {
            match kept.dispatch.phase {
                Phase::Completed => self.tally.completed += 1,
                Phase::Cancelled => self.tally.cancelled += 1,
                _ => self.tally.open_at_end += 1,
            }
        }
        self.tally
    }
}
