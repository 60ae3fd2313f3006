import type { Bilingual } from './language';

/** In the order of the tile layer's confidence digit. */
export const confidences = {
  seen: { ja: 'GPSで確認', en: 'Seen by GPS' },
  inferred: { ja: '前後の走行から推定', en: 'Inferred between positions' },
  weak: { ja: '確度が低い推定', en: 'Weak match' },
  reported: { ja: '担当者の申告', en: 'Reported by a person' },
} as const satisfies Record<string, Bilingual>;

export type Confidence = keyof typeof confidences;
