import { expect, test } from 'vitest';
import { styleIsDue } from '../../src/style-age';

test.each([
  ['never asked', Infinity, 1, true],
  ['a minute is not over', 59_999, 1, false],
  ['a minute later', 60_000, 1, true],
  ['a night ten times as fast, after a minute of it', 6_000, 10, true],
  ['a night ten times as fast, before', 5_999, 10, false],
  ['a server whose time stands still', 60_000, 0, true],
  ['a server whose clock was set back', 60_000, -8, true],
  ['a device whose clock was set back', -1, 1, true],
])('%s', (_name, ageMs, rate, due) => {
  expect(styleIsDue(ageMs, rate)).toBe(due);
});
