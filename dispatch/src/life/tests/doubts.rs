//! Scenes in which something is not as it was thought: silence, standby, thaw, and clocks.

use super::scenes::{ACCEPT, pass};
use super::*;

#[test]
fn silent_units_put_the_state_in_doubt_until_they_are_heard() {
    let mut scene = Scene::open(&opening(Mode::Order));
    scene.happens(5.0, pass(4.0)).unwrap();
    let units = |heard| Event::Seen {
        evidence: Evidence::Units { heard, on_duty: 4 },
    };
    scene.happens(6.0, units(3)).unwrap();
    assert_eq!(scene.dispatch.state(), State::Started);
    scene.happens(7.0, units(2)).unwrap();
    assert_eq!(scene.dispatch.state(), State::Unconfirmed);
    scene.passes(7.0);
    scene.happens(8.0, units(4)).unwrap();
    assert_eq!(scene.dispatch.state(), State::Started);
    assert_eq!(scene.heard(), ["7 sato Unconfirmed"]);
}

#[test]
fn below_the_hysteresis_only_those_are_called_off_who_have_not_accepted() {
    let below = || Event::FellBelow {
        reason: "新積雪 4 cm".to_owned(),
    };
    let mut scene = Scene::open(&opening(Mode::Order));
    scene.passes(0.0);
    scene.happens(1.0, below()).unwrap();
    assert_eq!(scene.dispatch.state(), State::Cancelled);
    assert_eq!(scene.heard(), ["0 taro Request", "1 taro StandDown"]);

    let mut scene = Scene::open(&opening(Mode::Order));
    scene.passes(0.0);
    scene.answers(1.0, "yamada", ACCEPT);
    scene.happens(2.0, below()).unwrap();
    scene.happens(3.0, below()).unwrap();
    assert_eq!(scene.dispatch.state(), State::Accepted);
    let heard = scene.heard();
    assert_eq!(heard[1..], ["1 officers Accepted", "2 officers Below"]);
}

#[test]
fn standby_becomes_an_order_and_a_firm_that_starts_by_itself_is_watched() {
    let crossed = Event::Crossed {
        reason: "新積雪 11 cm".to_owned(),
        deadline: Some(at(300.0)),
    };
    let standby = Opening {
        standby: true,
        ..opening(Mode::Order)
    };
    let mut scene = Scene::open(&standby);
    scene.passes(1.0);
    scene.happens(30.0, crossed.clone()).unwrap();
    scene.happens(31.0, crossed.clone()).unwrap();
    scene.passes(31.0);
    assert_eq!(scene.dispatch.reason, "新積雪 11 cm");
    assert_eq!(
        scene.heard(),
        ["0 taro StandBy", "0 jiro StandBy", "30 taro Request"]
    );

    let mut scene = Scene::open(&opening(Mode::SelfStart));
    scene.happens(10.0, crossed).unwrap();
    scene.passes(60.0);
    assert_eq!(scene.dispatch.state(), State::Unconfirmed);
    scene.happens(61.0, pass(60.5)).unwrap();
    assert_eq!(scene.dispatch.state(), State::Started);
}

#[test]
fn a_silence_ends_visibly_and_by_hand_stands_as_said() {
    let mut scene = Scene::open(&opening(Mode::Order));
    scene.passes(0.0);
    let (by, until) = (officer(), at(30.0));
    scene.happens(1.0, Event::Silenced { by, until }).unwrap();
    scene.passes(30.0);
    assert_eq!(
        scene.heard(),
        [
            "0 taro Request",
            "30 officers SilenceEnded",
            "30 jiro Request"
        ]
    );
    let report = |phase| Event::Reported {
        by: officer(),
        report: Report {
            phase,
            said_by: "山田".to_owned(),
            note: "電話".to_owned(),
        },
    };
    scene.happens(31.0, report(Phase::Accepted)).unwrap();
    assert!(scene.dispatch.reported && scene.dispatch.state() == State::Accepted);
    scene.happens(32.0, report(Phase::Completed)).unwrap();
    scene.happens(33.0, report(Phase::Started)).unwrap();
    assert_eq!(scene.dispatch.state(), State::Started);
}

#[test]
fn what_was_promised_on_a_clock_that_was_a_day_ahead_is_asked_after_in_time() {
    let day = 24.0 * 60.0;
    let tick = || Event::Tick { roster: roster() };
    let mut scene = Scene::open(&opening(Mode::Order));
    scene.passes(0.0);
    // The clock goes a day ahead; the deadline seems to be over, and the firm answers.
    scene.happens(day + 1.0, tick()).unwrap();
    assert_eq!(scene.dispatch.state(), State::Overdue);
    scene.answers(day + 2.0, "yamada", ACCEPT);
    // It is set back.
    scene.happens(3.0, tick()).unwrap();
    assert_eq!(scene.dispatch.state(), State::Accepted);
    scene.passes(63.0);
    assert_eq!(scene.dispatch.state(), State::Unconfirmed);
    scene.passes(240.0);
    assert_eq!(scene.dispatch.overdue_since, Some(at(240.0)));
}
