import type { RouteStretch } from './plans';
import type { RoadManager } from './segments';

export type ClosureKind = 'winter' | 'closed' | 'one_lane' | 'restricted';

export interface Closure {
  readonly number: number;
  readonly feed: string;
  readonly manager: RoadManager | null;
  readonly kind: ClosureKind;
  /** Whether it holds now: it has begun, is not over, and the hour is in its daily window. */
  readonly holds: boolean;
  readonly shuts_the_road: boolean;
  readonly reason: string;
  readonly since: string;
  readonly until: string | null;
  /** Hours of the day in JST, as 21:00:00. */
  readonly daily: { readonly from: string; readonly until: string } | null;
  readonly route: RouteStretch | null;
  readonly zone: string | null;
  readonly received_at: string;
  readonly network: Laid;
}

/** Where it lies on the network, as far as that could be told. */
export interface Laid {
  readonly laid: boolean;
  readonly unplaced?: string | null;
  readonly segments?: readonly { readonly id: number; readonly from_m: number; readonly to_m: number }[];
}
