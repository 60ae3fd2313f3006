import type { Bilingual } from '../../language';
import type { RoadStateName } from '../../road-states';

/** The states' short names, from done to unknown. */
export const stateWords: readonly (readonly [RoadStateName, Bilingual])[] = [
  ['cleared', { ja: '除雪済み', en: 'Cleared' }],
  ['below_threshold', { ja: '基準未満', en: 'Below threshold' }],
  ['working', { ja: '作業中', en: 'Working' }],
  ['uncleared', { ja: '未除雪', en: 'Not cleared' }],
  ['unconfirmed', { ja: '未確認', en: 'Unconfirmed' }],
  ['no_data', { ja: 'データなし', en: 'No data' }],
  ['closed', { ja: '通行止め', en: 'Closed' }],
  ['off_plan', { ja: '除雪対象外', en: 'Off plan' }],
  ['melting', { ja: '消融雪', en: 'Melting' }],
];
