import type { LegendAge } from '../api/style';
import type { Text } from '../language';

const HOUR_MIN = 60;
const DAY_MIN = 24 * HOUR_MIN;

/** The served words, with easy ones from the step's own bound. */
export function ageLabel({ ja, en, below_min }: LegendAge): Text {
  if (below_min === null) return { ja, en, easy: 'もっと 前' };
  const easy = below_min <= DAY_MIN ? `${below_min / HOUR_MIN}時間より 新しい` : `${below_min / DAY_MIN}日より 新しい`;
  return { ja, en, easy };
}
