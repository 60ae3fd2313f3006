import type { Text } from '../language';
import type { PlaceKind } from './find-places';

export const placeKinds = {
  road: { ja: '道路', en: 'Road', easy: '道' },
  station: { ja: '観測所', en: 'Station', easy: '雪を はかる ところ' },
} as const satisfies Record<PlaceKind, Text>;

export const searchMessages = {
  title: { ja: '検索', en: 'Search', easy: 'さがす' },
  label: {
    ja: '道路名・路線番号・観測所名',
    en: 'Name or number of a road, or a station',
    easy: '道の 名前や ばんごう',
  },
  loadedOnly: {
    ja: 'サーバーに接続できないため、地図に読み込まれている範囲だけを探しています',
    en: 'Without the server only what the map has loaded is searched',
    easy: 'サーバーに つながりません。今の 地図の 中だけ さがしています',
  },
  none: { ja: '見つかりません', en: 'Nothing found', easy: '見つかりません' },
  found: { ja: '件', en: 'found', easy: 'こ ありました' },
} as const satisfies Record<string, Text>;
