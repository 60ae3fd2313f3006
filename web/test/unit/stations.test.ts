import { describe, expect, test } from 'vitest';
import type { Fact } from '../../src/api/lists';
import type { Observation, Station } from '../../src/api/stations';
import { stationLabel } from '../../src/map/overlays';
import { deepestFirst, stationReadings } from '../../src/stations/station-readings';
import { trendOf } from '../../src/stations/station-words';

const station = (id: string): Fact<Station> => ({
  id: `jma/${id}`,
  geometry: { type: 'Point', coordinates: [140.8, 40.8] },
  properties: { feed: 'jma', station: id, name: { ja: id, en: id }, elevation_m: 3 },
});
const reading = (hour: number, value: number | null, more: Partial<Observation> = {}): Fact<Observation> => ({
  id: `${hour}/${value}`,
  geometry: null,
  properties: {
    feed: 'jma',
    station: 'aomori',
    quantity: 'depth_cm',
    observed_at: new Date(Date.UTC(2026, 0, 20, hour)).toISOString(),
    value,
    flag: value === null ? 'missing' : 'pass',
    reason: '',
    ...more,
  },
});
const only = (...observations: Fact<Observation>[]) => stationReadings([station('aomori')], observations)[0]!;

describe('a station’s depth and trend', () => {
  test('the newest reading counts, in whatever order they come', () => {
    const { depth, trendCmPerHour, lastGood } = only(reading(3, 40), reading(5, 46), reading(4, 44));
    expect(depth?.cm).toBe(46);
    expect(trendCmPerHour).toBe(3);
    expect(lastGood).toBeNull();
  });

  test('a missing value is never 0, and the last good one is told beside it', () => {
    const told = only(reading(3, 40), reading(4, 42), reading(5, null));
    expect(told.depth).toMatchObject({ cm: null, flag: 'missing' });
    expect(told.lastGood?.cm).toBe(42);
    expect(told.trendCmPerHour).toBe(2);
    expect(stationLabel(told)).toBe('欠測');
  });

  test('what failed its check is shown with its reason but makes no trend', () => {
    const told = only(reading(3, 40), reading(4, 41), reading(5, 300, { flag: 'fail', reason: '1時間に20cm超の増加' }));
    expect(told.depth).toMatchObject({ cm: 300, flag: 'fail', reason: '1時間に20cm超の増加' });
    expect(told.trendCmPerHour).toBe(1);
    expect(stationLabel(told)).toBe('300cm→?'.replace('→', '↑'));
  });

  test('an honest 0 is 0', () => {
    expect(stationLabel(only(reading(3, 0), reading(5, 0)))).toBe('0cm→');
  });

  test('one reading, or two within minutes, make no trend', () => {
    expect(only(reading(5, 40)).trendCmPerHour).toBeNull();
    const soonAfter = reading(5, 41, { observed_at: '2026-01-20T05:10:00Z' });
    expect(only(reading(5, 40), soonAfter).trendCmPerHour).toBeNull();
  });

  test('a station that says nothing is there all the same', () => {
    expect(only()).toMatchObject({ depth: null, trendCmPerHour: null, temperatureC: null });
    expect(stationLabel(only())).toBe('欠測');
  });

  test('other quantities are no depth', () => {
    const told = only(reading(5, 40), reading(6, -8.2, { quantity: 'temperature_c' }));
    expect(told.depth?.cm).toBe(40);
    expect(told.temperatureC).toBe(-8.2);
  });

  test('a reading of another feed’s station of that name is not this one’s', () => {
    expect(only(reading(5, 40, { feed: 'city' })).depth).toBeNull();
  });
});

test('the deepest first; those without a believed depth last', () => {
  const readings = stationReadings(
    [station('a'), station('b'), station('c'), station('d')],
    [
      reading(5, 10, { station: 'a' }),
      reading(5, 500, { station: 'b', flag: 'fail' }),
      reading(5, 30, { station: 'c' }),
      reading(5, 0, { station: 'd' }),
    ],
  );
  expect(deepestFirst(readings).map(({ key }) => key)).toEqual(['jma/c', 'jma/a', 'jma/d', 'jma/b']);
});

test.each([
  [0.4, 'steady'],
  [-0.4, 'steady'],
  [0.5, 'rising'],
  [-2, 'falling'],
] as const)('%f cm/h is %s', (cmPerHour, trend) => {
  expect(trendOf(cmPerHour)).toBe(trend);
});
