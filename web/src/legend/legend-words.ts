import type { Text } from '../language';
import type { Colouring } from '../map/page-style';

export const colourings = {
  ages: { ja: '除雪からの時間', en: 'Time since', easy: 'どけてからの 時間' },
  standard: { ja: '水準との比較', en: 'Standard', easy: 'だいじょうぶか' },
} as const satisfies Record<Colouring, Text>;

export const legendMessages = {
  colouring: { ja: '色分け', en: 'Colours show', easy: '色の きめかた' },
  standard: { ja: '道路ごとの除雪水準', en: 'Each road’s own standard', easy: '道ごとの きまり' },
  standardMeaning: {
    ja: '水準は道路管理者が道路ごとに定めた出動基準です。',
    en: 'The standard is the depth of new snow at which its manager clears the road.',
    easy: '雪が どのくらい ふったら どけるか、道ごとに きまりが あります。',
  },
} as const satisfies Record<string, Text>;
