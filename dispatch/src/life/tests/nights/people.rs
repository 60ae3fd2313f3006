//! What people and plows do in a night.

use super::world::{Coming, HOUR, World};
use crate::life::tests::{firm, officer};
use crate::life::*;
use rand::Rng;

impl World {
    /// What people do who are told.
    pub(super) fn is_told(&mut self, round: u32, tell: &Tell) {
        if self.chance(0.05) {
            let number = tell.number;
            self.send(180, round, Event::Undelivered { number });
            return;
        }
        let contractor = match tell.contact.as_str() {
            "hanako" | "yuki" => "suzuki",
            _ => "yamada",
        };
        let wait = self.rng.random_range(20..8 * 60);
        let in_hours = |world: &mut World| {
            let ahead = world.rng.random_range(10..180);
            world
                .now()
                .checked_add(SignedDuration::from_mins(ahead))
                .unwrap()
        };
        let event = match (tell.what, self.rng.random_range(0..10)) {
            (What::Request | What::RequestOther, dice @ 0..6) => {
                let answer = match dice {
                    0 => Answer::Decline {
                        reason: DeclineReason::People,
                    },
                    1 => Answer::Delay {
                        until: in_hours(self),
                    },
                    _ => Answer::Accept {
                        machines: Some(2),
                        eta: (dice == 2).then(|| in_hours(self)),
                    },
                };
                if !matches!(answer, Answer::Decline { .. }) && self.chance(0.8) {
                    let start = self.rng.random_range(600..3 * HOUR);
                    self.after(start, Coming::Plow(round, 0.0));
                }
                Event::Answered {
                    by: firm(contractor),
                    answer,
                }
            }
            (What::StandBy, 0..=2) if self.mode == Mode::SelfStart => {
                let start = self.rng.random_range(600..2 * HOUR);
                self.after(start, Coming::Plow(round, 0.0));
                return;
            }
            (What::Approval, 0..7) => Event::Approved { by: officer() },
            (What::Approval | What::Unconfirmed | What::Below, 7) => Event::Cancelled {
                by: officer(),
                reason: String::new(),
            },
            (What::NoAnswer | What::Declined, dice @ 0..=3) => Event::OrderedOther {
                by: officer(),
                contractor: "suzuki".to_owned(),
                role: if dice % 2 == 0 {
                    FirmRole::Aid
                } else {
                    FirmRole::Substitute
                },
            },
            (what, 4) if what.wants_answer() => Event::Silenced {
                by: officer(),
                until: in_hours(self),
            },
            (What::NoAnswer, 5) => Event::Escalated { by: officer() },
            (What::Unconfirmed | What::Declined | What::NoAnswer, 6) => {
                let phases = [
                    Phase::Accepted,
                    Phase::Started,
                    Phase::Completed,
                    Phase::Declined,
                ];
                self.tally.by_hand += 1;
                Event::Reported {
                    by: officer(),
                    report: Report {
                        phase: phases[self.rng.random_range(0..phases.len())],
                        said_by: "山田".to_owned(),
                        note: String::new(),
                    },
                }
            }
            _ => return,
        };
        self.send(wait, round, event);
    }

    pub(super) fn plow(&mut self, round: u32, share: f64) {
        let at = self.now();
        let vehicle = "plows/7".to_owned();
        let working = self.kept.get(&round).is_some_and(|kept| kept.working);
        if share == 0.0 && working {
            return;
        }
        if let Some(kept) = self.kept.get_mut(&round) {
            kept.working = true;
        }
        let evidence = if share == 0.0 {
            Evidence::Pass { at, vehicle }
        } else {
            Evidence::Coverage(Progress {
                own_m: 1000.0,
                done_m: share * 1000.0,
                excused_m: 0.0,
            })
        };
        self.send(0, round, Event::Seen { evidence });
        if self.chance(0.05) {
            let evidence = Evidence::Units {
                heard: self.rng.random_range(0..4),
                on_duty: 4,
            };
            self.send(0, round, Event::Seen { evidence });
        }
        if share < 1.0 {
            let wait = self.rng.random_range(300..1800);
            self.after(wait, Coming::Plow(round, (share + 0.2).min(1.0)));
        }
    }
}
