import { expect, test } from 'vitest';
import { readAddress, withView } from '../../src/view/address';

const plain = { colouring: 'ages', roadId: null, sharedAtMs: null } as const;

test.each([
  ['', plain],
  ['#map=12/40.7/140.6', plain],
  ['#map=12/40.7/140.6&view=standard&road=7085795403512638', { ...plain, colouring: 'standard', roadId: 7085795403512638 }],
  ['#shared=2026-01-20T21:12:00.000Z', { ...plain, sharedAtMs: Date.UTC(2026, 0, 20, 21, 12) }],
  ['#view=nonsense&road=-1&shared=yesterday', plain],
  ['#road=1e300', plain],
] as const)('%s', (hash, view) => {
  expect(readAddress(hash)).toEqual(view);
});

test('what is written is read again, and the map’s part stays as it is', () => {
  const view = { colouring: 'standard', roadId: 5, sharedAtMs: 1_768_943_520_000 } as const;
  const hash = withView('#map=12/40.7/140.6', view);
  expect(hash).toContain('map=12/40.7/140.6');
  expect(readAddress(hash)).toEqual(view);
  expect(withView(hash, plain)).toBe('#map=12/40.7/140.6');
});

test('nothing to keep leaves no hash', () => {
  expect(withView('', plain)).toBe('');
});
