//! Scenes: what is told when, and what a call-out shows.

use super::*;

pub(super) const ACCEPT: Answer = Answer::Accept {
    machines: Some(2),
    eta: None,
};
const BREAKDOWN: Answer = Answer::Decline {
    reason: DeclineReason::Breakdown,
};

pub(super) fn pass(minutes: f64) -> Event {
    Event::Seen {
        evidence: Evidence::Pass {
            at: at(minutes),
            vehicle: "plows/7".to_owned(),
        },
    }
}

pub(super) fn done(share: f64) -> Event {
    Event::Seen {
        evidence: Evidence::Coverage(Progress {
            own_m: 10_000.0,
            done_m: share * 10_000.0,
            excused_m: 0.0,
        }),
    }
}

#[test]
fn nobody_answers_and_the_ladder_is_climbed_again_and_again() {
    let mut scene = Scene::open(&opening(Mode::Order));
    scene.passes(40.0);
    assert_eq!(
        scene.heard(),
        [
            "0 taro Request",
            "5 jiro Request",
            "10 sato NoAnswer",
            "15 voice Request",
            // The board's call list at 20, then a pause of 15 min.
            "35 taro Request",
            "40 jiro Request",
        ]
    );
    assert_eq!(scene.dispatch.call_by_hand_since(), Some(at(20.0)));
    assert_eq!(scene.dispatch.state(), State::Requested);
}

#[test]
fn a_call_out_goes_its_good_way() {
    let mut scene = Scene::open(&opening(Mode::Approve));
    assert_eq!(scene.dispatch.state(), State::AwaitingApproval);
    scene.passes(1.0);
    scene
        .happens(2.0, Event::Approved { by: officer() })
        .unwrap();
    scene.passes(3.0);
    scene.answers(4.0, "yamada", ACCEPT);
    assert_eq!(scene.dispatch.state(), State::Accepted);
    scene.passes(20.0);
    scene.happens(25.0, pass(24.0)).unwrap();
    assert_eq!(scene.dispatch.state(), State::Started);
    assert_eq!(scene.dispatch.started_at, Some(at(24.0)));
    scene.happens(60.0, done(0.6)).unwrap();
    assert_eq!(scene.dispatch.state(), State::Started);
    scene.happens(90.0, done(0.96)).unwrap();
    assert_eq!(scene.dispatch.state(), State::Completed);
    assert_eq!(scene.dispatch.next_at(), None);
    assert_eq!(
        scene.heard(),
        [
            "0 sato Approval",
            "2 taro Request",
            "4 officers Accepted",
            "90 officers Completed"
        ]
    );
}

#[test]
fn an_undelivered_call_is_followed_by_the_next_at_once() {
    let mut scene = Scene::open(&opening(Mode::Order));
    scene.passes(0.0);
    let number = scene.told[0].1.number;
    scene.happens(3.0, Event::Undelivered { number }).unwrap();
    scene.passes(3.0);
    // Said again, and said of a message that is no longer the last: nothing.
    scene.happens(3.5, Event::Undelivered { number }).unwrap();
    scene.passes(4.0);
    assert_eq!(scene.heard(), ["0 taro Request", "3 jiro Request"]);
}

#[test]
fn who_cannot_come_is_an_officers_matter() {
    let mut scene = Scene::open(&opening(Mode::Order));
    scene.passes(0.0);
    scene.answers(1.0, "yamada", BREAKDOWN);
    scene.passes(1.0);
    assert_eq!(scene.dispatch.state(), State::Declined);
    let order = Event::OrderedOther {
        by: officer(),
        contractor: "suzuki".to_owned(),
        role: FirmRole::Substitute,
    };
    let by_firm = Event::OrderedOther {
        by: firm("yamada"),
        contractor: "suzuki".to_owned(),
        role: FirmRole::Substitute,
    };
    let refused = apply(&scene.dispatch, &by_firm, at(2.0)).unwrap_err();
    assert_eq!(refused, Refused::OfficersOnly);
    scene.happens(2.0, order.clone()).unwrap();
    let refused = apply(&scene.dispatch, &order, at(2.0)).unwrap_err();
    assert_eq!(refused, Refused::AlreadyOrdered);
    scene.passes(2.0);
    let answered = Event::Answered {
        by: firm("yamada"),
        answer: ACCEPT,
    };
    let refused = apply(&scene.dispatch, &answered, at(3.0)).unwrap_err();
    assert_eq!(refused, Refused::NotYours);
    scene.answers(3.0, "suzuki", ACCEPT);
    assert_eq!(scene.dispatch.state(), State::Accepted);
    assert_eq!(
        scene.heard(),
        [
            "0 taro Request",
            "1 sato Declined",
            "2 taro StandDown",
            "2 hanako Request",
            "3 officers Accepted"
        ]
    );
}

