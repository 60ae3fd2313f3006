import { expect, test } from 'vitest';
import { statusOfTile } from '../../src/map/tile-status';

const AT_MIN = 29_479_512;
const AT = new Date(AT_MIN * 60_000).toISOString();
const cleared = { state: 'cleared', state_code: 4, cleared_at: AT, last_pass_at: null, work_kind: 'plowing', confidence: 'seen' };
const noData = { state: 'no_data', state_code: 0, cleared_at: null, last_pass_at: null, work_kind: null, confidence: 'seen' };

test.each([
  ['nothing known', { status: 0, oneway: 'no', cleared_fwd_min: 0, cleared_rev_min: 0 }, noData, noData],
  [
    'one direction cleared',
    { status: 104, oneway: 'no', cleared_fwd_min: AT_MIN, cleared_rev_min: 0 },
    cleared,
    { ...noData, work_kind: 'plowing' },
  ],
  ['a one-way', { status: 144, oneway: 'yes', cleared_fwd_min: AT_MIN, cleared_rev_min: AT_MIN }, cleared, null],
  ['a one-way against its line', { status: 144, oneway: '-1', cleared_fwd_min: 0, cleared_rev_min: AT_MIN }, null, cleared],
  [
    'inferred hauling',
    { status: 100_544, oneway: 'no', cleared_fwd_min: AT_MIN, cleared_rev_min: AT_MIN },
    { ...cleared, work_kind: 'hauling', confidence: 'inferred' },
    { ...cleared, work_kind: 'hauling', confidence: 'inferred' },
  ],
  ['properties left out', {}, noData, noData],
])('%s', (_name, properties, forward, backward) => {
  expect(statusOfTile(properties)).toEqual({ forward, backward });
});
