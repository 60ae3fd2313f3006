import type { Text } from '../language';

export const hereMessages = {
  here: { ja: '現在地', en: 'My location', easy: '今 いる ところ' },
  asking: { ja: '現在地を確認中…', en: 'Finding your location…', easy: '今 いる ところを しらべています…' },
  found: { ja: '現在地を表示しました', en: 'Your location is shown', easy: '今 いる ところを 出しました' },
  denied: {
    ja: '位置情報の利用が許可されていません。ブラウザーの設定で許可してください。',
    en: 'Location is not allowed. Please allow it in the browser’s settings.',
    easy: '今 いる ところを 見る ことが できません。ブラウザーで 「ゆるす」に してください。',
  },
  unavailable: {
    ja: '現在地を確認できません',
    en: 'Your location cannot be found',
    easy: '今 いる ところが わかりません',
  },
} as const satisfies Record<string, Text>;

export interface HerePosition {
  readonly lon: number;
  readonly lat: number;
  readonly accuracyM: number;
}

type HereState = 'idle' | 'asking' | 'found' | 'denied' | 'unavailable';

const WITHIN_MS = 15_000;
const GOOD_FOR_MS = 30_000;

/** Where the reader is. Nothing is asked before a tap, and it never leaves the device. */
export class Here {
  state: HereState = $state('idle');
  position: HerePosition | null = $state.raw(null);

  async find(): Promise<HerePosition | null> {
    if (!('geolocation' in navigator)) {
      this.state = 'unavailable';
      return null;
    }
    this.state = 'asking';
    return new Promise((resolve) => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          this.position = { lon: coords.longitude, lat: coords.latitude, accuracyM: coords.accuracy };
          this.state = 'found';
          resolve(this.position);
        },
        (error) => {
          this.state = error.code === error.PERMISSION_DENIED ? 'denied' : 'unavailable';
          resolve(null);
        },
        { enableHighAccuracy: true, timeout: WITHIN_MS, maximumAge: GOOD_FOR_MS },
      );
    });
  }
}
