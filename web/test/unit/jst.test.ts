import { describe, expect, test } from 'vitest';
import { jstDateUnlessToday, jstMoment, jstTime, jstTimeWithSeconds } from '../../src/jst';

describe('jstTime', () => {
  test.each([
    ['2026-01-20T21:12:59Z', '06:12'],
    ['2026-01-20T14:59:59Z', '23:59'],
    ['2026-01-20T15:00:00Z', '00:00'],
    ['2026-01-21T06:12:00+09:00', '06:12'],
  ])('%s', (at, time) => {
    expect(jstTime(Date.parse(at))).toBe(time);
  });

  test('with seconds', () => {
    expect(jstTimeWithSeconds(Date.parse('2026-01-20T15:00:07Z'))).toBe('00:00:07');
  });
});

describe('jstMoment', () => {
  test.each([
    ['the same day', '2026-01-21T06:12:00+09:00', '2026-01-21T23:59:00+09:00', '06:12', '06:12'],
    ['over midnight in Japan', '2026-01-20T23:40:00+09:00', '2026-01-21T00:10:00+09:00', '1月20日 23:40', '20 Jan 23:40'],
    ['over midnight in UTC only', '2026-01-21T08:50:00+09:00', '2026-01-21T09:10:00+09:00', '08:50', '08:50'],
    ['over the new year', '2025-12-31T23:50:00+09:00', '2026-01-01T00:05:00+09:00', '2025年12月31日 23:50', '31 Dec 2025 23:50'],
    ['the same day a month ago', '2025-12-21T06:00:00+09:00', '2026-01-21T06:00:00+09:00', '2025年12月21日 06:00', '21 Dec 2025 06:00'],
  ])('%s', (_case, at, now, ja, en) => {
    expect(jstMoment(Date.parse(at), Date.parse(now))).toMatchObject({ ja, en });
  });

  test('no date for today', () => {
    const at = Date.parse('2026-01-21T00:00:00+09:00');
    expect(jstDateUnlessToday(at, at + 86_399_999)).toBeNull();
  });
});
