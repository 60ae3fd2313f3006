import { getStyle, type ServedStyle } from './api/style';
import { toldApart } from './map/told-apart';
import { startPoll } from './poll';
import { styleIsDue } from './style-age';

/** However fast the server's time runs, the style is asked for no more often than this. */
const LEAST_INTERVAL_MS = 6_000;
const RETRY_MS = 5_000;

export class StyleWatch {
  style: ServedStyle | null = $state.raw(null);

  readonly #serverClockRate: () => number;
  #askedMs = -Infinity;

  constructor(serverClockRate: () => number) {
    this.#serverClockRate = serverClockRate;
  }

  start(): () => void {
    const poll = startPoll(() => this.#refresh(), { intervalMs: LEAST_INTERVAL_MS, retryMs: RETRY_MS, page: document });
    return () => poll.stop();
  }

  async #refresh(): Promise<void> {
    const nowMs = Date.now();
    if (!styleIsDue(nowMs - this.#askedMs, this.#serverClockRate())) return;
    this.style = toldApart(await getStyle());
    this.#askedMs = nowMs;
  }
}
