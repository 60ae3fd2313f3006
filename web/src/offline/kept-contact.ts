import { readSetting, writeSetting } from '../settings/device-settings';

/** The last answer of the server, in its time and in the device's. */
export interface KeptContact {
  readonly serverMs: number;
  readonly deviceMs: number;
}

const SETTING = 'last-contact';

export function keepContact({ serverMs, deviceMs }: KeptContact): void {
  writeSetting(SETTING, `${Math.round(serverMs)}/${Math.round(deviceMs)}`);
}

export function keptContact(): KeptContact | null {
  const [serverMs, deviceMs] = (readSetting(SETTING) ?? '').split('/').map(Number);
  if (!serverMs || !deviceMs) return null;
  return { serverMs, deviceMs };
}
