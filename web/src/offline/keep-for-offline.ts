import type { ReadWithoutWorker } from './worker-messages';

/** Has the browser keep this page and what it has shown, where it can. */
export function keepForOffline(): void {
  if (!('serviceWorker' in navigator)) return;
  const workers = navigator.serviceWorker;
  const isFirstVisit = workers.controller === null;
  workers.register('/sw.js').catch((error: unknown) => console.warn('no offline view', error));
  if (isFirstVisit) workers.addEventListener('controllerchange', () => tellWhatPassedBy(workers), { once: true });
}

/** What was asked for before the worker took over it has not seen, even where the answer comes later. */
function tellWhatPassedBy(workers: ServiceWorkerContainer): void {
  const takenOverAt = performance.now();
  const tell = (urls: readonly string[]) => {
    const message: ReadWithoutWorker = { kind: 'read-without-worker', urls };
    if (urls.length > 0) workers.controller?.postMessage(message);
  };
  const observer = new PerformanceObserver((list) =>
    tell(
      list
        .getEntries()
        .filter(({ name, startTime }) => startTime <= takenOverAt && new URL(name).origin === location.origin)
        .map(({ name }) => name),
    ),
  );
  observer.observe({ type: 'resource', buffered: true });
}
