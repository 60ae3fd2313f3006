/** What the server announces: which tiles (at zoom 14) have changed, or that all must be loaded anew. */
export interface Changes {
  readonly tiles: readonly string[];
  readonly all: boolean;
}

export interface EventWatchOptions {
  /** Resolves once they are shown: before that no others are announced, so that a slow device comes to rest between them. */
  readonly onChanges: (changes: Changes) => Promise<void>;
  /** Whether changes are heard of; while they are not, tiles are asked for again as they expire. */
  readonly onOpen: (isOpen: boolean) => void;
}

/** Changes are gathered for this long, for what takes a phone longer to draw than the server to say. */
const GATHER_MS = 2_000;
/** After an answer that the browser does not try again by itself. */
const REOPEN_MS = 10_000;

/** Listens to `/api/v1/events` while the page can be seen. */
export class EventWatch {
  readonly #options: EventWatchOptions;
  #source: EventSource | null = null;
  #reopening: ReturnType<typeof setTimeout> | undefined;
  #gathering = false;
  #tiles = new Set<string>();
  #all = false;
  #wasOpen = false;

  constructor(options: EventWatchOptions) {
    this.#options = options;
  }

  start(): () => void {
    const onVisibility = () => (document.hidden ? this.#close() : this.#open());
    document.addEventListener('visibilitychange', onVisibility);
    if (!document.hidden) this.#open();
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      this.#close();
    };
  }

  #open(): void {
    if (this.#source !== null) return;
    const source = new EventSource('/api/v1/events');
    this.#source = source;
    source.addEventListener('open', () => {
      // Nothing tells what has changed while nobody listened, but for reconnects with a last id.
      if (!this.#wasOpen) this.#take({ tiles: [], all: true });
      this.#wasOpen = true;
      this.#options.onOpen(true);
    });
    source.addEventListener('status', ({ data }: MessageEvent<string>) => this.#take({ tiles: tilesIn(data), all: false }));
    source.addEventListener('reset', () => this.#take({ tiles: [], all: true }));
    source.addEventListener('error', () => {
      this.#options.onOpen(false);
      if (source.readyState !== EventSource.CLOSED) return;
      this.#close();
      this.#reopening = setTimeout(() => this.#open(), REOPEN_MS);
    });
  }

  #close(): void {
    clearTimeout(this.#reopening);
    this.#source?.close();
    this.#source = null;
    this.#wasOpen = false;
    this.#options.onOpen(false);
  }

  #take({ tiles, all }: Changes): void {
    tiles.forEach((tile) => this.#tiles.add(tile));
    this.#all ||= all;
    if (this.#gathering) return;
    this.#gathering = true;
    setTimeout(() => void this.#tell(), GATHER_MS);
  }

  async #tell(): Promise<void> {
    const changes = { tiles: [...this.#tiles], all: this.#all };
    this.#tiles = new Set();
    this.#all = false;
    await this.#options.onChanges(changes);
    this.#gathering = false;
    if (this.#all || this.#tiles.size > 0) this.#take({ tiles: [], all: false });
  }
}

function tilesIn(data: string): string[] {
  try {
    const { tiles } = JSON.parse(data) as { tiles?: unknown };
    return Array.isArray(tiles) ? tiles.filter((tile) => typeof tile === 'string') : [];
  } catch {
    return [];
  }
}
