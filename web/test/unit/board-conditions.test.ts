import { expect, test } from 'vitest';
import type { RuleCondition } from '../../src/board/api';
import { conditionText } from '../../src/board/overview/condition-text';

test.each<[RuleCondition, string]>([
  [{ new_snow_cm: 10 }, '新積雪 ≥ 10 cm'],
  [{ snowfall_cm: 25, hours: 24 }, '24時間降雪量 ≥ 25 cm'],
  [{ depth_cm: { base: 15 } }, '積雪深 ≥ 15 cm（季節で変わる）'],
  [{ temperature_at_most_c: -3 }, '気温 ≤ -3 ℃'],
  [{ forecast_new_snow_cm: 10, by: '07:00:00' }, '07:00までの予想新積雪 ≥ 10 cm'],
  [{ by_person: 'わだち 10 cm 超' }, 'わだち 10 cm 超'],
  [
    { any: [{ new_snow_cm: 10 }, { all: [{ depth_cm: 20 }, { by_person: 'わだち' }] }] },
    '新積雪 ≥ 10 cm または （積雪深 ≥ 20 cm かつ わだち）',
  ],
])('%j is said as people say it', (condition, text) => {
  expect(conditionText(condition)).toBe(text);
});
