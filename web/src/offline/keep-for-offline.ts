import type { ReadWithoutWorker } from './worker-messages';

/** Has the browser keep this page and what it has shown, where it can. */
export function keepForOffline(): void {
  if (!('serviceWorker' in navigator)) return;
  const workers = navigator.serviceWorker;
  const firstVisit = workers.controller === null;
  workers.register('/sw.js').catch((error: unknown) => console.warn('no offline view', error));
  if (!firstVisit) return;
  // What was fetched before the worker took over passed it by.
  workers.addEventListener('controllerchange', () => {
    const urls = performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter((url) => new URL(url).origin === location.origin);
    const message: ReadWithoutWorker = { kind: 'read-without-worker', urls: [location.href, ...urls] };
    workers.controller?.postMessage(message);
  }, { once: true });
}
