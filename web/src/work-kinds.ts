import type { Bilingual } from './language';

/** In the order of the tile layer's work kind digit, which is 0 for none. */
export const workKinds = {
  plowing: { ja: '新雪除雪', en: 'Plowing' },
  grading: { ja: '路面整正', en: 'Grading' },
  packed_snow_removal: { ja: '圧雪処理', en: 'Packed-snow removal' },
  widening: { ja: '拡幅除雪', en: 'Widening' },
  hauling: { ja: '運搬排雪', en: 'Snow hauling' },
  deicing: { ja: '凍結防止剤散布', en: 'De-icing' },
  sidewalk: { ja: '歩道除雪', en: 'Sidewalk clearing' },
} as const satisfies Record<string, Bilingual>;

const transit: Bilingual = { ja: '回送', en: 'Transit' };
const unknownWork: Bilingual = { ja: '作業内容は不明', en: 'Work not known' };

export function workKindText(kind: string | null): Bilingual {
  if (kind === 'transit') return transit;
  return (workKinds as Record<string, Bilingual>)[kind ?? ''] ?? unknownWork;
}
