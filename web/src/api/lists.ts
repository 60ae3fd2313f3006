import type { Geometry } from 'geojson';
import { getJson } from './get-json';

/** A box in degrees: west, south, east, north. */
export type Box = readonly [west: number, south: number, east: number, north: number];

/** One item of the API's lists, which are GeoJSON; what could not be placed on the map has no geometry. */
export interface Fact<Properties> {
  readonly id: string;
  readonly geometry: Geometry | null;
  readonly properties: Properties;
}

interface Page<Properties> {
  readonly next: string | null;
  readonly features: readonly Fact<Properties>[];
}

/** So that a list of a whole country never fills a phone; more than these are not shown on one screen. */
const MOST_PAGES = 5;

/** All pages of a list. */
export async function getList<Properties>(
  path: string,
  query: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<readonly Fact<Properties>[]> {
  const found: Fact<Properties>[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const asked = new URLSearchParams(after === null ? query : { ...query, after });
    const answer: Page<Properties> = await getJson(`${path}?${asked}`, signal === undefined ? {} : { signal });
    found.push(...answer.features);
    after = answer.next;
    if (after === null) break;
  }
  return found;
}

export function boxText(box: Box): string {
  return box.map((degrees) => degrees.toFixed(5)).join(',');
}
