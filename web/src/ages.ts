import type { Text } from './language';

const MINUTE_MS = 60_000;
const HOUR_MIN = 60;
const DAY_MIN = 24 * HOUR_MIN;

export interface AgeStep {
  /** The step's upper bound, exclusive; null for the last, which is open. */
  readonly below_min: number | null;
}

export function ageStepOf<Step extends AgeStep>(steps: readonly Step[], ageMin: number): Step | undefined {
  return steps.find((step) => step.below_min === null || ageMin < step.below_min);
}

/** Whole minutes; a moment ahead of `nowMs` counts as now, since the two clocks may differ by seconds. */
export function elapsedMin(sinceMs: number, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - sinceMs) / MINUTE_MS));
}

export function agoText(ageMin: number): Text {
  if (ageMin < 1) return { ja: 'たった今', en: 'just now', easy: '今' };
  if (ageMin < HOUR_MIN) return { ja: `${ageMin}分前`, en: `${ageMin} min ago`, easy: `${ageMin}分 前` };
  if (ageMin < DAY_MIN) {
    const hours = Math.floor(ageMin / HOUR_MIN);
    const minutes = ageMin % HOUR_MIN;
    return minutes === 0
      ? { ja: `${hours}時間前`, en: `${hours} h ago`, easy: `${hours}時間 前` }
      : { ja: `${hours}時間${minutes}分前`, en: `${hours} h ${minutes} min ago`, easy: `${hours}時間 ${minutes}分 前` };
  }
  const days = Math.floor(ageMin / DAY_MIN);
  const dayWord = days === 1 ? 'day' : 'days';
  const hours = Math.floor((ageMin % DAY_MIN) / HOUR_MIN);
  return hours === 0 || days >= 7
    ? { ja: `${days}日前`, en: `${days} ${dayWord} ago`, easy: `${days}日 前` }
    : { ja: `${days}日${hours}時間前`, en: `${days} ${dayWord} ${hours} h ago`, easy: `${days}日 ${hours}時間 前` };
}

/** For contacts with a server, where seconds matter. */
export function shortAgoText(sinceMs: number, nowMs: number): Text {
  const seconds = Math.max(0, Math.floor((nowMs - sinceMs) / 1000));
  if (seconds < 60) return { ja: `${seconds}秒前`, en: `${seconds} s ago`, easy: `${seconds}秒（びょう） 前` };
  return agoText(Math.floor(seconds / 60));
}
