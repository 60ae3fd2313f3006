import { getStyle, type ServedStyle } from './api/style';
import { minuteOf, styleAtMinute } from './map/style-at-minute';
import { toldApart } from './map/told-apart';
import { startPoll } from './poll';

/** What else the style tells changes with the server's configuration or its network only. */
const INTERVAL_MS = 10 * 60_000;
const RETRY_MS = 5_000;
/** However fast the server's time runs, as in a simulated night, all ages are drawn anew no more often than this. */
const LEAST_STEP_MS = 6_000;

/** The style of the map, whose ages move on with the server's minutes. */
export class StyleWatch {
  style: ServedStyle | null = $state.raw(null);

  readonly #serverNowMs: () => number | null;
  #served: ServedStyle | null = null;

  /** `serverNowMs` is null until the server's time is known. */
  constructor(serverNowMs: () => number | null) {
    this.#serverNowMs = serverNowMs;
  }

  start(): () => void {
    const poll = startPoll(() => this.#fetch(), { intervalMs: INTERVAL_MS, retryMs: RETRY_MS, page: document });
    const ticker = setInterval(() => this.#moveOn(), LEAST_STEP_MS);
    return () => {
      poll.stop();
      clearInterval(ticker);
    };
  }

  async #fetch(): Promise<void> {
    this.#served = toldApart(await getStyle());
    this.style = this.#served;
  }

  #moveOn(): void {
    const nowMs = this.#serverNowMs();
    if (document.hidden || this.#served === null || this.style === null || nowMs === null) return;
    const minute = minuteOf(nowMs);
    if (minute === minuteOf(Date.parse(this.style.metadata['yukimichi:now']))) return;
    this.style = styleAtMinute(this.#served, minute);
  }
}
