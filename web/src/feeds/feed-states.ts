import type { FeedState } from '../api/feeds';
import type { Bilingual } from '../language';

export const feedStates: Readonly<Record<FeedState, Bilingual>> = {
  fresh: { ja: '受信中', en: 'Live' },
  late: { ja: '遅れ', en: 'Late' },
  silent: { ja: '途絶', en: 'Silent' },
  never: { ja: '未受信', en: 'Never heard' },
};
