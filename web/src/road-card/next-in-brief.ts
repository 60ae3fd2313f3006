import type { Segment } from '../api/segments';
import { jstMoment } from '../jst';
import type { Text } from '../language';
import { dispatchStates, orderStates, planStates, workAheadMessages } from '../work-ahead-words';
import { workKindText } from '../work-kinds';
import { nextPlans } from './what-next';

/** What comes next in a few words, for the top of a card: a call-out before an order, and that before a plan. */
export function nextInBrief({ facts }: Pick<Segment, 'facts'>, dispatchDigit: number, nowMs: number): Text {
  const callOut = dispatchStates[dispatchDigit];
  if (callOut != null) return joined(workAheadMessages.callOut, callOut);
  const { order } = facts;
  if (order?.state != null && order.state !== 'completed') return joined(workAheadMessages.order, orderStates[order.state]);
  const plan = nextPlans(facts.plans, nowMs).find(
    ({ plan: { state }, time }) => time !== 'over' && (state === 'planned' || state === 'moved'),
  );
  if (plan === undefined) return workAheadMessages.nothingBrief;
  return joined(joined(jstMoment(plan.fromMs, nowMs), workKindText(plan.plan.work_kind)), planStates[plan.plan.state]);
}

function joined(first: Text, second: Text): Text {
  return {
    ja: `${first.ja} ${second.ja}`,
    en: `${first.en} ${second.en}`,
    easy: `${first.easy} ${second.easy}`,
  };
}
