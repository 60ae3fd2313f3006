import { describe, expect, test } from 'vitest';
import type { TappedRoad } from '../../src/map/tapped-road';
import { statusOfTile } from '../../src/map/tile-status';
import { roadsInView } from '../../src/roads-list/roads-in-view';

let nextId = 1;
const road = (name: string, status: number, clearedMin: [number, number] = [0, 0], oneway = 'no'): TappedRoad => ({
  segmentId: nextId++,
  name,
  ref: '',
  line: { type: 'LineString', coordinates: [] },
  status: statusOfTile({ status, cleared_fwd_min: clearedMin[0], cleared_rev_min: clearedMin[1], oneway }),
  newSnowDigit: 0,
  dispatchDigit: 0,
  isMerged: false,
});
const told = (roads: TappedRoad[]) => roadsInView(roads).map(({ name, stateCode }) => `${name} ${stateCode}`);

describe('roadsInView', () => {
  test('the worst first, what is unknown before what is well, no data last', () => {
    const codes = [0, 7, 8, 4, 2, 5, 1, 3, 6];
    const roads = codes.map((code) => road(`r${code}`, code * 11, [100, 100]));
    expect(told(roads)).toEqual(['r6 6', 'r3 3', 'r1 1', 'r5 5', 'r2 2', 'r4 4', 'r8 8', 'r7 7', 'r0 0']);
  });

  test('of two directions the worse counts', () => {
    expect(told([road('a', 34)])).toEqual(['a 3']);
    expect(told([road('a', 43)])).toEqual(['a 3']);
  });

  test('a one-way’s other direction does not count', () => {
    expect(told([road('a', 34, [5, 0], 'yes')])).toEqual(['a 4']);
  });

  test('of the cleared, those first that were cleared longest ago', () => {
    expect(told([road('new', 44, [200, 200]), road('old', 44, [200, 50]), road('never', 44, [200, 0])])).toEqual([
      'never 4',
      'old 4',
      'new 4',
    ]);
  });

  test('stretches of one name and state are one entry, which opens the one cleared longest ago', () => {
    const oldest = road('a', 44, [10, 10]);
    const [entry, ...others] = roadsInView([road('a', 44, [99, 99]), oldest, road('a', 44, [50, 50])]);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ stretchCount: 3, road: { segmentId: oldest.segmentId } });
  });

  test('a road drawn in several tiles counts once', () => {
    const once = road('a', 33);
    expect(roadsInView([once, { ...once }])[0]?.stretchCount).toBe(1);
  });

  test('roads without a name are there, after those with one', () => {
    expect(told([road('', 33), road('a', 33)])).toEqual(['a 3', 'null 3']);
  });
});
