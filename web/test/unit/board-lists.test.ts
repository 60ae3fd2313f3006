import { expect, test } from 'vitest';
import type { FeatureList, Order, Reading, Station, Zone } from '../../src/board/api';
import { closurePlace } from '../../src/board/overview/closure-place';
import { stationReadings } from '../../src/board/overview/newest-readings';
import { zoneRows } from '../../src/board/overview/zone-rows';
import { invitationOf, sectionOf, withSection, withoutInvitation } from '../../src/board/sections';

function listOf<Properties>(items: readonly Properties[]): FeatureList<Properties> {
  const features = items.map((properties, i) => ({ type: 'Feature' as const, id: String(i), geometry: null, properties }));
  return { now: '2026-01-15T05:00:00+09:00', simulated: false, next: null, features };
}

test('a station shows its depth before its snowfall, and nothing where nothing was read', () => {
  const station = (id: string): Station => ({ feed: 'f', station: id, name: { ja: id, en: '' }, elevation_m: null });
  const reading = (id: string, quantity: string, value: number | null): Reading => ({
    feed: 'f',
    station: id,
    quantity,
    observed_at: '2026-01-15T05:00:00+09:00',
    value,
    flag: value === null ? 'missing' : 'pass',
    reason: '',
  });
  const found = stationReadings(
    listOf([station('a'), station('b'), station('c')]),
    listOf([reading('a', 'snowfall_1h_cm', 3), reading('a', 'depth_cm', 55), reading('b', 'depth_cm', null)]),
  );
  expect(found.map(({ reading: newest }) => newest?.value)).toEqual([55, null, undefined]);
  expect(stationReadings(listOf([station('a')]), null)[0]?.reading).toBeNull();
});

test('zones that were reported of come first, the newest report at the top', () => {
  const order = (zone: string, at: string | null): Order => ({
    feed: 'f',
    manager: null,
    zone,
    state: null,
    report: at === null ? null : { state: 'started', at, said_by: null, recorded_by: null, units: null, note: '' },
  });
  const zone = (name: string): Zone => ({ feed: 'f', manager: null, zone: name, name: `${name}工区` });
  const rows = zoneRows(
    listOf([zone('A-10'), zone('A-2'), zone('B-1')]),
    listOf([order('A-10', null), order('B-1', '2026-01-15T01:00:00Z'), order('C-1', '2026-01-15T02:00:00Z')]),
  );
  expect(rows.map((row) => row.zone)).toEqual(['C-1', 'B-1', 'A-2', 'A-10']);
  expect(rows.find((row) => row.zone === 'B-1')?.name).toBe('B-1工区');
});

test('a place is a route with its ends, or a zone', () => {
  const route = { route: '国道7号', section: null, from_km: 12.3, to_km: 15, from_name: null, to_name: '大釈迦' };
  expect(closurePlace({ route, zone: null })).toBe('国道7号 12.3 km〜大釈迦');
  expect(closurePlace({ route: { ...route, from_km: null, to_km: null, to_name: null }, zone: null })).toBe('国道7号');
  expect(closurePlace({ route: null, zone: 'A-1' })).toBe('A-1');
  expect(closurePlace({ route: null, zone: null })).toBeNull();
});

test('the address keeps the section, and gives the invitation up', () => {
  expect(sectionOf('?section=data')).toBe('data');
  expect(sectionOf('?section=nonsense')).toBe('overview');
  const token = 'a0'.repeat(32);
  expect(invitationOf(`#invitation=${token}`)).toBe(token);
  expect(invitationOf('#invitation=short')).toBeNull();
  expect(withSection({ pathname: '/board', hash: '' }, 'coverage')).toBe('/board?section=coverage');
  expect(withSection({ pathname: '/en/board', hash: '' }, 'overview')).toBe('/en/board');
  expect(withoutInvitation({ pathname: '/board', search: '?section=data' })).toBe('/board?section=data');
});
