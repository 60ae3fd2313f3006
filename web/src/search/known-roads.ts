import { boxOf } from '../lists/box-of';
import type { TappedRoad } from '../map/tapped-road';
import { joinBoxes, type KnownPlace } from './find-places';

/** The roads of the tiles that the map has loaded, one entry for each name. */
export function knownRoads(roads: readonly TappedRoad[]): readonly KnownPlace[] {
  const byName = new Map<string, KnownPlace>();
  for (const { name, ref, line } of roads) {
    const called = name || ref;
    const box = boxOf(line);
    if (called === '' || box === null) continue;
    const before = byName.get(called);
    byName.set(called, {
      kind: 'road',
      name: { ja: called, en: called },
      alias: ref === '' ? (before?.alias ?? null) : ref,
      box: before === undefined ? box : joinBoxes(before.box, box),
    });
  }
  return [...byName.values()];
}
