import type { PlannedWork } from '../api/plans';
import type { RoadManager, Segment } from '../api/segments';

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

const BY_HAND = 'by-hand:';

/** Whose plan it is: of the feed's manager, or of the one whose official entered it; null where that is not known. */
export function plannerOf(feed: string, { manager, sources }: Pick<Segment, 'manager' | 'sources'>): RoadManager | null {
  const source = sources.find((source) => source.feed === feed);
  if (source !== undefined) return source.manager;
  if (!feed.startsWith(BY_HAND)) return null;
  const code = feed.slice(BY_HAND.length);
  return [manager, ...sources.map((source) => source.manager)].find((known) => known?.code === code) ?? null;
}
