import { boxText, getList, type Box, type Fact } from '../api/lists';
import { startPoll, type Poll } from '../poll';

const RETRY_MS = 5_000;

/** What a list of the API holds for the map's view, asked for again as time and the view move on. */
export class ListWatch<Properties> {
  items: readonly Fact<Properties>[] = $state.raw([]);
  /** Whether `items` is an answer at all, so that an empty list is not taken for “there is none”. */
  answered = $state(false);
  failed = $state(false);

  readonly #path: string;
  readonly #intervalMs: number;
  readonly #query: () => Record<string, string>;
  #box: Box | null = null;
  #poll: Poll | null = null;

  constructor(path: string, intervalMs: number, query: () => Record<string, string> = () => ({})) {
    this.#path = path;
    this.#intervalMs = intervalMs;
    this.#query = query;
  }

  start(): () => void {
    this.#poll = startPoll(() => this.#ask(), { intervalMs: this.#intervalMs, retryMs: RETRY_MS, page: document });
    return () => this.#poll?.stop();
  }

  look(box: Box): void {
    this.#box = box;
    this.#poll?.runNow();
  }

  refresh(): void {
    this.#poll?.runNow();
  }

  async #ask(): Promise<void> {
    let asked: Box | null = null;
    // The view may have moved on while an answer was under way.
    while (this.#box !== null && this.#box !== asked) {
      asked = this.#box;
      try {
        this.items = await getList<Properties>(this.#path, { ...this.#query(), bbox: boxText(asked) });
        this.answered = true;
        this.failed = false;
      } catch (error) {
        this.failed = true;
        throw error;
      }
    }
  }
}
