import type { KnownPlace } from '../search/find-places';
import { getJson } from './get-json';
import type { Box } from './lists';

interface PlaceAnswer {
  readonly name: string | null;
  readonly ref: string | null;
  readonly bbox: Box;
}

const MOST = 20;

/** Roads of the whole network by what people call them, the nearest of the same name first. */
export async function getPlaces(
  typed: string,
  [lon, lat]: readonly [number, number],
  signal: AbortSignal,
): Promise<readonly KnownPlace[]> {
  const query = new URLSearchParams({ q: typed, near: `${lon.toFixed(4)},${lat.toFixed(4)}`, limit: String(MOST) });
  const { places } = await getJson<{ places: readonly PlaceAnswer[] }>(`/api/v1/places?${query}`, { signal });
  return places.flatMap(({ name, ref, bbox }) => {
    const called = name ?? ref;
    return called === null ? [] : [{ kind: 'road' as const, name: { ja: called, en: called }, alias: ref, box: bbox }];
  });
}
