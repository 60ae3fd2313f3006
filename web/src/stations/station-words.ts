import type { QualityFlag } from '../api/stations';
import type { Text } from '../language';

export const qualityFlags = {
  pass: { ja: '正常', en: 'Good', easy: 'だいじょうぶ' },
  suspect: { ja: '参考値', en: 'Suspect', easy: 'たしかでは ない' },
  fail: { ja: '異常値', en: 'Not to be used', easy: 'つかえない' },
  missing: { ja: '欠測', en: 'Missing', easy: 'データなし' },
} as const satisfies Record<QualityFlag, Text>;

export const stationMessages = {
  title: { ja: '積雪の観測所', en: 'Snow stations', easy: '雪を はかる ところ' },
  loading: { ja: '観測値を確認中…', en: 'Asking for readings…', easy: '雪の 高さを しらべています…' },
  failed: { ja: '観測値を取得できません', en: 'Readings cannot be fetched', easy: '雪の 高さが わかりません' },
  none: {
    ja: '表示範囲に観測所はありません',
    en: 'No station in view',
    easy: 'ここに 雪を はかる ところは ありません',
  },
  depth: { ja: '積雪深', en: 'Snow depth', easy: '雪の 高さ' },
  noReading: { ja: '観測値なし', en: 'No reading', easy: 'データなし' },
  lastGood: { ja: '直近の有効値', en: 'Last good value', easy: 'さいごの たしかな 高さ' },
  rising: { ja: '増加', en: 'Rising', easy: 'ふえています' },
  steady: { ja: '横ばい', en: 'Steady', easy: 'かわりません' },
  falling: { ja: '減少', en: 'Falling', easy: 'へっています' },
  trendUnknown: { ja: '変化は不明', en: 'Trend not known', easy: 'ふえたか わかりません' },
  elevation: { ja: '標高', en: 'Elevation', easy: '高さ' },
  temperature: { ja: '気温', en: 'Temperature', easy: '外の おんど' },
} as const satisfies Record<string, Text>;

/** Less than gauges err by is no change. */
const STEADY_BELOW_CM_PER_HOUR = 0.5;

export type Trend = 'rising' | 'steady' | 'falling';

export function trendOf(cmPerHour: number): Trend {
  if (Math.abs(cmPerHour) < STEADY_BELOW_CM_PER_HOUR) return 'steady';
  return cmPerHour > 0 ? 'rising' : 'falling';
}

export const TREND_ARROWS: Readonly<Record<Trend, string>> = { rising: '↑', steady: '→', falling: '↓' };
