import type { Box } from '../api/lists';
import type { Bilingual } from '../language';

export type PlaceKind = 'road' | 'station';

/** Something with a name and a place that a search can find. */
export interface KnownPlace {
  readonly kind: PlaceKind;
  readonly name: Bilingual;
  /** Other words by which it is known, such as a road's number. */
  readonly alias: string | null;
  readonly box: Box;
}

const MOST_FOUND = 30;

/** Those whose name holds what was typed: whole names first, then beginnings, then the nearest. */
export function findPlaces(
  typed: string,
  known: readonly KnownPlace[],
  center: readonly [lon: number, lat: number],
): readonly KnownPlace[] {
  const wanted = folded(typed);
  if (wanted === '') return [];
  return known
    .map((place) => ({ place, rank: rankOf(wanted, place), far: distance(place.box, center) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => a.rank! - b.rank! || a.far - b.far)
    .slice(0, MOST_FOUND)
    .map(({ place }) => place);
}

function rankOf(wanted: string, { name, alias }: KnownPlace): number | null {
  const words = [name.ja, name.en, alias ?? ''].map(folded).filter((word) => word !== '');
  if (words.includes(wanted)) return 0;
  if (words.some((word) => word.startsWith(wanted))) return 1;
  return words.some((word) => word.includes(wanted)) ? 2 : null;
}

const KATAKANA_TO_HIRAGANA = 0x60;

/** One writing for full and half width, capitals, both kana, and spaces. */
export function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - KATAKANA_TO_HIRAGANA))
    .replace(/[\s・]/g, '');
}

/** The server's, which knows the whole network, before what only this page knows; each name once. */
export function joinFound(served: readonly KnownPlace[], own: readonly KnownPlace[]): readonly KnownPlace[] {
  const names = new Set(served.map(({ kind, name }) => `${kind} ${folded(name.ja)}`));
  return [...served, ...own.filter(({ kind, name }) => !names.has(`${kind} ${folded(name.ja)}`))];
}

function distance([west, south, east, north]: Box, [lon, lat]: readonly [number, number]): number {
  return Math.hypot((west + east) / 2 - lon, (south + north) / 2 - lat);
}

export function joinBoxes(a: Box, b: Box): Box {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}
