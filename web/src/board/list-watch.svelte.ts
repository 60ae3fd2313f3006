import { Problem } from '../api/problem';
import { startPoll, type Poll } from '../poll';
import type { BoardSession } from './session/board-session.svelte';

const TIMEOUT_MS = 10_000;
const RETRY_MS = 4_000;
/** A server without the interface may be a newer one some day. */
const MISSING_AGAIN_MS = 300_000;

/**
 * - `not-available`: this server has no such interface;
 * - `unreachable`: no answer now; what was answered before is still there, with its time.
 */
export type WatchState = 'loading' | 'ready' | 'not-available' | 'unreachable';

/** An answer of the server that is asked for again and again, for as long as somebody looks. */
export class ListWatch<Answer> {
  answer: Answer | null = $state.raw(null);
  state: WatchState = $state('loading');
  /** On the device's clock. */
  answeredMs: number | null = $state(null);

  readonly #path: () => string;
  readonly #session: () => BoardSession;
  readonly #intervalMs: number;
  #poll: Poll | null = null;
  #missingUntilMs = 0;

  constructor(path: () => string, session: () => BoardSession, intervalMs: number) {
    this.#path = path;
    this.#session = session;
    this.#intervalMs = intervalMs;
  }

  /** Begins anew: what was another road manager's is not shown as this one's. */
  start(): () => void {
    [this.answer, this.state, this.answeredMs] = [null, 'loading', null];
    this.#poll = startPoll(() => this.#ask(), { intervalMs: this.#intervalMs, retryMs: RETRY_MS, page: document });
    return () => this.#poll?.stop();
  }

  askNow(): void {
    this.#poll?.runNow();
  }

  async #ask(): Promise<void> {
    if (Date.now() < this.#missingUntilMs) return;
    const path = this.#path();
    try {
      const response = await fetch(path, {
        cache: 'no-store',
        headers: { accept: 'application/json', ...this.#session().headers() },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) throw await Problem.of(response);
      const answer = (await response.json()) as Answer;
      // Asked for another road manager meanwhile: the next answer counts.
      if (path !== this.#path()) return this.#ask();
      this.answer = answer;
      this.answeredMs = Date.now();
      this.state = 'ready';
    } catch (error) {
      const missing = error instanceof Problem && (error.status === 404 || error.status === 405);
      this.state = missing ? 'not-available' : 'unreachable';
      if (missing) this.#missingUntilMs = Date.now() + MISSING_AGAIN_MS;
      // The session is over: the page asks for the password again.
      if (error instanceof Problem && error.status === 401) await this.#session().ask();
      throw error;
    }
  }
}
