//! What a call-out goes through, told as scenes; and whole winters of nights.
#![allow(clippy::unwrap_used)]

mod doubts;
mod nights;
mod scenes;

use super::*;

pub(super) fn at(minutes: f64) -> Timestamp {
    let start = Timestamp::from_second(1_768_410_000).unwrap();
    start
        .checked_add(SignedDuration::from_secs_f64(minutes * 60.0))
        .unwrap()
}

pub(super) fn opening(mode: Mode) -> Opening {
    Opening {
        key: DispatchKey {
            manager: "02201".to_owned(),
            zone: "第1工区".to_owned(),
            rule: "new-snow-10".to_owned(),
            round: 1,
        },
        mode,
        drill: false,
        standby: false,
        reason: "新積雪 12 cm ≥ 10 cm、2 観測所".to_owned(),
        deadline: Some(at(240.0)),
        contractor: Some("yamada".to_owned()),
        by: None,
    }
}

fn rung(contact: &str, kind: RungKind) -> Rung {
    Rung {
        contact: contact.to_owned(),
        kind,
    }
}

pub(super) fn roster() -> Roster {
    let firm = |a: &str, b: &str| vec![rung(a, RungKind::Firm), rung(b, RungKind::Firm)];
    Roster {
        firms: vec![
            ("yamada".to_owned(), firm("taro", "jiro")),
            ("suzuki".to_owned(), firm("hanako", "yuki")),
        ],
        officers: vec![rung("sato", RungKind::Officer)],
        voice: true,
    }
}

pub(super) fn officer() -> Actor {
    Actor::Officer {
        name: "佐藤".to_owned(),
    }
}

pub(super) fn firm(contractor: &str) -> Actor {
    Actor::Firm {
        contractor: contractor.to_owned(),
        name: "山田太郎".to_owned(),
    }
}

/// A call-out with all that it has told.
pub(super) struct Scene {
    pub(super) dispatch: Dispatch,
    pub(super) told: Vec<(f64, Tell)>,
    pub(super) events: Vec<(Event, Timestamp)>,
}

impl Scene {
    pub(super) fn open(opening: &Opening) -> Self {
        Scene {
            dispatch: Dispatch::open(opening, at(0.0)),
            told: Vec::new(),
            events: Vec::new(),
        }
    }

    pub(super) fn happens(&mut self, minutes: f64, event: Event) -> Result<(), Refused> {
        let (next, effects) = apply(&self.dispatch, &event, at(minutes))?;
        self.dispatch = next;
        self.events.push((event, at(minutes)));
        for Effect::Tell(tell) in effects {
            self.told.push((minutes, tell));
        }
        Ok(())
    }

    /// Ticks at every deadline until a time, as the worker does.
    pub(super) fn passes(&mut self, until: f64) {
        while let Some(next) = self.dispatch.next_at().filter(|next| *next <= at(until)) {
            let minutes = (next.duration_since(at(0.0)).as_secs_f64() / 60.0).max(0.0);
            let event = Event::Tick { roster: roster() };
            self.happens(minutes, event).unwrap();
        }
    }

    pub(super) fn answers(&mut self, minutes: f64, contractor: &str, answer: Answer) {
        let by = firm(contractor);
        self.happens(minutes, Event::Answered { by, answer })
            .unwrap();
    }

    /// Who was told what since the last look, as `minute contact what`.
    pub(super) fn heard(&mut self) -> Vec<String> {
        std::mem::take(&mut self.told)
            .into_iter()
            .map(|(minutes, tell)| {
                let whom = match tell.kind {
                    RungKind::Officers => "officers",
                    RungKind::Voice => "voice",
                    _ => tell.contact.as_str(),
                };
                format!("{minutes} {whom} {:?}", tell.what)
            })
            .collect()
    }
}
