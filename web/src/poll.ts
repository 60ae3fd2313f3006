export interface Poll {
  runNow(): void;
  stop(): void;
}

export interface PollOptions {
  readonly intervalMs: number;
  readonly retryMs: number;
  readonly page: Pick<Document, 'hidden' | 'addEventListener' | 'removeEventListener'>;
}

/**
 * Runs a task at once and then again `intervalMs` after each end, only while the page can be seen,
 * and at once when it is seen again. A rejected task is tried again after `retryMs`.
 */
export function startPoll(task: () => Promise<void>, { intervalMs, retryMs, page }: PollOptions): Poll {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let stopped = false;

  const run = async () => {
    clearTimeout(timer);
    if (running || stopped || page.hidden) return;
    running = true;
    let waitMs = intervalMs;
    try {
      await task();
    } catch {
      waitMs = retryMs;
    }
    running = false;
    if (!stopped && !page.hidden) timer = setTimeout(run, waitMs);
  };
  const onVisibility = () => (page.hidden ? clearTimeout(timer) : void run());

  page.addEventListener('visibilitychange', onVisibility);
  void run();
  return {
    runNow: () => void run(),
    stop() {
      stopped = true;
      clearTimeout(timer);
      page.removeEventListener('visibilitychange', onVisibility);
    },
  };
}
