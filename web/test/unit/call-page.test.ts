import { expect, test } from 'vitest';
import { tokenOf } from '../../src/call/api';
import { choicesOf } from '../../src/call/choices';
import { callMessages } from '../../src/call/messages';

const firm = { name: '田中', role: 'firm' as const };
const officer = { name: '佐藤', role: 'officer' as const };

test.each([
  [firm, 'requested', false, ['accept', 'delay', 'decline']],
  [firm, 'declined', true, ['accept', 'delay', 'decline']],
  [firm, 'accepted', true, ['start', 'complete', 'delay', 'decline', 'accept']],
  [firm, 'started', true, ['complete', 'delay', 'decline']],
  [firm, 'completed', true, []],
  [firm, 'cancelled', false, []],
  [officer, 'awaiting_approval', false, ['approve', 'cancel']],
  [officer, 'requested', false, ['cancel']],
])('%j may say to %s (answered: %s): %j', (you, state, answered, choices) => {
  expect(choicesOf({ you, dispatch: { state, answer: answered ? {} : null } })).toEqual(choices);
});

test.each([
  ['/call/abc123', 'abc123'],
  ['/en/call/abc123/', 'abc123'],
])('the token of %s', (path, token) => {
  expect(tokenOf(path)).toBe(token);
});

test('every text is in both languages', () => {
  const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
  for (const { ja, en } of Object.values(callMessages)) {
    expect(ja).toMatch(japanese);
    expect(en).not.toMatch(japanese);
  }
});
