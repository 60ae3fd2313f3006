import type { Bilingual } from './language';

/**
 * A segment's state per direction; the codes are the tile layer's `status` digits. What a state is
 * called comes with the style's legend, what it means for the reader stands here.
 */
export const roadStates = [
  { code: 0, name: 'no_data', meaning: null },
  {
    code: 1,
    name: 'unconfirmed',
    meaning: {
      ja: '情報源からの連絡が途絶えているため、現在の状況を確認できません。',
      en: 'The data source has gone silent, so the present state cannot be confirmed.',
    },
  },
  {
    code: 2,
    name: 'below_threshold',
    meaning: {
      ja: '新しい雪がこの道路の出動基準に達していません。',
      en: 'New snow has not reached the depth at which this road is cleared.',
    },
  },
  {
    code: 3,
    name: 'uncleared',
    meaning: {
      ja: '前回の除雪のあと、出動基準以上の雪が積もっています。',
      en: 'Since the last clearing, snow has reached this road’s threshold.',
    },
  },
  { code: 4, name: 'cleared', meaning: null },
  {
    code: 5,
    name: 'working',
    meaning: {
      ja: 'この10分以内に除雪車が作業しています。',
      en: 'A plow has worked here in the last 10 minutes.',
    },
  },
  {
    code: 6,
    name: 'closed',
    meaning: { ja: '冬期閉鎖などで通行できません。', en: 'Closed to traffic, for the winter or for now.' },
  },
  {
    code: 7,
    name: 'off_plan',
    meaning: { ja: '計画により除雪しない道路です。', en: 'This road is not cleared, by plan.' },
  },
  {
    code: 8,
    name: 'melting',
    meaning: {
      ja: '消雪パイプや融雪設備があり、除雪車を必要としません。',
      en: 'Melting pipes or heating keep it clear without a plow.',
    },
  },
] as const satisfies readonly { code: number; name: string; meaning: Bilingual | null }[];

export type RoadStateName = (typeof roadStates)[number]['name'];

export function roadState(code: number): (typeof roadStates)[number] | undefined {
  return roadStates.find((state) => state.code === code);
}
