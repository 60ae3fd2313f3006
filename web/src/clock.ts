/**
 * The server's time on a device whose own clock may be wrong. It is set anew at each answer, since
 * a simulated night may run faster than the device's clock.
 */
export class ServerClock {
  readonly #deviceNowMs: () => number;
  #offsetMs = 0;
  #rate = 1;
  #lastAnswer: { readonly serverMs: number; readonly deviceMs: number } | null = null;

  constructor(deviceNowMs: () => number) {
    this.#deviceNowMs = deviceNowMs;
  }

  /** `sentMs` and `receivedMs` are the device's; the answer is taken to stem from half way between. */
  set(serverNowMs: number, sentMs: number, receivedMs: number): void {
    const deviceMs = (sentMs + receivedMs) / 2;
    if (this.#lastAnswer !== null && deviceMs > this.#lastAnswer.deviceMs) {
      this.#rate = (serverNowMs - this.#lastAnswer.serverMs) / (deviceMs - this.#lastAnswer.deviceMs);
    }
    this.#lastAnswer = { serverMs: serverNowMs, deviceMs };
    this.#offsetMs = serverNowMs - deviceMs;
  }

  nowMs(): number {
    return this.#deviceNowMs() + this.#offsetMs;
  }

  /** How many of the server's seconds pass in one of the device's, between the last two answers. */
  get rate(): number {
    return this.#rate;
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }
}
