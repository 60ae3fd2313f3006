import type { Geometry, Feature } from 'geojson';
import type { Feed } from '../api/feeds';
import type { RoadManager } from '../api/segments';
import type { Bilingual } from '../language';
import type { RoadStateName } from '../road-states';

/** A list of `/api/v1`: GeoJSON, with the server's time. */
export interface FeatureList<Properties> {
  readonly now: string;
  readonly simulated: boolean;
  readonly next: string | null;
  readonly features: readonly (Feature<Geometry | null, Properties> & { readonly id: string })[];
}

export interface ItemList<Item> {
  readonly now: string;
  readonly next?: string | null;
  readonly items: readonly Item[];
}

export interface Closure {
  readonly number: number;
  readonly feed: string;
  readonly manager: RoadManager | null;
  readonly kind: string;
  readonly holds: boolean;
  readonly shuts_the_road: boolean;
  readonly reason: string;
  readonly since: string;
  readonly until: string | null;
  readonly daily: { readonly from: string; readonly until: string } | null;
  readonly route: RouteStretch | null;
  readonly zone: string | null;
  readonly recorded_by: string | null;
}

export interface RouteStretch {
  readonly route: string;
  readonly section: string | null;
  readonly from_km: number | null;
  readonly to_km: number | null;
  readonly from_name: string | null;
  readonly to_name: string | null;
}

/** A feed with what only the board shows. */
export interface BoardFeed extends Feed {
  readonly units: { readonly on_duty: number | null; readonly heard_in_15_min: number };
  readonly doubts: readonly string[];
  readonly lag_s: number | null;
  readonly rejection_share: number | null;
}

export interface ZoneReport {
  readonly state: string;
  readonly at: string;
  readonly said_by: string | null;
  readonly recorded_by: string | null;
  readonly units: number | null;
  readonly note: string;
}

export interface Order {
  readonly feed: string;
  readonly manager: RoadManager | null;
  readonly zone: string;
  readonly name?: string;
  readonly state: string | null;
  readonly state_ja?: string | null;
  readonly report: ZoneReport | null;
}

export interface Zone {
  readonly feed: string;
  readonly manager: RoadManager | null;
  readonly zone: string;
  readonly name: string;
}

export interface Plan {
  readonly plan: string;
  readonly feed: string;
  readonly manager: RoadManager | null;
  readonly work_kind: string;
  readonly state: string;
  readonly from: string;
  readonly until: string;
  readonly route: RouteStretch | null;
  readonly zone: string | null;
  readonly note: string;
}

export interface Station {
  readonly feed: string;
  readonly station: string;
  readonly name: Bilingual;
  readonly elevation_m: number | null;
}

export interface Reading {
  readonly feed: string;
  readonly station: string;
  readonly quantity: string;
  readonly observed_at: string;
  readonly value: number | null;
  readonly flag: string;
  readonly reason: string;
}

export interface Rejection {
  readonly id: number;
  readonly feed: string;
  readonly position: number;
  readonly field: string;
  readonly reason: string;
  readonly record: string;
  readonly last_seen_at: string;
  readonly seen: number;
}

export interface Lengths {
  readonly total_m: number;
  readonly known_m: number;
  readonly done_share: number | null;
  readonly by_state_m: Readonly<Record<RoadStateName, number>>;
}

export interface MissedRoad {
  readonly segment: number;
  readonly name: string | null;
  readonly ref: string | null;
  readonly priority: string | null;
  readonly manager: RoadManager | null;
  readonly missed_m: number;
  readonly cleared_at: string | null;
  readonly at: readonly [number, number];
}

export interface Coverage {
  readonly now: string;
  readonly total: Lengths;
  readonly managers: readonly { readonly manager: RoadManager | null; readonly lengths: Lengths }[];
  readonly priorities: readonly { readonly priority: string | null; readonly lengths: Lengths }[];
  readonly zones: readonly (Zone & { readonly lengths: Lengths })[];
  readonly missed_roads: number;
  readonly missed: readonly MissedRoad[];
}

/** A threshold as a rule has it: one for all year, or parts of the year beside a base. */
type Threshold = number | { readonly base: number };

/** A rule's condition, as people write it: one key with its value. */
export interface RuleCondition {
  readonly all?: readonly RuleCondition[];
  readonly any?: readonly RuleCondition[];
  readonly new_snow_cm?: Threshold;
  readonly snowfall_cm?: Threshold;
  readonly hours?: number;
  readonly depth_cm?: Threshold;
  readonly temperature_at_most_c?: Threshold;
  readonly temperature_at_least_c?: Threshold;
  readonly forecast_new_snow_cm?: Threshold;
  readonly by?: string;
  readonly by_person?: string;
}

export interface RuleStanding {
  readonly zone: string;
  readonly is: string;
  readonly since: string;
  readonly reason: string;
  readonly round: number;
}

export interface RuleRecord {
  readonly rule: {
    readonly id: string;
    readonly name?: string;
    readonly zones: readonly string[];
    readonly when: RuleCondition;
    readonly stations?: readonly string[];
    readonly deadline?: string;
  };
  readonly zones: readonly RuleStanding[];
}

export interface RuleList {
  readonly rules: readonly RuleRecord[];
  readonly pages: readonly { readonly id: number; readonly text: string; readonly closed_at: string | null }[];
  readonly last_cycle: { readonly at: string; readonly age_s: number } | null;
}
