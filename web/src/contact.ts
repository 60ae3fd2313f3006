export const CONTACT_DELAYED_AFTER_MS = 35_000;
export const CONTACT_LOST_AFTER_MS = 10 * 60_000;

/** `none` until the first answer; `lost` is when nothing on the map may be trusted any longer. */
export type Contact = 'none' | 'good' | 'delayed' | 'lost';

/** Both times are the device's own: how long it has heard nothing does not depend on what hour it is. */
export function contactAt(lastContactDeviceMs: number | null, deviceNowMs: number): Contact {
  if (lastContactDeviceMs === null) return 'none';
  const silenceMs = deviceNowMs - lastContactDeviceMs;
  if (silenceMs >= CONTACT_LOST_AFTER_MS) return 'lost';
  return silenceMs >= CONTACT_DELAYED_AFTER_MS ? 'delayed' : 'good';
}
