import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

/** @typedef {import('playwright-core').Page} Page */

const PACKAGES = join(import.meta.dirname, '../../node_modules');

const PAGE = `<!doctype html>
<html lang="ja">
  <meta charset="utf-8">
  <title>OpenLayers</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/ol.css">
  <style>html, body, #map { height: 100%; margin: 0 }</style>
  <div id="map"></div>
  <script src="/ol.js"></script>
  <script src="/olms.js"></script>
</html>
`;

/** @type {Readonly<Record<string, readonly [type: string, body: () => Promise<string | Buffer>]>>} */
const FILES = {
  '/': ['text/html; charset=utf-8', async () => PAGE],
  '/ol.css': ['text/css', () => readFile(join(PACKAGES, 'ol/ol.css'))],
  '/ol.js': ['text/javascript', () => readFile(join(PACKAGES, 'ol/dist/ol.js'))],
  '/olms.js': ['text/javascript', () => readFile(join(PACKAGES, 'ol-mapbox-style/dist/olms.js'))],
};

/** A page of somebody else's, at an origin of its own. */
export async function serveOpenLayers() {
  const server = createServer(async (request, response) => {
    const file = FILES[request.url ?? ''];
    if (file === undefined) return void response.writeHead(404).end();
    const [type, body] = file;
    response.writeHead(200, { 'content-type': type }).end(await body());
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
 * Opens a style in it and waits until all that is in view is drawn.
 * @param {Page} page
 * @param {string} styleUrl
 */
export function openStyle(page, styleUrl) {
  return page.evaluate(async (url) => {
    const { ol, olms } = /** @type {any} */ (window);
    const map = await olms.apply('map', url);
    const style = map.get('mapbox-style');
    map.getView().fit(ol.proj.transformExtent(style.metadata['yukimichi:bounds'], 'EPSG:4326', 'EPSG:3857'), {
      padding: [20, 20, 20, 20],
    });
    await new Promise((drawn) => map.once('rendercomplete', drawn));
    Object.assign(window, { map });
  }, styleUrl);
}

/**
 * What has arrived and what of it is seen.
 * @param {Page} page
 */
export function whatIsShown(page) {
  return page.evaluate(() => {
    const { ol, map } = /** @type {any} */ (window);
    /** @type {any[]} */
    const layers = map.getAllLayers().filter((/** @type {any} */ layer) => layer.getSource() instanceof ol.source.VectorTile);
    const extent = map.getView().calculateExtent();
    const features = layers.flatMap((layer) => layer.getFeaturesInExtent(extent));
    /** @type {Record<string, number>} */
    const pixels = {};
    for (const canvas of document.querySelectorAll('canvas')) {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      for (let at = 0; at < data.length; at += 4) {
        const [red = 0, green = 0, blue = 0] = [data[at], data[at + 1], data[at + 2]];
        const colour = `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0')}`;
        pixels[colour] = (pixels[colour] ?? 0) + 1;
      }
    }
    return {
      features: features.map((feature) => ({ id: feature.getId(), properties: feature.getProperties() })),
      pixels,
    };
  });
}
