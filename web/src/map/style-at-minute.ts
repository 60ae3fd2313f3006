import type { ServedStyle } from '../api/style';

const MINUTE_MS = 60_000;

export function minuteOf(unixMs: number): number {
  return Math.floor(unixMs / MINUTE_MS);
}

/**
 * The served style as it would be served at another minute. It holds the minute of its serving as a
 * literal, from which ages are counted; a page that knows the time need not fetch it each minute.
 */
export function styleAtMinute(served: ServedStyle, minute: number): ServedStyle {
  const servedMinute = minuteOf(Date.parse(served.metadata['yukimichi:now']));
  if (servedMinute === minute) return served;
  // An age is this minute less a time: no other number stands first in a difference.
  const moved = JSON.stringify(served).replaceAll(`["-",${servedMinute},`, `["-",${minute},`);
  const style = JSON.parse(moved) as ServedStyle;
  return { ...style, metadata: { ...style.metadata, 'yukimichi:now': new Date(minute * MINUTE_MS).toISOString() } };
}
