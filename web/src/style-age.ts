/** The style holds the server's present minute as a literal, so ages move on with each new one. */
const GOOD_FOR_SERVER_MS = 60_000;

/** `ageMs` is the device's; the server's time may run faster, as in a simulated night. */
export function styleIsDue(ageMs: number, serverClockRate: number): boolean {
  const deviceClockWasSetBack = ageMs < 0;
  return deviceClockWasSetBack || ageMs * Math.max(1, serverClockRate) >= GOOD_FOR_SERVER_MS;
}
