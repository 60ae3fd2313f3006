import type { Bilingual } from '../language';

export interface Station {
  readonly feed: string;
  readonly station: string;
  readonly name: Bilingual;
  readonly elevation_m: number | null;
}

export type QualityFlag = 'pass' | 'suspect' | 'fail' | 'missing';

export interface Observation {
  readonly feed: string;
  readonly station: string;
  readonly quantity: string;
  readonly observed_at: string;
  /** In the quantity's unit; null where there is none, which is never 0. */
  readonly value: number | null;
  readonly flag?: QualityFlag | null;
  readonly reason?: string | null;
}
