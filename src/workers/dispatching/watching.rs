//! Watches what plows do in the zones of open call-outs: started by the first working pass,
//! completed by coverage, and 未確認 where half of the units are silent.

use super::Dispatching;
use crate::call_outs::{Book, Outcome, alive, happen, step};
use crate::workers::{Shutdown, called};
use dispatch::life::{Dispatch, Event, Evidence, Phase, Progress};
use domain::trust::HEARD_WITHIN;
use domain::work::Direction;
use jiff::Timestamp;
use std::time::{Duration, Instant};
use store::{DispatchRecord, ZoneStretch, ZoneUnit};

/// How often one looks.
const LOOK: Duration = Duration::from_secs(5);
/// A look at thousands of call-outs takes its time; the database has so many times as long for others.
const REST: u32 = 3;

impl Dispatching {
    pub(super) async fn watch_on(&self, shutdown: Shutdown) -> anyhow::Result<()> {
        while !*shutdown.borrow() {
            let begun = Instant::now();
            self.watch_all().await?;
            let look = self
                .clock
                .real(LOOK)
                .clamp(Duration::from_millis(500), LOOK);
            let pause = look.max(begun.elapsed() * REST);
            tokio::select! {
                () = called(&shutdown) => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        Ok(())
    }

    /// Looks at all open call-outs.
    ///
    /// # Errors
    /// Database errors.
    pub async fn watch_all(&self) -> anyhow::Result<()> {
        for manager in self.store.road_managers().await? {
            let open = self.store.open_dispatches(&manager.code).await?;
            if open.is_empty() {
                continue;
            }
            let book = Book::load(&self.store, &manager.code).await?;
            for record in open {
                if let Err(error) = self.watch(record, &book).await {
                    tracing::error!("{error:#}");
                }
            }
        }
        Ok(())
    }

    async fn watch(&self, mut record: DispatchRecord, book: &Book) -> anyhow::Result<()> {
        let dispatch = alive(&record)?;
        // A drill is no work: what plows do meanwhile belongs to real call-outs.
        if dispatch.drill {
            return Ok(());
        }
        let now = self.clock.now();
        let (manager, zone) = (&dispatch.key.manager, &dispatch.key.zone);
        let since = dispatch.evidence_from;
        let units = self.store.zone_units(manager, zone, since).await?;
        let mut seen: Vec<Evidence> = Vec::new();
        seen.extend(pass_of(&dispatch, &units));
        if !units.is_empty() {
            let stretches = self.store.zone_stretches(manager, zone).await?;
            seen.push(Evidence::Coverage(progress_of(&dispatch, &stretches)));
            seen.push(units_of(&units, now));
        }
        for evidence in seen {
            let event = Event::Seen { evidence };
            if matches!(step(&record, &event, book, now)?, Ok(None)) {
                continue;
            }
            let (manager, id) = (&record.manager_code, record.id);
            match happen(&self.store, manager, id, &event, None, now).await? {
                Outcome::Done(changed) => record = *changed,
                Outcome::Refused(_) | Outcome::Unknown => return Ok(()),
            }
        }
        Ok(())
    }
}

/// The first working pass, or the last where work goes on.
fn pass_of(dispatch: &Dispatch, units: &[ZoneUnit]) -> Option<Evidence> {
    let first = units.first()?;
    let last = units.iter().max_by_key(|unit| unit.last_left_at)?;
    let (at, unit) = match dispatch.phase {
        Phase::Started => (last.last_left_at, last),
        _ => (first.first_left_at, first),
    };
    Some(Evidence::Pass {
        at,
        vehicle: format!("{}/{}", unit.feed_id, unit.vehicle_id),
    })
}

/// How much is cleared since the call-out was opened: each direction counts for half of a stretch.
fn progress_of(dispatch: &Dispatch, stretches: &[ZoneStretch]) -> Progress {
    let mut progress = Progress {
        own_m: 0.0,
        done_m: 0.0,
        excused_m: 0.0,
    };
    for stretch in stretches {
        let directions: &[Direction] = match stretch.direction {
            Some(Direction::Forward) => &[Direction::Forward],
            Some(Direction::Backward) => &[Direction::Backward],
            None => &Direction::BOTH,
        };
        let share_m = stretch.length_m / directions.len() as f64;
        for direction in directions {
            let cleared = stretch
                .facts
                .as_ref()
                .and_then(|f| f.direction(*direction).cleared_at);
            progress.own_m += share_m;
            if cleared.is_some_and(|at| at >= dispatch.raised_at) {
                progress.done_m += share_m;
            } else if dispatch.excused.contains(&stretch.segment.0) {
                progress.excused_m += share_m;
            }
        }
    }
    progress
}

/// The units that worked on it, and how many of them are still heard. Those that were promised and
/// have not come yet are no silent ones: they come one after the other.
fn units_of(units: &[ZoneUnit], now: Timestamp) -> Evidence {
    let heard_since = now.saturating_sub(HEARD_WITHIN).unwrap_or(Timestamp::MIN);
    let heard = units
        .iter()
        .filter(|unit| unit.last_observed_at.is_some_and(|at| at >= heard_since));
    Evidence::Units {
        heard: heard.count() as u32,
        on_duty: units.len() as u32,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use dispatch::life::{DispatchKey, Mode, Opening};
    use domain::coverage::SegmentFacts;
    use domain::network::SegmentId;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_768_420_800 + seconds).unwrap()
    }

    fn dispatch() -> Dispatch {
        let opening = Opening {
            key: DispatchKey {
                manager: "02201".to_owned(),
                zone: "A-1".to_owned(),
                rule: "r".to_owned(),
                round: 1,
            },
            mode: Mode::Order,
            drill: false,
            standby: false,
            reason: "新積雪 12 cm".to_owned(),
            deadline: None,
            contractor: None,
            by: None,
        };
        Dispatch::open(&opening, at(0))
    }

    fn unit(vehicle: &str, first: i64, last: i64, heard: i64) -> ZoneUnit {
        ZoneUnit {
            feed_id: "f".to_owned(),
            vehicle_id: vehicle.to_owned(),
            first_left_at: at(first),
            last_left_at: at(last),
            last_observed_at: Some(at(heard)),
        }
    }

    #[test]
    fn the_first_pass_starts_and_the_last_shows_that_work_goes_on() {
        let units = [unit("a", 10, 20, 20), unit("b", 15, 90, 90)];
        let mut open = dispatch();
        let pass = |open: &Dispatch| match pass_of(open, &units) {
            Some(Evidence::Pass { at, vehicle }) => (at, vehicle),
            other => panic!("{other:?}"),
        };
        assert_eq!(pass(&open), (at(10), "f/a".to_owned()));
        open.phase = Phase::Started;
        assert_eq!(pass(&open), (at(90), "f/b".to_owned()));
        assert_eq!(pass_of(&open, &[]), None);
    }

    #[test]
    fn what_is_cleared_since_counts_by_direction_and_what_is_excused_apart() {
        let stretch = |segment, forward: Option<i64>, backward: Option<i64>, direction| {
            let mut facts = SegmentFacts::default();
            facts.forward.cleared_at = forward.map(at);
            facts.backward.cleared_at = backward.map(at);
            ZoneStretch {
                segment: SegmentId(segment),
                length_m: 100.0,
                direction,
                facts: Some(facts),
            }
        };
        let mut open = dispatch();
        open.excused = vec![3];
        let stretches = [
            stretch(1, Some(5), Some(-5), None),
            stretch(2, Some(5), None, Some(Direction::Forward)),
            stretch(3, None, None, None),
            ZoneStretch {
                facts: None,
                ..stretch(4, None, None, None)
            },
        ];
        let progress = progress_of(&open, &stretches);
        assert_eq!(
            (progress.own_m, progress.done_m, progress.excused_m),
            (400.0, 150.0, 100.0)
        );
    }

    #[test]
    fn a_unit_that_is_not_heard_any_more_is_silent() {
        let units = [unit("a", 10, 20, 1000), unit("b", 15, 90, 10)];
        let silent = Evidence::Units {
            heard: 1,
            on_duty: 2,
        };
        assert_eq!(units_of(&units, at(1000)), silent);
    }
}
