import type { Text } from './language';

/** In the order of the tile layer's work kind digit, which is 0 for none. */
export const workKinds = {
  plowing: { ja: '新雪除雪', en: 'Plowing', easy: '新しい 雪を どけた' },
  grading: { ja: '路面整正', en: 'Grading', easy: '道を たいらに した' },
  packed_snow_removal: { ja: '圧雪処理', en: 'Packed-snow removal', easy: 'かたい 雪を とった' },
  widening: { ja: '拡幅除雪', en: 'Widening', easy: '道を 広くした' },
  hauling: { ja: '運搬排雪', en: 'Snow hauling', easy: '雪を はこんだ' },
  deicing: { ja: '凍結防止剤散布', en: 'De-icing', easy: 'こおらない くすりを まいた' },
  sidewalk: { ja: '歩道除雪', en: 'Sidewalk clearing', easy: '歩く 道の 雪を どけた' },
} as const satisfies Record<string, Text>;

const transit: Text = { ja: '回送', en: 'Transit', easy: '走った だけ' };
const unknownWork: Text = { ja: '作業内容は不明', en: 'Work not known', easy: '何を したか わかりません' };

export function workKindText(kind: string | null): Text {
  if (kind === 'transit') return transit;
  return (workKinds as Record<string, Text>)[kind ?? ''] ?? unknownWork;
}
