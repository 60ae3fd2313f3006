import type { Text } from './language';

// Japan has kept UTC+9 without daylight saving since 1952, so no time zone data is needed.
const JST_OFFSET_MS = 9 * 3_600_000;
const ENGLISH_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

interface JstParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function jstParts(unixMs: number): JstParts {
  const shifted = new Date(unixMs + JST_OFFSET_MS);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
  };
}

const twoDigits = (value: number) => String(value).padStart(2, '0');

export function jstTime(unixMs: number): string {
  const { hour, minute } = jstParts(unixMs);
  return `${twoDigits(hour)}:${twoDigits(minute)}`;
}

export function jstTimeWithSeconds(unixMs: number): string {
  return `${jstTime(unixMs)}:${twoDigits(jstParts(unixMs).second)}`;
}

/** The date where it is not today's in Japan, the year where it is not this one; null for today. */
export function jstDateUnlessToday(unixMs: number, nowMs: number): Text | null {
  const then = jstParts(unixMs);
  const now = jstParts(nowMs);
  const sameYear = then.year === now.year;
  if (sameYear && then.month === now.month && then.day === now.day) return null;
  const englishMonth = ENGLISH_MONTHS[then.month - 1];
  const ja = `${sameYear ? '' : `${then.year}年`}${then.month}月${then.day}日`;
  return {
    ja,
    easy: ja,
    en: `${then.day} ${englishMonth}${sameYear ? '' : ` ${then.year}`}`,
  };
}

export function jstMoment(unixMs: number, nowMs: number): Text {
  const time = jstTime(unixMs);
  const date = jstDateUnlessToday(unixMs, nowMs);
  if (date === null) return { ja: time, en: time, easy: time };
  return { ja: `${date.ja} ${time}`, en: `${date.en} ${time}`, easy: `${date.easy} ${time}` };
}
