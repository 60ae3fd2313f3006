//! What is shown beside a segment's state: that work is announced or ordered.
//!
//! Neither changes the state. 作業中 in a city's list means that firms were told to start tonight, not
//! that a plow was seen (design §2).

use crate::plan::{Plan, PlanPhase};
use crate::zone_order::{OrderState, ZoneOrder};
use jiff::Timestamp;

/// What is shown beside the state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beside {
    /// Work is announced: by a plan whose window is not over, or an order 作業予定あり.
    pub planned: bool,
    /// Work is ordered: 作業中.
    pub ordered: bool,
}

impl Beside {
    /// From the latest order of the segment's zone or route and the plans that lie on it; orders
    /// that are stale say nothing.
    pub fn of<'a>(
        order: Option<&ZoneOrder>,
        plans: impl IntoIterator<Item = &'a Plan>,
        now: Timestamp,
    ) -> Self {
        let order = order.filter(|order| !order.is_stale_at(now));
        let state = order.and_then(|order| order.state);
        let announced =
            |plan: &Plan| matches!(plan.phase_at(now), PlanPhase::Upcoming | PlanPhase::Current);
        Beside {
            planned: state == Some(OrderState::Scheduled) || plans.into_iter().any(announced),
            ordered: state == Some(OrderState::Working),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::place::Place;
    use crate::plan::PlanState;
    use crate::work::WorkKind;
    use crate::zone_order::latest;
    use jiff::SignedDuration;

    fn now() -> Timestamp {
        "2026-01-15T19:00:00+09:00".parse().unwrap()
    }

    fn order(state: Option<OrderState>, hours_ago: i64) -> ZoneOrder {
        ZoneOrder {
            zone: "A-1".to_owned(),
            name: "A-1".to_owned(),
            state,
            as_of: now() - SignedDuration::from_hours(hours_ago),
            place: Place::default(),
        }
    }

    fn plan(state: PlanState, until_in_hours: i64) -> Plan {
        Plan {
            id: "1".to_owned(),
            work: WorkKind::Hauling,
            state,
            from: now() - SignedDuration::from_hours(48),
            until: now() + SignedDuration::from_hours(until_in_hours),
            place: Place::default(),
            note: String::new(),
        }
    }

    #[test]
    fn orders_and_plans_are_shown_beside_while_they_stand() {
        use OrderState::{Checking, Completed, Scheduled, Working};
        let beside = |planned, ordered| Beside { planned, ordered };
        let cases = [
            ("nothing", None, vec![], beside(false, false)),
            (
                "ordered",
                Some(order(Some(Working), 2)),
                vec![],
                beside(false, true),
            ),
            (
                "scheduled",
                Some(order(Some(Scheduled), 2)),
                vec![],
                beside(true, false),
            ),
            (
                "looked at",
                Some(order(Some(Checking), 2)),
                vec![],
                beside(false, false),
            ),
            (
                "completed",
                Some(order(Some(Completed), 2)),
                vec![],
                beside(false, false),
            ),
            ("none", Some(order(None, 2)), vec![], beside(false, false)),
            (
                "72 h old",
                Some(order(Some(Working), 72)),
                vec![],
                beside(false, true),
            ),
            (
                "forgotten",
                Some(order(Some(Working), 73)),
                vec![],
                beside(false, false),
            ),
            (
                "a plan",
                None,
                vec![plan(PlanState::Planned, 3)],
                beside(true, false),
            ),
            (
                "moved",
                None,
                vec![plan(PlanState::Moved, 3)],
                beside(true, false),
            ),
            (
                "over",
                None,
                vec![plan(PlanState::Planned, -1)],
                beside(false, false),
            ),
            (
                "cancelled",
                None,
                vec![plan(PlanState::Cancelled, 3)],
                beside(false, false),
            ),
            (
                "both",
                Some(order(Some(Working), 2)),
                vec![plan(PlanState::Done, 3), plan(PlanState::Planned, 3)],
                beside(true, true),
            ),
        ];
        for (name, order, plans, expected) in cases {
            assert_eq!(
                Beside::of(order.as_ref(), &plans, now()),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn the_latest_state_counts_even_when_it_is_none() {
        let orders = [
            order(Some(OrderState::Working), 20),
            order(None, 1),
            order(Some(OrderState::Scheduled), 5),
        ];
        assert_eq!(latest(&orders).unwrap().state, None);
        assert_eq!(latest(&[]), None);
        assert_eq!(orders[0].age_at(now()), SignedDuration::from_hours(20));
        assert_eq!(order(None, -3).age_at(now()), SignedDuration::ZERO);
    }
}
