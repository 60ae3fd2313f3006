import { addProtocol, type RequestTransformFunction } from 'maplibre-gl';

const PROTOCOL = 'stale-ok';

/**
 * Fetches tiles such that a road once drawn stays drawn while the server is out of reach: MapLibre
 * drops a tile whose refresh fails, and never asks again.
 */
let changesAreHeard = false;

/** While changes are announced no tile is asked for again by its age alone. */
export function tilesAreAnnounced(areAnnounced: boolean): void {
  changesAreHeard = areAnnounced;
}

export function addStaleOkProtocol(): void {
  addProtocol(PROTOCOL, async ({ url }, abort) => {
    const address = url.slice(`${PROTOCOL}://`.length);
    const response = await fetchOrLastKnown(address, abort.signal);
    if (response.status === 404) throw Object.assign(new Error(`no tile ${address}`), { status: 404 });
    const header = (name: string) => response.headers.get(name) ?? '';
    const data = await response.arrayBuffer();
    if (changesAreHeard) return { data, etag: header('etag') };
    return { data, cacheControl: header('cache-control'), expires: header('expires'), etag: header('etag') };
  });
}

async function fetchOrLastKnown(address: string, signal: AbortSignal): Promise<Response> {
  try {
    const response = await fetch(address, { signal, cache: cacheMode() });
    if (response.ok || response.status === 404) return response;
  } catch (error) {
    if (signal.aborted) throw error;
  }
  // The browser's cache still holds the expired answer; its max-age makes MapLibre ask again soon.
  const lastKnown = await fetch(address, { signal, cache: 'force-cache' });
  if (!lastKnown.ok) throw new Error(`HTTP ${lastKnown.status} for ${address}`);
  return lastKnown;
}

/** Nobody sees a hidden page's colours, but MapLibre's timers go on. What was announced as changed is not taken from the browser's cache, however fresh it is there. */
function cacheMode(): RequestCache {
  if (document.hidden) return 'force-cache';
  return changesAreHeard ? 'no-cache' : 'default';
}

export function throughStaleOk(tilesPath: string): RequestTransformFunction {
  return (url, resourceType) => {
    const isRoadTile = resourceType === 'Tile' && new URL(url, location.href).pathname.startsWith(tilesPath);
    return { url: isRoadTile ? `${PROTOCOL}://${url}` : url };
  };
}
