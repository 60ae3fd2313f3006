import type { Bilingual, Text } from './language';

/**
 * A segment's state per direction; the codes are the tile layer's `status` digits. What a state is
 * called comes with the style's legend, what it means for the reader stands here.
 */
export const roadStates = [
  { code: 0, name: 'no_data', easy: 'データなし', meaning: null },
  {
    code: 1,
    name: 'unconfirmed',
    easy: 'かくにん できない',
    meaning: {
      ja: '情報源からの連絡が途絶えているため、現在の状況を確認できません。',
      en: 'The data source has gone silent, so the present state cannot be confirmed.',
      easy: 'データが 来ていません。今の ようすは わかりません。',
    },
  },
  {
    code: 2,
    name: 'below_threshold',
    easy: '雪は まだ 少ない',
    meaning: {
      ja: '新しい雪がこの道路の出動基準に達していません。',
      en: 'New snow has not reached the depth at which this road is cleared.',
      easy: '新しい 雪は まだ 少ないです。この 道の 雪を どける 時では ありません。',
    },
  },
  {
    code: 3,
    name: 'uncleared',
    easy: '雪が のこっている',
    meaning: {
      ja: '前回の除雪のあと、出動基準以上の雪が積もっています。',
      en: 'Since the last clearing, snow has reached this road’s threshold.',
      easy: '前に 雪を どけてから、新しい 雪が たくさん ふりました。',
    },
  },
  { code: 4, name: 'cleared', easy: '雪を どけた', meaning: null },
  {
    code: 5,
    name: 'working',
    easy: '雪を どけている',
    meaning: {
      ja: 'この10分以内に除雪車が作業しています。',
      en: 'A plow has worked here in the last 10 minutes.',
      easy: '10分の あいだに 雪を どける 車が 来ています。',
    },
  },
  {
    code: 6,
    name: 'closed',
    easy: 'とおれない',
    meaning: { ja: '冬期閉鎖などで通行できません。', en: 'Closed to traffic, for the winter or for now.', easy: 'この 道は 今 とおれません。' },
  },
  {
    code: 7,
    name: 'off_plan',
    easy: '雪を どけない 道',
    meaning: { ja: '計画により除雪しない道路です。', en: 'This road is not cleared, by plan.', easy: 'この 道の 雪は どけない ことに なっています。' },
  },
  {
    code: 8,
    name: 'melting',
    easy: '水や ねつで 雪を とかす 道',
    meaning: {
      ja: '消雪パイプや融雪設備があり、除雪車を必要としません。',
      en: 'Melting pipes or heating keep it clear without a plow.',
      easy: '水や ねつで 雪を とかします。雪を どける 車は いりません。',
    },
  },
] as const satisfies readonly { code: number; name: string; meaning: Text | null; easy: string }[];

export type RoadStateName = (typeof roadStates)[number]['name'];

export function roadState(code: number): (typeof roadStates)[number] | undefined {
  return roadStates.find((state) => state.code === code);
}

/** The legend's own words for a state, in all languages. */
export function stateLabel(label: Bilingual & { code: number }): Text {
  return { ja: label.ja, en: label.en, easy: roadState(label.code)?.easy ?? label.ja };
}
