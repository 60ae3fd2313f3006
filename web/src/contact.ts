export const UNANSWERED_AFTER_MS = 15_000;
export const CONTACT_DELAYED_AFTER_MS = 35_000;
export const CONTACT_LOST_AFTER_MS = 10 * 60_000;

/**
 * `none` and then `unanswered` until the first answer; `lost` is when nothing on the map may be
 * trusted any longer.
 */
export type Contact = 'none' | 'unanswered' | 'good' | 'delayed' | 'lost';

/** In the device's own time: how long it has heard nothing does not depend on what hour it is. */
export interface Hearing {
  /** Since when the server has been asked; null before that. */
  readonly askedSinceMs: number | null;
  readonly lastContactMs: number | null;
}

export function contactAt({ askedSinceMs, lastContactMs }: Hearing, deviceNowMs: number): Contact {
  const silenceMs = deviceNowMs - (lastContactMs ?? askedSinceMs ?? deviceNowMs);
  if (silenceMs >= CONTACT_LOST_AFTER_MS) return 'lost';
  if (lastContactMs === null) return silenceMs >= UNANSWERED_AFTER_MS ? 'unanswered' : 'none';
  return silenceMs >= CONTACT_DELAYED_AFTER_MS ? 'delayed' : 'good';
}
