import type { Text } from './language';

/** In the order of the tile layer's confidence digit. */
export const confidences = {
  seen: { ja: 'GPSで確認', en: 'Seen by GPS', easy: 'GPSで 見ました' },
  inferred: { ja: '前後の走行から推定', en: 'Inferred between positions', easy: '前と 後の うごきから 考えました' },
  weak: { ja: '確度が低い推定', en: 'Weak match', easy: 'あまり たしかでは ありません' },
  reported: { ja: '担当者の申告', en: 'Reported by a person', easy: '人から 聞きました' },
} as const satisfies Record<string, Text>;

export type Confidence = keyof typeof confidences;
