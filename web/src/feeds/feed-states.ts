import type { FeedState } from '../api/feeds';
import type { Text } from '../language';

export const feedStates: Readonly<Record<FeedState, Text>> = {
  fresh: { ja: '受信中', en: 'Live', easy: '来ています' },
  late: { ja: '遅れ', en: 'Late', easy: 'おそいです' },
  silent: { ja: '途絶', en: 'Silent', easy: '来ていません' },
  never: { ja: '未受信', en: 'Never heard', easy: '一ども 来ていません' },
};
