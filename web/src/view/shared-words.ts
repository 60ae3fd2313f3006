import type { Text } from '../language';

export const sharedMessages = {
  copy: { ja: 'この表示へのリンクをコピー', en: 'Copy a link to this view', easy: 'この 画面（がめん）の リンクを コピーする' },
  copied: { ja: 'コピーしました', en: 'Copied', easy: 'コピーしました' },
  copyFailed: {
    ja: 'コピーできません。アドレス欄からコピーしてください。',
    en: 'Cannot copy. Please copy the address.',
    easy: 'コピーできません。上の アドレスを コピーして ください。',
  },
  madeAt: { ja: 'このリンクが作られた時刻', en: 'This link was made at', easy: 'リンクを 作った 時間' },
  shownIsNow: {
    ja: '表示しているのは現在の状況です',
    en: 'What is shown is the present state',
    easy: '今の ようすを 出しています',
  },
} as const satisfies Record<string, Text>;
