import { expect, test } from 'vitest';
import { contactAt } from '../../src/contact';

const HEARD_MS = 50_000_000;

test.each([
  ['just now', 0, 'good'],
  ['half a minute ago', 30_000, 'good'],
  ['35 s ago', 35_000, 'delayed'],
  ['a millisecond under 10 min ago', 599_999, 'delayed'],
  ['10 min ago', 600_000, 'lost'],
  ['hours ago', 36_000_000, 'lost'],
  ['in the future, the device’s clock having been set back', -3_600_000, 'good'],
] as const)('heard %s', (_name, silenceMs, contact) => {
  expect(contactAt({ askedSinceMs: 0, lastContactMs: HEARD_MS }, HEARD_MS + silenceMs)).toBe(contact);
});

test.each([
  ['just now', 0, 'none'],
  ['a millisecond under 15 s ago', 14_999, 'none'],
  ['15 s ago', 15_000, 'unanswered'],
  ['10 min ago', 600_000, 'lost'],
] as const)('never heard, asked first %s', (_name, silenceMs, contact) => {
  expect(contactAt({ askedSinceMs: HEARD_MS, lastContactMs: null }, HEARD_MS + silenceMs)).toBe(contact);
});

test('not asked yet', () => {
  expect(contactAt({ askedSinceMs: null, lastContactMs: null }, HEARD_MS)).toBe('none');
});
