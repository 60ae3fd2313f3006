import type { Text } from '../language';

export const listMessages = {
  title: { ja: '表示範囲の道路一覧', en: 'Roads in view', easy: '今 見ている 道' },
  explained: {
    ja: '状況の悪い順。選ぶと道路の状況を表示します。',
    en: 'Worst first. Choose one to see its status.',
    easy: '雪が のこっている 道が 上に あります。えらぶと ようすが 見られます。',
  },
  none: { ja: '表示範囲に道路はありません', en: 'No road in view', easy: 'ここに 道は ありません' },
  stretches: { ja: '区間', en: 'stretches', easy: 'こ' },
  more: {
    ja: 'さらに多くの道路があります。地図を拡大すると表示します。',
    en: 'There are more roads. Zoom in to list them.',
    easy: '道は もっと あります。地図を 大きくすると 出ます。',
  },
  work: { ja: 'これからの作業', en: 'Work ahead', easy: 'これから 雪を どける ところ' },
  workNone: {
    ja: '表示範囲に予定・出動指令の情報はありません',
    en: 'No planned or ordered work reported in view',
    easy: 'これからの データは ありません',
  },
} as const satisfies Record<string, Text>;
