import { describe, expect, test } from 'vitest';
import type { PlannedWork } from '../../src/api/plans';
import { nextInBrief } from '../../src/road-card/next-in-brief';
import { nextPlans, plannerOf } from '../../src/road-card/what-next';

const NOW = Date.parse('2026-01-20T21:00:00Z');
const HOUR = 3_600_000;
const plan = (name: string, fromH: number, untilH: number, state: PlannedWork['state'] = 'planned'): PlannedWork => ({
  feed: 'city-plans',
  plan: name,
  work_kind: 'hauling',
  state,
  from: new Date(NOW + fromH * HOUR).toISOString(),
  until: new Date(NOW + untilH * HOUR).toISOString(),
  note: '',
});

test('what is under way or next first; what is over, done or called off last', () => {
  const shown = nextPlans(
    [plan('off', 1, 2, 'cancelled'), plan('tomorrow', 20, 22), plan('over', -5, -4), plan('now', -1, 1), plan('done', -2, 3, 'done')],
    NOW,
  );
  expect(shown.map(({ plan: { plan: name }, time }) => `${name} ${time}`)).toEqual([
    'now running',
    'tomorrow ahead',
    'over over',
    'done running',
    'off ahead',
  ]);
});

describe('plannerOf', () => {
  const city = { code: '02201', level: 'municipal', name: { ja: '青森市', en: 'Aomori City' } };
  const nation = { code: 'mlit', level: 'national', name: { ja: '国', en: 'Nation' } };
  const source = { feed: 'city-plans', manager: city, attribution: null, licence: null, last_contact_at: null, interval_s: 60, state: 'fresh' } as const;

  test.each([
    ['the feed’s manager', 'city-plans', city],
    ['the manager whose official entered it', 'by-hand:mlit', nation],
    ['another manager’s official', 'by-hand:02201', city],
    ['an official of a manager who has nothing else here', 'by-hand:09999', null],
    ['a feed of which nothing is known', 'other', null],
  ])('%s', (_name, feed, manager) => {
    expect(plannerOf(feed, { manager: nation, sources: [source] })).toEqual(manager);
  });
});

describe('nextInBrief', () => {
  const facts = { zone: null, order: null, closures: [], plans: [] };
  const brief = (more: object, dispatchDigit = 0) => nextInBrief({ facts: { ...facts, ...more } }, dispatchDigit, NOW).ja;
  const ordered = { order: { state: 'scheduled', as_of: null } };

  test.each([
    ['nothing', {}, 0, '予定の情報なし'],
    ['a plan', { plans: [plan('a', 1, 2)] }, 0, '07:00 運搬排雪 予定'],
    ['only a cancelled plan', { plans: [plan('a', 1, 2, 'cancelled')] }, 0, '予定の情報なし'],
    ['the earlier of two', { plans: [plan('b', 5, 6), plan('a', 1, 2, 'moved')] }, 0, '07:00 運搬排雪 日程変更'],
    ['an order before a plan', { plans: [plan('a', 1, 2)], ...ordered }, 0, '出動指令 作業予定あり'],
    ['a plan after an order that is done', { plans: [plan('a', 1, 2)], order: { state: 'completed', as_of: null } }, 0, '07:00 運搬排雪 予定'],
    ['a call-out before an order', ordered, 3, '出動要請 出動可（これから出動）'],
  ])('%s', (_name, more, dispatchDigit, ja) => {
    expect(brief(more, dispatchDigit)).toBe(ja);
  });
});
