import { addProtocol, type RequestTransformFunction } from 'maplibre-gl';

const PROTOCOL = 'stale-ok';

/**
 * Fetches tiles such that a road once drawn stays drawn while the server is out of reach: MapLibre
 * drops a tile whose refresh fails, and never asks again.
 */
export function addStaleOkProtocol(): void {
  addProtocol(PROTOCOL, async ({ url }, abort) => {
    const address = url.slice(`${PROTOCOL}://`.length);
    const response = await fetchOrLastKnown(address, abort.signal);
    if (response.status === 404) throw Object.assign(new Error(`no tile ${address}`), { status: 404 });
    const header = (name: string) => response.headers.get(name) ?? '';
    return {
      data: await response.arrayBuffer(),
      cacheControl: header('cache-control'),
      expires: header('expires'),
      etag: header('etag'),
    };
  });
}

async function fetchOrLastKnown(address: string, signal: AbortSignal): Promise<Response> {
  try {
    // Nobody sees a hidden page's colours, but MapLibre's timers go on.
    const response = await fetch(address, { signal, cache: document.hidden ? 'force-cache' : 'default' });
    if (response.ok || response.status === 404) return response;
  } catch (error) {
    if (signal.aborted) throw error;
  }
  // The browser's cache still holds the expired answer; its max-age makes MapLibre ask again soon.
  const lastKnown = await fetch(address, { signal, cache: 'force-cache' });
  if (!lastKnown.ok) throw new Error(`HTTP ${lastKnown.status} for ${address}`);
  return lastKnown;
}

export function throughStaleOk(tilesPath: string): RequestTransformFunction {
  return (url, resourceType) => {
    const isRoadTile = resourceType === 'Tile' && new URL(url, location.href).pathname.startsWith(tilesPath);
    return { url: isRoadTile ? `${PROTOCOL}://${url}` : url };
  };
}
