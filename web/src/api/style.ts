import type { StyleSpecification } from 'maplibre-gl';
import type { AgeStep } from '../ages';
import type { Bilingual } from '../language';
import { getJson } from './get-json';

export interface LineLook {
  readonly color: string;
  readonly dash: readonly number[] | null;
}

export type LegendAge = AgeStep & LineLook & Bilingual;

export interface LegendState extends LineLook, Bilingual {
  readonly code: number;
  readonly name: string;
  /** Drawn in the colour of its age rather than one of its own. */
  readonly drawn_by_age: boolean;
}

export interface LegendRestriction extends LineLook, Bilingual {
  readonly kind: string;
}

export interface LegendContent {
  readonly ages: readonly LegendAge[];
  readonly states: readonly LegendState[];
  /** Closures that let traffic pass, drawn beside the road's state. */
  readonly restrictions: readonly LegendRestriction[];
  /** Small scales: what of a line is cleared, drawn within it. */
  readonly share: LineLook & Bilingual;
}

export type ServedStyle = StyleSpecification & {
  readonly metadata: {
    readonly 'yukimichi:now': string;
    readonly 'yukimichi:simulated': boolean;
    readonly 'yukimichi:bounds': [west: number, south: number, east: number, north: number];
    readonly 'yukimichi:legend': LegendContent;
  };
};

export function getStyle(): Promise<ServedStyle> {
  return getJson<ServedStyle>('/style.json', { cache: 'no-cache' });
}
