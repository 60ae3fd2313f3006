import { describe, expect, test } from 'vitest';
import type { DirectionStatus, Segment } from '../../src/api/segments';
import type { LegendContent } from '../../src/api/style';
import { lookOf } from '../../src/legend/look-of';
import { shownDirections } from '../../src/road-card/directions';
import { noDataReason } from '../../src/road-card/no-data-reason';
import { ownerText, roadName } from '../../src/road-card/owner';
import { priorityText } from '../../src/road-card/priority';

const cleared: DirectionStatus = {
  state: 'cleared',
  state_code: 4,
  cleared_at: '2026-01-20T21:12:00Z',
  last_pass_at: '2026-01-20T21:12:00Z',
  work_kind: 'plowing',
  confidence: 'seen',
};
const city = { code: '02201', level: 'municipal', name: { ja: '青森市', en: 'Aomori City' } };
const northward: Segment['geometry'] = { type: 'LineString', coordinates: [[140, 40], [140, 41]] };
const legend: LegendContent = {
  restrictions: [],
  share: { color: '#d7f5b0', dash: null, ja: '割合', en: 'Share' },
  ages: [
    { below_min: 60, color: '#ffffff', dash: null, ja: '1時間未満', en: '< 1 h' },
    { below_min: null, color: '#884466', dash: [1, 1], ja: 'それ以上', en: 'older' },
  ],
  states: [
    { code: 0, name: 'no_data', color: '#555555', dash: null, ja: 'データなし', en: 'No data', drawn_by_age: false },
    { code: 4, name: 'cleared', color: '#eeeeee', dash: null, ja: '除雪済み', en: 'Cleared', drawn_by_age: true },
  ],
};

describe('shownDirections', () => {
  test('one block where both say the same', () => {
    const shown = shownDirections({ status: { forward: cleared, backward: { ...cleared } }, geometry: northward });
    expect(shown.map(({ key, heading }) => [key, heading.ja])).toEqual([['both', '両方向']]);
  });

  test('two blocks where one differs', () => {
    const backward = { ...cleared, cleared_at: null };
    const shown = shownDirections({ status: { forward: cleared, backward }, geometry: northward });
    expect(shown.map(({ key, heading }) => [key, heading.ja])).toEqual([
      ['forward', '北方向'],
      ['backward', '南方向'],
    ]);
  });

  test.each([
    ['forward', { forward: cleared, backward: null }, '北方向（一方通行）'],
    ['backward', { forward: null, backward: cleared }, '南方向（一方通行）'],
  ] as const)('a one-way %s', (key, status, heading) => {
    const shown = shownDirections({ status, geometry: northward });
    expect(shown.map((direction) => [direction.key, direction.heading.ja])).toEqual([[key, heading]]);
  });
});

describe('noDataReason', () => {
  const source = { feed: 'f', manager: city, attribution: null, licence: null, last_contact_at: null, interval_s: 30, state: 'never' } as const;
  test.each([
    ['no source', { manager: city, manager_level: 'municipal', sources: [] }, '情報源がまだありません'],
    ['level known only', { manager: null, manager_level: 'municipal', sources: [] }, '情報源がまだありません'],
    ['owner unknown', { manager: null, manager_level: 'unknown', sources: [] }, '道路管理者が分からない'],
    ['no pass yet', { manager: city, manager_level: 'municipal', sources: [source] }, '記録をまだ受け取っていません'],
  ])('%s', (_name, road, sentence) => {
    expect(noDataReason(road).ja).toContain(sentence);
  });
});

test.each([
  ['known', { manager: city, manager_level: 'municipal' }, '市町村', '青森市'],
  ['level only', { manager: null, manager_level: 'prefectural' }, '県', '管理者名は不明'],
  ['nothing', { manager: null, manager_level: 'unknown' }, undefined, '不明'],
])('owner: %s', (_name, road, level, name) => {
  const owner = ownerText(road);
  expect(owner.level?.ja).toBe(level);
  expect(owner.name.ja).toBe(name);
});

test.each([
  [{ name: '国道7号', ref: '7' }, '国道7号'],
  [{ name: null, ref: 'E4' }, 'E4'],
  [{ name: '', ref: '' }, null],
])('name of %o', (road, name) => {
  expect(roadName(road)).toBe(name);
});

test.each([
  [null, undefined],
  ['emergency', '緊急'],
  ['1', '第1種'],
])('priority %s', (priority, ja) => {
  expect(priorityText(priority)?.ja).toBe(ja);
});

test.each([
  ['cleared lately', 4, 0, '#ffffff'],
  ['cleared long ago', 4, -7_200_000, '#884466'],
  ['cleared at an unknown time', 4, null, '#eeeeee'],
  ['no data, whatever the age', 0, 0, '#555555'],
])('look: %s', (_name, stateCode, clearedAtMs, color) => {
  expect(lookOf(legend, stateCode, clearedAtMs, 0)?.color).toBe(color);
});
