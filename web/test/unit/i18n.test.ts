import { expect, test } from 'vitest';
import { confidences } from '../../src/confidence';
import { feedStates } from '../../src/feeds/feed-states';
import { messages } from '../../src/i18n';
import { inOrder, languageOfPath, other, type Bilingual } from '../../src/language';
import { managerLevels } from '../../src/road-managers';
import { roadStates } from '../../src/road-states';
import { workKinds } from '../../src/work-kinds';

const catalogues: Record<string, Record<string, Bilingual>> = {
  messages,
  workKinds,
  confidences,
  feedStates,
  managerLevels,
  stateMeanings: Object.fromEntries(roadStates.flatMap(({ name, meaning }) => (meaning === null ? [] : [[name, meaning]]))),
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

test.each([
  ['/', 'ja'],
  ['/ja', 'ja'],
  ['/en', 'en'],
  ['/en/', 'en'],
  ['/england', 'ja'],
])('the language of %s', (path, language) => {
  expect(languageOfPath(path)).toBe(language);
});

test('the page’s language comes first', () => {
  expect(inOrder(messages.legend, 'ja')).toBe('凡例 Legend');
  expect(inOrder(messages.legend, 'en', ' / ')).toBe('Legend / 凡例');
  expect(other('ja')).toBe('en');
});

test('no data is never called not cleared', () => {
  for (const text of [messages.noDataBecauseNoPass, messages.noDataBecauseNoSource, messages.noDataBecauseOwnerUnknown]) {
    expect(text.ja).toContain('除雪されていないという意味ではありません');
    expect(text.en).toContain('does not mean that it has not been cleared');
  }
});
