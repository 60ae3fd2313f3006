import { describe, expect, test } from 'vitest';
import type { Closure } from '../../src/api/closures';
import { closureGroups, holdingCount, inView, type ClosureFact } from '../../src/closures/closure-groups';
import { boxOf, touches } from '../../src/lists/box-of';
import { laidLengthText, stretchText } from '../../src/lists/stretch-text';

const closure = (id: string, properties: Partial<Closure>, geometry: ClosureFact['geometry'] = null): ClosureFact => ({
  id,
  geometry,
  properties: { kind: 'closed', holds: true, since: '2026-01-20T00:00:00Z', ...properties } as Closure,
});
const ids = (closures: readonly ClosureFact[]) => closures.map(({ id }) => id);

describe('closureGroups', () => {
  const groups = closureGroups([
    closure('night only', { kind: 'closed', holds: false, since: '2026-01-22T00:00:00Z' }),
    closure('older', { kind: 'closed' }),
    closure('pass', { kind: 'winter' }),
    closure('newer', { kind: 'closed', since: '2026-01-21T00:00:00Z' }),
    closure('lane', { kind: 'one_lane' }),
    closure('chains', { kind: 'restricted' }),
  ]);

  test('winter closures stand apart, and restrictions are no closures', () => {
    expect(ids(groups.winter)).toEqual(['pass']);
    expect(ids(groups.others).sort()).toEqual(['chains', 'lane']);
  });

  test('those that hold come first, the newest of them before the others', () => {
    expect(ids(groups.closed)).toEqual(['newer', 'older', 'night only']);
    expect(holdingCount(groups.closed)).toBe(2);
  });

  test('a kind that this page does not know is shown among the restrictions', () => {
    expect(ids(closureGroups([closure('new kind', { kind: 'tsunami' as Closure['kind'] })]).others)).toEqual(['new kind']);
  });
});

describe('inView', () => {
  const line = (lon: number) => ({ type: 'LineString' as const, coordinates: [[lon, 40], [lon + 0.1, 40.1]] });
  const closures = [closure('here', {}, line(140)), closure('there', {}, line(150)), closure('nowhere', {})];

  test('only what touches the view', () => {
    expect(ids(inView(closures, [139.9, 39.9, 140.01, 40.01]))).toEqual(['here']);
  });

  test('all of them while the view is not known', () => {
    expect(ids(inView(closures, null))).toEqual(['here', 'there', 'nowhere']);
  });
});

test.each([
  ['a point', { type: 'Point', coordinates: [1, 2] }, [1, 2, 1, 2]],
  ['lines', { type: 'MultiLineString', coordinates: [[[1, 2], [3, 4]], [[-1, 5], [0, 0]]] }, [-1, 0, 3, 5]],
  ['an area', { type: 'MultiPolygon', coordinates: [[[[1, 1], [2, 1], [2, 3], [1, 1]]]] }, [1, 1, 2, 3]],
  ['nothing', { type: 'LineString', coordinates: [] }, null],
] as const)('the box of %s', (_name, geometry, box) => {
  expect(boxOf(structuredClone(geometry) as never)).toEqual(box);
});

test('boxes that share an edge touch', () => {
  expect(touches([0, 0, 1, 1], [1, 1, 2, 2])).toBe(true);
  expect(touches([0, 0, 1, 1], [1.001, 0, 2, 1])).toBe(false);
});

const route = { route: '7', section: null, from_km: null, to_km: null, from_name: null, to_name: null };
test.each([
  ['names of places', { ...route, from_name: '浅虫', to_name: '野内', from_km: 1, to_km: 2 }, '浅虫〜野内'],
  ['kiloposts', { ...route, from_km: 12.3, to_km: 15 }, '距離標 12.3〜15.0 km'],
  ['one kilopost, at 0', { ...route, from_km: 0 }, '距離標 0.0〜 km'],
  ['neither', route, undefined],
])('from–to by %s', (_name, stretch, ja) => {
  expect(stretchText(stretch)?.ja).toBe(ja);
});

test.each([
  [[{ id: 1, from_m: 10, to_m: 250 }], '延長 240 m'],
  [[{ id: 1, from_m: 0, to_m: 700 }, { id: 2, from_m: 100, to_m: 700 }], '延長 1.3 km'],
  [[], undefined],
])('length of %o', (segments, ja) => {
  expect(laidLengthText({ laid: true, segments })?.ja).toBe(ja);
});
