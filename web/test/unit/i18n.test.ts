import { describe, expect, test } from 'vitest';
import { agoText } from '../../src/ages';
import { closureKinds, closureMessages } from '../../src/closures/closure-words';
import { confidences } from '../../src/confidence';
import { feedStates } from '../../src/feeds/feed-states';
import { hereMessages } from '../../src/here/here.svelte';
import { messages } from '../../src/i18n';
import { jstMoment } from '../../src/jst';
import { addressOf, inOrder, languageOf, secondOf, textIn, type Text } from '../../src/language';
import { ageLabel } from '../../src/legend/age-label';
import { colourings, legendMessages } from '../../src/legend/legend-words';
import { STANDARD_STEPS } from '../../src/map/standard-view';
import { directionText } from '../../src/road-card/compass';
import { managerLevels } from '../../src/road-managers';
import { roadStates } from '../../src/road-states';
import { listMessages } from '../../src/roads-list/list-words';
import { placeKinds, searchMessages } from '../../src/search/search-words';
import { settingsMessages, themeChoices } from '../../src/settings/settings-words';
import { qualityFlags, stationMessages } from '../../src/stations/station-words';
import { toolbarMessages } from '../../src/toolbar/toolbar-words';
import { sharedMessages } from '../../src/view/shared-words';
import { dispatchStates, newSnowSteps, orderStates, planStates, workAheadMessages } from '../../src/work-ahead-words';
import { workKinds } from '../../src/work-kinds';

const named = (texts: readonly (Text | null)[]) => Object.fromEntries(texts.flatMap((text, nth) => (text === null ? [] : [[nth, text]])));
const catalogues: Record<string, Record<string, Text>> = {
  messages,
  closureKinds,
  closureMessages,
  confidences,
  feedStates,
  hereMessages,
  colourings,
  legendMessages,
  listMessages,
  managerLevels,
  placeKinds,
  searchMessages,
  settingsMessages,
  themeChoices,
  qualityFlags,
  stationMessages,
  toolbarMessages,
  sharedMessages,
  orderStates,
  planStates,
  workAheadMessages,
  workKinds,
  dispatchStates: named(dispatchStates),
  standardSteps: named(STANDARD_STEPS),
  stateMeanings: Object.fromEntries(roadStates.flatMap(({ name, meaning }) => (meaning === null ? [] : [[name, meaning]]))),
};
const texts = Object.entries(catalogues).flatMap(([catalogue, entries]) =>
  Object.entries(entries).map(([key, text]) => ({ key: `${catalogue}.${key}`, text })),
);

const JAPANESE_LETTER = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;

test.each(texts)('$key is in all languages', ({ text }) => {
  expect(text.ja).toMatch(JAPANESE_LETTER);
  expect(text.en.trim()).not.toBe('');
  expect(text.en).not.toMatch(JAPANESE_LETTER);
  expect(text.easy.trim()).not.toBe('');
});

describe('easy Japanese', () => {
  /** Kanji of the first school years, or on every road sign. Others must be followed by their reading. */
  const EASY_KANJI = '雪道車線地図色大小新古高低長広多少水外人名前後今時間分日月年毎週冬上下左右中北南東西国県市町村何出入来行走歩通見聞読書言考作同一二三目数気明記';
  const generated = [0, 30, 90, 120, 1500, 20_000].map((minutes) => agoText(minutes).easy);
  const others = [
    ...roadStates.map(({ easy }) => easy),
    ...newSnowSteps.flatMap((step) => step?.easy ?? []),
    ...[60, 720, 4320, null].map((below_min) => ageLabel({ below_min, color: '', dash: null, ja: '', en: '' }).easy),
    jstMoment(0, 1e12).easy,
    directionText({ type: 'LineString', coordinates: [[140, 40], [141, 41]] }, 'forward').easy,
  ];

  test.each([...texts.map(({ text }) => text.easy), ...generated, ...others])('%s', (easy) => {
    const withoutReadings = easy.replace(/\p{Script=Han}+（[\p{Script=Hiragana}ー]+）/gu, '');
    const hard = [...withoutReadings].filter((letter) => /\p{Script=Han}/u.test(letter) && !EASY_KANJI.includes(letter));
    expect(hard).toEqual([]);
  });
});

test.each([
  ['/', '', 'ja'],
  ['/ja', '', 'ja'],
  ['/ja', '?easy', 'easy'],
  ['/', '?easy', 'easy'],
  ['/en', '', 'en'],
  ['/en/', '', 'en'],
  ['/england', '', 'ja'],
])('the language of %s%s', (pathname, search, language) => {
  expect(languageOf({ pathname, search })).toBe(language);
});

test.each(['ja', 'en', 'easy'] as const)('the address of %s leads back to it', (language) => {
  const { pathname, search } = new URL(addressOf(language), 'http://map.example');
  expect(languageOf({ pathname, search })).toBe(language);
});

test('the page’s language comes first, and easy Japanese stands alone', () => {
  expect(inOrder(messages.legend, 'ja')).toBe('凡例 Legend');
  expect(inOrder(messages.legend, 'en', ' / ')).toBe('Legend / 凡例');
  expect(inOrder(messages.legend, 'easy')).toBe(messages.legend.easy);
  expect([secondOf('ja'), secondOf('en'), secondOf('easy')]).toEqual(['en', 'ja', null]);
});

test('a manager’s own words, which have no easy form, stay as they are', () => {
  expect(textIn({ ja: '青森市', en: 'Aomori City' }, 'easy')).toBe('青森市');
});

test('no data is never called not cleared', () => {
  for (const text of [messages.noDataBecauseNoPass, messages.noDataBecauseNoSource, messages.noDataBecauseOwnerUnknown]) {
    expect(text.ja).toContain('除雪されていないという意味ではありません');
    expect(text.en).toContain('does not mean that it has not been cleared');
    expect(text.easy).toContain('雪が のこっている という いみでは ありません');
  }
});
