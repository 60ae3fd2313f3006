import type { LineString } from 'geojson';
import type { Confidence } from '../confidence';
import type { Bilingual } from '../language';
import type { RoadStateName } from '../road-states';
import type { Closure } from './closures';
import type { FeedState } from './feeds';
import { getJson } from './get-json';
import type { OrderState, PlannedWork } from './plans';

export type TravelDirection = 'forward' | 'backward';

export interface RoadManager {
  readonly code: string;
  readonly level: string;
  readonly name: Bilingual;
}

export interface DirectionStatus {
  readonly state: RoadStateName;
  readonly state_code: number;
  readonly cleared_at: string | null;
  readonly last_pass_at: string | null;
  readonly work_kind: string | null;
  readonly confidence: Confidence;
}

export interface Pass {
  readonly direction: TravelDirection;
  readonly work_kind: string | null;
  readonly entered_at: string;
  readonly left_at: string;
  readonly from_m: number;
  readonly to_m: number;
  readonly feed: string;
  readonly inferred: boolean;
}

export interface SegmentSource {
  readonly feed: string;
  readonly manager: RoadManager;
  readonly attribution: string | null;
  readonly licence: string | null;
  readonly last_contact_at: string | null;
  readonly interval_s: number;
  readonly state: FeedState;
}

/** What lies on a segment beside passes. */
export interface SegmentFacts {
  readonly zone: { readonly feed: string; readonly zone: string } | null;
  readonly order: { readonly state: OrderState | null; readonly as_of: string | null } | null;
  readonly closures: readonly Closure[];
  readonly plans: readonly PlannedWork[];
}

export interface Segment {
  readonly id: number;
  readonly name: string | null;
  readonly ref: string | null;
  readonly class: string;
  readonly manager_level: string;
  readonly manager: RoadManager | null;
  readonly priority: string | null;
  readonly oneway: string;
  readonly lanes: number | null;
  readonly length_m: number;
  readonly status: Readonly<Record<TravelDirection, DirectionStatus | null>>;
  readonly history: readonly Pass[];
  readonly sources: readonly SegmentSource[];
  readonly facts: SegmentFacts;
  readonly geometry: LineString;
  readonly now: string;
}

export function getSegment(segmentId: number, signal?: AbortSignal): Promise<Segment> {
  return getJson<Segment>(`/api/v1/segments/${segmentId}`, signal === undefined ? {} : { signal });
}
