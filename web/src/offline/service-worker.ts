/// <reference lib="webworker" />
import { whatToKeep } from './what-to-keep';
import type { ReadWithoutWorker } from './worker-messages';

declare const self: ServiceWorkerGlobalScope;
/** Put in by the build: the files that the page needs before anything is shown. */
declare const __SHELL_FILES__: readonly string[];

const SHELL = 'yukimichi-shell';
const VIEW = 'yukimichi-view';
const TILES = 'yukimichi-tiles';
/** About 20 MB; the oldest go first. */
const MOST_TILES = 400;
/** A page that waits longer for its server shows what is kept. */
const PAGE_PATIENCE_MS = 4_000;

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldAssets().then(() => self.clients.claim()));
});

self.addEventListener('message', ({ data }) => {
  const message = data as Partial<ReadWithoutWorker> | null;
  if (message?.kind === 'read-without-worker') void Promise.all((message.urls ?? []).map((url) => keepRead(url)));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  // An officer's: it holds names, and what is no longer so must not look as if it were.
  if (request.headers.has('yukimichi-manager')) return;
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return;
  const keeping = whatToKeep(request.url);
  if (keeping.kind === 'none') return;
  event.respondWith(answer(event, keeping));
});

async function answer({ request }: FetchEvent, keeping: ReturnType<typeof whatToKeep>): Promise<Response> {
  switch (keeping.kind) {
    case 'asset':
      // Its name changes with its content.
      return (await caches.match(request.url)) ?? fetchAndKeep(request, SHELL, request.url);
    case 'tile':
      return fetchElseKept(request, TILES, request.url);
    case 'shell':
      return fetchElseKept(request, SHELL, keeping.as, PAGE_PATIENCE_MS);
    case 'view':
      return fetchElseKept(request, VIEW, keeping.as);
    case 'none':
      return fetch(request);
  }
}

async function fetchElseKept(request: Request, cache: string, as: string, patienceMs?: number): Promise<Response> {
  const fetched = fetchAndKeep(request, cache, as);
  const kept = async () => (await caches.open(cache)).match(as);
  try {
    if (patienceMs === undefined) return await fetched;
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), patienceMs));
    const answered = await Promise.race([fetched, late]);
    return answered ?? (await kept()) ?? (await fetched);
  } catch (error) {
    const last = await kept();
    if (last === undefined) throw error;
    return last;
  }
}

async function fetchAndKeep(request: Request, cache: string, as: string): Promise<Response> {
  const response = await fetch(request);
  if (response.ok) await keep(cache, as, response.clone());
  return response;
}

async function keep(name: string, as: string, response: Response): Promise<void> {
  try {
    const cache = await caches.open(name);
    if (name === TILES) {
      // Keys come in the order in which they were put.
      await cache.delete(as);
      const keys = await cache.keys();
      await Promise.all(keys.slice(0, Math.max(0, keys.length + 1 - MOST_TILES)).map((key) => cache.delete(key)));
    }
    await cache.put(as, response);
  } catch (error) {
    // A full disk must not keep the answer from the page.
    console.warn('not kept for offline use', as, error);
  }
}

async function keepRead(url: string): Promise<void> {
  const keeping = whatToKeep(url);
  const request = new Request(url);
  if (keeping.kind === 'tile') await fetchAndKeep(request, TILES, url);
  else if (keeping.kind === 'asset') await fetchAndKeep(request, SHELL, url);
  else if (keeping.kind === 'view') await fetchAndKeep(request, VIEW, keeping.as);
}

async function keepShell(): Promise<void> {
  const cache = await caches.open(SHELL);
  await cache.addAll(['/', ...__SHELL_FILES__]);
}

async function dropOldAssets(): Promise<void> {
  const cache = await caches.open(SHELL);
  const present = new Set(__SHELL_FILES__);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/assets/') && !present.has(pathname)) await cache.delete(request);
  }
}
