import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

/** @typedef {import('playwright-core').Page} Page */

const PACKAGES = join(import.meta.dirname, '../../node_modules');

const PAGE = `<!doctype html>
<html lang="ja">
  <meta charset="utf-8">
  <title>PMTiles</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/maplibre-gl.css">
  <style>html, body, #map { height: 100%; margin: 0 } input { position: absolute; z-index: 1 }</style>
  <input type="file" id="file">
  <div id="map"></div>
  <script src="/pmtiles.js"></script>
  <script type="module">
    import * as maplibregl from '/maplibre-gl.mjs';
    maplibregl.setWorkerUrl('/maplibre-gl-worker.mjs');
    const protocol = new pmtiles.Protocol({ metadata: true });
    maplibregl.addProtocol('pmtiles', protocol.tile);
    const map = new maplibregl.Map({ container: 'map', style: { version: 8, sources: {}, layers: [] } });
    Object.assign(window, { maplibregl, map, protocol });
    map.once('load', () => document.body.classList.add('ready'));
  </script>
</html>
`;

/** @type {Readonly<Record<string, string>>} */
const TYPES = { css: 'text/css', js: 'text/javascript', mjs: 'text/javascript' };

/** A page with MapLibre and the PMTiles protocol, that knows nothing of the server. */
export async function serveOfflinePage() {
  const server = createServer(async (request, response) => {
    const name = /^\/([a-z-]+\.(css|js|mjs))$/.exec(request.url ?? '');
    if (request.url === '/') return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
    if (name === null) return void response.writeHead(404).end();
    const folder = name[1] === 'pmtiles.js' ? 'pmtiles/dist' : 'maplibre-gl/dist';
    response
      .writeHead(200, { 'content-type': TYPES[String(name[2])] ?? '' })
      .end(await readFile(join(PACKAGES, folder, String(name[1]))));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * Shows the chosen file in a style's roads; what it says of itself and the roads that are drawn.
 * @param {Page} page
 * @param {any} style
 */
export function showFile(page, style) {
  return page.evaluate(async (given) => {
    const { map, maplibregl, pmtiles, protocol } = /** @type {any} */ (window);
    const input = /** @type {HTMLInputElement} */ (document.getElementById('file'));
    const file = /** @type {File} */ (input.files?.[0]);
    const archive = new pmtiles.PMTiles(new pmtiles.FileSource(file));
    protocol.add(archive);
    const { minZoom, maxZoom, minLon, minLat, maxLon, maxLat } = await archive.getHeader();
    map.fitBounds([minLon, minLat, maxLon, maxLat], { animate: false });
    map.setStyle({
      ...given,
      sources: { roads: { type: 'vector', url: `pmtiles://${file.name}` } },
      layers: given.layers.filter((/** @type {any} */ layer) => layer.source === undefined || layer.source === 'roads'),
    });
    map.addControl(new maplibregl.AttributionControl({ compact: false }));
    await new Promise((idle) => map.once('idle', idle));
    const features = map.queryRenderedFeatures({ layers: ['roads-hit'] });
    return {
      minZoom,
      maxZoom,
      attribution: document.querySelector('.maplibregl-ctrl-attrib-inner')?.textContent ?? '',
      metadata: await archive.getMetadata(),
      features: features.map((/** @type {any} */ { id, properties }) => ({ id, properties })),
    };
  }, style);
}
