import { expect, test } from 'vitest';
import { confidences } from '../../src/confidence';
import { roadState, roadStates } from '../../src/road-states';
import { decodeStatus } from '../../src/segment-status';
import { workKinds } from '../../src/work-kinds';

test.each([
  [0, 0, 0, 0, 0, 0, 0],
  [4, 4, 0, 0, 0, 0, 0],
  [34, 4, 3, 0, 0, 0, 0],
  [154, 4, 5, 1, 0, 0, 0],
  [302_144, 4, 4, 1, 2, 0, 3],
  [357_688, 8, 8, 6, 7, 5, 3],
  [100_000, 0, 0, 0, 0, 0, 1],
])('status %i', (status, forward, backward, work, snow, dispatch, confidence) => {
  expect(decodeStatus(status)).toEqual({
    forwardStateCode: forward,
    backwardStateCode: backward,
    workKindDigit: work,
    newSnowDigit: snow,
    dispatchDigit: dispatch,
    confidenceDigit: confidence,
  });
});

test('codes are the places in their lists', () => {
  expect(roadStates.map(({ code }) => code)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(roadState(4)?.name).toBe('cleared');
  expect(roadState(9)).toBeUndefined();
  expect(Object.keys(workKinds).indexOf('plowing') + 1).toBe(1);
  expect(Object.keys(workKinds).indexOf('sidewalk') + 1).toBe(7);
  expect(Object.keys(confidences)).toEqual(['seen', 'inferred', 'weak', 'reported']);
});