#[test]
fn aid_is_called_beside_the_firm_that_is_at_work() {
    let mut scene = Scene::open(&opening(Mode::Order));
    scene.passes(0.0);
    scene.happens(10.0, pass(9.0)).unwrap();
    let order = Event::OrderedOther {
        by: officer(),
        contractor: "suzuki".to_owned(),
        role: FirmRole::Aid,
    };
    scene.happens(20.0, order).unwrap();
    scene.passes(25.0);
    assert_eq!(scene.dispatch.state(), State::Started);
    scene.answers(26.0, "suzuki", BREAKDOWN);
    scene.passes(26.0);
    assert_eq!(scene.dispatch.state(), State::Started);
    assert_eq!(
        scene.heard(),
        [
            "0 taro Request",
            "20 hanako RequestOther",
            "25 yuki RequestOther",
            "26 sato Declined"
        ]
    );
}

#[test]
fn a_delay_calls_again_and_a_promise_without_a_start_asks_a_human() {
    let mut scene = Scene::open(&opening(Mode::Order));
    scene.passes(0.0);
    scene.answers(1.0, "yamada", Answer::Delay { until: at(60.0) });
    scene.passes(60.0);
    assert_eq!(scene.dispatch.state(), State::Requested);
    let eta = Some(at(80.0));
    scene.answers(
        61.0,
        "yamada",
        Answer::Accept {
            machines: None,
            eta,
        },
    );
    scene.passes(110.0);
    assert_eq!(scene.dispatch.state(), State::Unconfirmed);
    scene.happens(112.0, pass(111.0)).unwrap();
    assert_eq!(scene.dispatch.state(), State::Started);
    assert_eq!(
        scene.heard(),
        [
            "0 taro Request",
            "1 officers Delayed",
            "60 taro Request",
            "61 officers Accepted",
            "110 sato Unconfirmed"
        ]
    );
}

#[test]
fn a_pass_before_the_call_or_before_the_breakdown_is_no_start() {
    let mut scene = Scene::open(&opening(Mode::Order));
    scene.passes(0.0);
    scene.happens(1.0, pass(-5.0)).unwrap();
    assert_eq!(scene.dispatch.state(), State::Requested);
    scene.happens(5.0, pass(4.0)).unwrap();
    scene.answers(30.0, "yamada", BREAKDOWN);
    scene.happens(31.0, pass(4.0)).unwrap();
    assert_eq!(scene.dispatch.state(), State::Declined);
    scene.happens(40.0, pass(39.0)).unwrap();
    assert_eq!(scene.dispatch.state(), State::Started);
}

#[test]
fn the_deadline_passes_and_the_work_is_done_all_the_same() {
    let mut scene = Scene::open(&opening(Mode::Order));
    scene.passes(0.0);
    scene.happens(200.0, pass(199.0)).unwrap();
    scene.passes(240.0);
    assert_eq!(scene.dispatch.state(), State::Overdue);
    scene.happens(250.0, done(1.0)).unwrap();
    assert_eq!(scene.dispatch.state(), State::Completed);
    assert_eq!(scene.dispatch.overdue_since, Some(at(240.0)));
}

#[test]
fn what_is_out_of_place_is_refused_with_its_reason() {
    let fresh = Dispatch::open(&opening(Mode::Approve), at(0.0));
    let (over, _) = apply(
        &fresh,
        &Event::Cancelled {
            by: officer(),
            reason: String::new(),
        },
        at(1.0),
    )
    .unwrap();
    let ordered = Dispatch::open(&opening(Mode::Order), at(0.0));
    let answered = |contractor: &str, answer: Answer| Event::Answered {
        by: firm(contractor),
        answer,
    };
    let until = at(60.0 * 25.0);
    let cases = [
        (&over, answered("yamada", ACCEPT), Refused::Over),
        (&fresh, answered("yamada", ACCEPT), Refused::NotApproved),
        (&ordered, answered("suzuki", ACCEPT), Refused::NotYours),
        (
            &ordered,
            answered("yamada", Answer::Delay { until }),
            Refused::Time,
        ),
        (
            &ordered,
            answered("yamada", Answer::Delay { until: at(-5.0) }),
            Refused::Time,
        ),
        (
            &ordered,
            Event::Approved { by: firm("yamada") },
            Refused::OfficersOnly,
        ),
        (&over, Event::Escalated { by: officer() }, Refused::Over),
    ];
    for (dispatch, event, refused) in cases {
        assert_eq!(apply(dispatch, &event, at(2.0)), Err(refused), "{event:?}");
    }
}

#[test]
fn the_kept_events_give_the_same_state_again() {
    let mut scene = Scene::open(&opening(Mode::Approve));
    scene.passes(12.0);
    scene
        .happens(13.0, Event::Approved { by: officer() })
        .unwrap();
    scene.passes(30.0);
    scene.answers(31.0, "yamada", ACCEPT);
    scene.happens(50.0, pass(49.0)).unwrap();
    scene.happens(60.0, done(0.5)).unwrap();
    scene.passes(250.0);
    let kept = serde_json::to_string(&scene.events).unwrap();
    let events: Vec<(Event, Timestamp)> = serde_json::from_str(&kept).unwrap();
    let mut again = Dispatch::open(&opening(Mode::Approve), at(0.0));
    for (event, at) in &events {
        again = apply(&again, event, *at).unwrap().0;
    }
    assert_eq!(again, scene.dispatch);
    let state = serde_json::to_value(&again).unwrap();
    assert_eq!(serde_json::from_value::<Dispatch>(state).unwrap(), again);
}
