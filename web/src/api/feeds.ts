import type { RoadManager } from './segments';
import { getJson } from './get-json';

export type FeedState = 'fresh' | 'late' | 'silent' | 'never';

export interface Feed {
  readonly id: string;
  readonly manager: RoadManager;
  readonly format: string;
  readonly interval_s: number;
  readonly attribution: string | null;
  readonly licence: string | null;
  readonly last_contact_at: string | null;
  readonly last_success_at: string | null;
  readonly last_fact_at: string | null;
  readonly state: FeedState;
  readonly fixes_total: number;
  readonly rejected_total: number;
  readonly last_error: string | null;
}

export interface FeedList {
  readonly now: string;
  readonly simulated: boolean;
  readonly items: readonly Feed[];
}

export function getFeeds(): Promise<FeedList> {
  return getJson<FeedList>('/api/v1/feeds');
}
