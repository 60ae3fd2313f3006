import { describe, expect, test } from 'vitest';
import { ageStepOf, agoText, elapsedMin, shortAgoText } from '../../src/ages';

const H = 60;
const D = 24 * H;

describe('agoText', () => {
  test.each([
    [0, 'たった今', 'just now'],
    [1, '1分前', '1 min ago'],
    [12, '12分前', '12 min ago'],
    [59, '59分前', '59 min ago'],
    [H, '1時間前', '1 h ago'],
    [H + 1, '1時間1分前', '1 h 1 min ago'],
    [3 * H + 12, '3時間12分前', '3 h 12 min ago'],
    [D - 1, '23時間59分前', '23 h 59 min ago'],
    [D, '1日前', '1 day ago'],
    [D + 5 * H + 40, '1日5時間前', '1 day 5 h ago'],
    [2 * D + 3 * H, '2日3時間前', '2 days 3 h ago'],
    [12 * D + 3 * H, '12日前', '12 days ago'],
  ])('%i min', (ageMin, ja, en) => {
    expect(agoText(ageMin)).toMatchObject({ ja, en });
  });
});

describe('elapsedMin', () => {
  test.each([
    [0, 59_999, 0],
    [0, 60_000, 1],
    [0, 3_600_000, 60],
    [5_000, 0, 0],
  ])('from %i to %i ms', (sinceMs, nowMs, minutes) => {
    expect(elapsedMin(sinceMs, nowMs)).toBe(minutes);
  });
});

describe('shortAgoText', () => {
  test.each([
    [0, 0, '0秒前'],
    [0, 59_999, '59秒前'],
    [0, 60_000, '1分前'],
    [9_000, 0, '0秒前'],
  ])('from %i to %i ms', (sinceMs, nowMs, ja) => {
    expect(shortAgoText(sinceMs, nowMs).ja).toBe(ja);
  });
});

describe('ageStepOf', () => {
  const steps = [60, 180, 360, 720, 1440, 4320, 10_080, null].map((below_min) => ({ below_min }));

  test.each([
    [0, 60],
    [59, 60],
    [60, 180],
    [179, 180],
    [180, 360],
    [1439, 1440],
    [4320, 10_080],
    [10_079, 10_080],
    [10_080, null],
    [9_999_999, null],
  ])('%i min', (ageMin, below_min) => {
    expect(ageStepOf(steps, ageMin)).toEqual({ below_min });
  });
});
