import type { Text } from '../language';

export type Tool = 'search' | 'roads' | 'stations' | 'feeds' | 'settings';

export const toolbarMessages = {
  label: { ja: '操作', en: 'Tools', easy: 'できること' },
  search: { ja: '検索', en: 'Search', easy: 'さがす' },
  roads: { ja: '一覧', en: 'List', easy: '道の リスト' },
  stations: { ja: '積雪', en: 'Snow', easy: '雪の 高さ' },
  feeds: { ja: '情報源', en: 'Sources', easy: 'データ' },
  settings: { ja: '設定', en: 'Display', easy: '見かた' },
} as const satisfies Record<Tool | 'label', Text>;
