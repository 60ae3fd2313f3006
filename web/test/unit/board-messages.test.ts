import { expect, test } from 'vitest';
import { boardMessages, closureKinds, qualityFlags, quantities, reportedStates, roles, ruleOutcomes, wordOf } from '../../src/board/messages';
import { stateWords } from '../../src/board/coverage/state-words';
import type { Bilingual } from '../../src/language';

const catalogues: Record<string, Record<string, Bilingual>> = {
  boardMessages,
  closureKinds,
  qualityFlags,
  quantities,
  reportedStates,
  roles,
  ruleOutcomes,
  stateWords: Object.fromEntries(stateWords),
};
const texts = Object.entries(catalogues).flatMap(([catalogue, entries]) =>
  Object.entries(entries).map(([key, text]) => ({ key: `${catalogue}.${key}`, text })),
);
const JAPANESE_LETTER = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;

test.each(texts)('$key is in both languages', ({ text }) => {
  expect(text.ja).toMatch(JAPANESE_LETTER);
  expect(text.en.trim()).not.toBe('');
  expect(text.en).not.toMatch(JAPANESE_LETTER);
});

test('a name that is not known stands for itself', () => {
  expect(wordOf(roles, 'viewer')).toBe(roles.viewer);
  expect(wordOf(roles, 'owner')).toEqual({ ja: 'owner', en: 'owner' });
});
