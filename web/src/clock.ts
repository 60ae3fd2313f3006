/**
 * The server's time on a device whose own clock may be wrong. It is set anew at each answer, since
 * a simulated night may run faster than the device's clock.
 */
export class ServerClock {
  readonly #deviceNowMs: () => number;
  #offsetMs = 0;

  constructor(deviceNowMs: () => number) {
    this.#deviceNowMs = deviceNowMs;
  }

  /** `sentMs` and `receivedMs` are the device's; the answer is taken to stem from half way between. */
  set(serverNowMs: number, sentMs: number, receivedMs: number): void {
    const deviceMs = (sentMs + receivedMs) / 2;
    this.#offsetMs = serverNowMs - deviceMs;
  }

  nowMs(): number {
    return this.#deviceNowMs() + this.#offsetMs;
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }
}
