import type { LineString } from 'geojson';
import { describe, expect, test } from 'vitest';
import { chordBearingDeg, directionText } from '../../src/road-card/compass';

const line = (...coordinates: [number, number][]): LineString => ({ type: 'LineString', coordinates });
const AOMORI: [number, number] = [140.74, 40.82];
/** So many metres east and north of Aomori. */
const at = (east: number, north: number): [number, number] => [
  AOMORI[0] + east / (111_320 * Math.cos((AOMORI[1] * Math.PI) / 180)),
  AOMORI[1] + north / 111_320,
];

describe('directionText', () => {
  test.each([
    ['north', at(0, 100), '北方向', 'North-bound', '南方向', 'South-bound'],
    ['north-east', at(100, 100), '北東方向', 'North-east-bound', '南西方向', 'South-west-bound'],
    ['east', at(100, 0), '東方向', 'East-bound', '西方向', 'West-bound'],
    ['south-east', at(100, -100), '南東方向', 'South-east-bound', '北西方向', 'North-west-bound'],
    ['nearly north, from the west', at(-30, 100), '北方向', 'North-bound', '南方向', 'South-bound'],
  ])('%s', (_name, end, forwardJa, forwardEn, backwardJa, backwardEn) => {
    const road = line(AOMORI, end);
    expect(directionText(road, 'forward')).toMatchObject({ ja: forwardJa, en: forwardEn });
    expect(directionText(road, 'backward')).toMatchObject({ ja: backwardJa, en: backwardEn });
  });

  test('a degree of longitude is shorter than one of latitude', () => {
    expect(chordBearingDeg(line(AOMORI, [141.74, 41.82]))).toBeCloseTo(37.1, 0);
  });

  test('a bent road goes where its ends do', () => {
    expect(directionText(line(AOMORI, at(50, 90), at(120, 100)), 'forward').ja).toBe('北東方向');
  });

  test('a loop goes nowhere, and is told by its line', () => {
    const loop = line(AOMORI, at(100, 0), at(100, 100), at(0, 100), at(1, 1));
    expect(directionText(loop, 'forward').ja).toBe('順方向');
    expect(directionText(loop, 'backward').ja).toBe('逆方向');
  });
});
