import type { Laid } from './closures';
import type { RoadManager } from './segments';

/** A stretch of a route, in the manager's own reference. */
export interface RouteStretch {
  readonly route: string;
  readonly section: string | null;
  readonly from_km: number | null;
  readonly to_km: number | null;
  readonly from_name: string | null;
  readonly to_name: string | null;
}

export type PlanState = 'planned' | 'moved' | 'cancelled' | 'done';

/** Clearing or hauling that is announced for a time. */
export interface PlannedWork {
  readonly feed: string;
  readonly plan: string;
  readonly work_kind: string;
  readonly state: PlanState;
  readonly from: string;
  readonly until: string;
  readonly note: string;
}

export interface Plan extends PlannedWork {
  readonly manager: RoadManager | null;
  readonly route: RouteStretch | null;
  readonly zone: string | null;
  readonly received_at: string;
  readonly network: Laid;
}

export type OrderState = 'checking' | 'scheduled' | 'working' | 'completed';
export type ReportState = 'ordered' | 'accepted' | 'started' | 'done' | 'impossible';

/** What a city publishes for a zone, and what a person reported of it. */
export interface Order {
  readonly feed: string;
  readonly manager: RoadManager | null;
  readonly zone: string;
  readonly name?: string | null;
  readonly state: OrderState | null;
  readonly as_of?: string | null;
  readonly report: { readonly state: string; readonly state_ja: string; readonly at: string } | null;
}
