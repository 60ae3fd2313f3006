import type { PlannedWork } from '../api/plans';

export type PlanTime = 'ahead' | 'running' | 'over';

export interface NextPlan {
  readonly plan: PlannedWork;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly time: PlanTime;
}

/** Plans as a reader needs them: what is under way or next first; what was called off after all that holds. */
export function nextPlans(plans: readonly PlannedWork[], nowMs: number): readonly NextPlan[] {
  return plans
    .map((plan) => {
      const [fromMs, untilMs] = [Date.parse(plan.from), Date.parse(plan.until)];
      return { plan, fromMs, untilMs, time: timeOf(fromMs, untilMs, nowMs) };
    })
    .sort((a, b) => Number(isOff(a)) - Number(isOff(b)) || a.fromMs - b.fromMs);
}

function timeOf(fromMs: number, untilMs: number, nowMs: number): PlanTime {
  if (nowMs < fromMs) return 'ahead';
  return nowMs < untilMs ? 'running' : 'over';
}

function isOff({ plan, time }: { plan: PlannedWork; time: PlanTime }): boolean {
  return plan.state === 'cancelled' || plan.state === 'done' || time === 'over';
}
