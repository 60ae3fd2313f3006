import { getStyle, type ServedStyle } from './api/style';
import { startPoll } from './poll';

/** The style holds the present minute as a literal, so ages move on with each new one. */
const REFRESH_MS = 60_000;
const RETRY_MS = 5_000;

export class StyleWatch {
  style: ServedStyle | null = $state.raw(null);

  start(): () => void {
    const poll = startPoll(async () => void (this.style = await getStyle()), {
      intervalMs: REFRESH_MS,
      retryMs: RETRY_MS,
      page: document,
    });
    return () => poll.stop();
  }
}
