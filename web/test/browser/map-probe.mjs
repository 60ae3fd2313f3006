import { eventually } from './eventually.mjs';

/** @typedef {import('playwright-core').Page} Page */

const IDLE_WITHIN_MS = 60_000;

/** @param {Page} page */
export async function mapReady(page) {
  await page.waitForFunction(() => window.yukimichi !== undefined);
  await page.evaluate(async () => void (await window.yukimichi.ready));
}

/** @param {Page} page */
export async function mapIdle(page) {
  await eventually(
    'the map at rest',
    IDLE_WITHIN_MS,
    () =>
      page.evaluate(async () => {
        const map = await window.yukimichi.ready;
        return { styleLoaded: Boolean(map.isStyleLoaded()), tilesLoaded: map.areTilesLoaded(), moving: map.isMoving() };
      }),
    ({ styleLoaded, tilesLoaded, moving }) => styleLoaded && tilesLoaded && !moving,
  );
}

/**
 * Segments in the loaded tiles that a plow has cleared.
 * @param {Page} page
 */
export function colouredSegmentCount(page) {
  return page.evaluate(() => {
    const features = window.yukimichi.map?.querySourceFeatures('roads', { sourceLayer: 'roads' }) ?? [];
    const cleared = features.filter(
      ({ properties }) => properties['cleared_fwd_min'] > 0 || properties['cleared_rev_min'] > 0,
    );
    return new Set(cleared.map(({ id }) => id)).size;
  });
}

/**
 * When a plow cleared one of the segments in the loaded tiles last, in the server's minutes.
 * @param {Page} page
 * @returns {Promise<number>}
 */
export function newestClearingMin(page) {
  return page.evaluate(() => {
    const features = window.yukimichi.map?.querySourceFeatures('roads', { sourceLayer: 'roads' }) ?? [];
    return Math.max(0, ...features.map(({ properties }) => Math.max(properties['cleared_fwd_min'], properties['cleared_rev_min'])));
  });
}

/** @param {Page} page */
export function drawnSegmentCount(page) {
  return page.evaluate(() => window.yukimichi.map?.queryRenderedFeatures({ layers: ['roads-hit'] }).length ?? 0);
}

/**
 * Moves to a cleared segment of a main road, one that runs across the page, and tells where on the page its middle is.
 * @param {Page} page
 */
export async function goToColouredSegment(page) {
  const segment = await page.evaluate(async () => {
    const map = await window.yukimichi.ready;
    /** @param {any} feature */
    const width = ({ geometry }) => Math.abs(geometry.coordinates[0][0] - geometry.coordinates.at(-1)[0]);
    /** @param {any} feature */
    const isMain = ({ properties }) => Number(properties['class'] === 'trunk');
    const [widest] = map
      .queryRenderedFeatures({ layers: ['roads-hit'] })
      .filter(({ geometry, properties }) => geometry.type === 'LineString' && properties['cleared_fwd_min'] > 0)
      .sort((a, b) => isMain(b) - isMain(a) || width(b) - width(a));
    if (widest === undefined || widest.geometry.type !== 'LineString') throw new Error('no cleared segment is drawn');
    const { coordinates } = widest.geometry;
    const at = coordinates[Math.floor((coordinates.length - 1) / 2)];
    const next = coordinates[Math.floor((coordinates.length - 1) / 2) + 1];
    if (at === undefined || next === undefined) throw new Error('the segment has no line');
    /** @type {[number, number]} */
    const middle = [((at[0] ?? 0) + (next[0] ?? 0)) / 2, ((at[1] ?? 0) + (next[1] ?? 0)) / 2];
    map.jumpTo({ center: middle, zoom: 14.6 });
    return { id: Number(widest.id), name: String(widest.properties['name'] ?? ''), middle };
  });
  await mapIdle(page);
  // Until the tiles of the new zoom are there the merged lines of a small scale may still be drawn.
  await eventually(
    'single segments drawn at the middle of the page',
    IDLE_WITHIN_MS,
    () => drawnAt(page, segment.middle),
    (drawn) => drawn.length > 0 && drawn.every(({ isMerged }) => !isMerged),
  );
  const point = await page.evaluate((middle) => {
    const map = window.yukimichi.map;
    if (map === null) throw new Error('no map');
    const { x, y } = map.project(middle);
    const box = map.getContainer().getBoundingClientRect();
    return { x: x + box.x, y: y + box.y };
  }, segment.middle);
  return { ...segment, point };
}

/**
 * What a tap at a place can hit now.
 * @param {Page} page
 * @param {[number, number]} lonLat
 */
function drawnAt(page, lonLat) {
  return page.evaluate((place) => {
    const map = window.yukimichi.map;
    if (map === null) throw new Error('no map');
    const reachPx = 4;
    const { x, y } = map.project(place);
    return map
      .queryRenderedFeatures([[x - reachPx, y - reachPx], [x + reachPx, y + reachPx]], { layers: ['roads-hit'] })
      .map(({ id, properties }) => ({ id, isMerged: properties['agg'] === 1 }));
  }, lonLat);
}

/**
 * Where the box of the whole network lies on the page.
 * @param {Page} page
 */
export function networkBox(page) {
  return page.evaluate(async () => {
    const map = await window.yukimichi.ready;
    const metadata = /** @type {any} */ (map.getStyle().metadata);
    const [west, south, east, north] = metadata['yukimichi:bounds'];
    const box = map.getContainer().getBoundingClientRect();
    const [topLeft, bottomRight] = [map.project([west, north]), map.project([east, south])];
    return {
      left: box.left + topLeft.x,
      top: box.top + topLeft.y,
      right: box.left + bottomRight.x,
      bottom: box.top + bottomRight.y,
    };
  });
}

/**
 * Colours and dashes that the server's status layers are drawn with now: by what is served, a layer
 * tells a status where its colour is read from the tiles.
 * @param {Page} page
 * @param {any} servedStyle
 * @returns {Promise<{ id: string, color: unknown, dash: unknown }[]>}
 */
export function statusLooks(page, servedStyle) {
  const layerIds = servedStyle.layers
    .filter((/** @type {any} */ layer) => Array.isArray(layer.paint?.['line-color']))
    .map((/** @type {any} */ layer) => layer.id);
  return page.evaluate((ids) => {
    const { map } = window.yukimichi;
    return ids.map((/** @type {string} */ id) => ({
      id,
      color: map?.getPaintProperty(id, 'line-color'),
      dash: map?.getPaintProperty(id, 'line-dasharray'),
    }));
  }, layerIds);
}

/**
 * How many pixels of the map are drawn in each of these colours.
 * @param {Page} page
 * @param {readonly string[]} colours as #rrggbb
 * @returns {Promise<Record<string, number>>}
 */
export async function pixelCounts(page, colours) {
  await mapIdle(page);
  return page.evaluate(async (wanted) => {
    const map = await window.yukimichi.ready;
    const pixels = await new Promise((taken) => {
      // Only while it is drawn can it be read.
      map.once('render', () => {
        const canvas = Object.assign(document.createElement('canvas'), {
          width: map.getCanvas().width,
          height: map.getCanvas().height,
        });
        const context = canvas.getContext('2d', { willReadFrequently: true });
        context?.drawImage(map.getCanvas(), 0, 0);
        taken(context?.getImageData(0, 0, canvas.width, canvas.height).data ?? []);
      });
      map.triggerRepaint();
    });
    const tolerance = 2;
    const counts = wanted.map((colour) => {
      const [red, green, blue] = [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
      let count = 0;
      for (let i = 0; i < pixels.length; i += 4) {
        const isNear =
          Math.abs(pixels[i] - (red ?? 0)) <= tolerance &&
          Math.abs(pixels[i + 1] - (green ?? 0)) <= tolerance &&
          Math.abs(pixels[i + 2] - (blue ?? 0)) <= tolerance;
        if (isNear) count++;
      }
      return [colour, count];
    });
    return Object.fromEntries(counts);
  }, colours);
}

/**
 * A stretch, of a main road if any, that was cleared in each direction at a time of its own, and lately.
 * @param {Page} page
 */
export function roadClearedBothWays(page) {
  return page.evaluate(async () => {
    const leastPx = 30;
    const map = await window.yukimichi.ready;
    const box = map.getContainer().getBoundingClientRect();
    const roads = map.queryRenderedFeatures({ layers: ['roads-hit'] }).flatMap(({ geometry, properties }) => {
      const { name, status, cleared_fwd_min: forwardMin, cleared_rev_min: backwardMin } = properties;
      const bothCleared = status % 100 === 44 && forwardMin !== backwardMin;
      if (geometry.type !== 'LineString' || name === undefined || properties['agg'] === 1 || !bothCleared) return [];
      const points = geometry.coordinates.map(([lon, lat]) => map.project([lon ?? 0, lat ?? 0]));
      const [first, middle, last] = [points[0], points[Math.floor(points.length / 2)], points.at(-1)];
      if (first === undefined || middle === undefined || last === undefined || first.dist(last) < leastPx) return [];
      const isMain = Number(properties['class'] === 'trunk');
      return [{ isMain, clearedMin: Math.min(forwardMin, backwardMin), point: { x: box.x + middle.x, y: box.y + middle.y } }];
    });
    return roads.sort((a, b) => b.isMain - a.isMain || b.clearedMin - a.clearedMin)[0] ?? null;
  });
}

/**
 * Fits the whole network between two vertical edges of the page.
 * @param {Page} page
 * @param {number} leftPx
 * @param {number} rightPx
 */
export function showNetworkBetween(page, leftPx, rightPx) {
  return page.evaluate(
    async ([left, right]) => {
      const map = await window.yukimichi.ready;
      const metadata = /** @type {any} */ (map.getStyle().metadata);
      const marginPx = 24;
      map.fitBounds(metadata['yukimichi:bounds'], {
        padding: {
          left: left + marginPx,
          right: map.getContainer().clientWidth - right + marginPx,
          top: marginPx,
          bottom: marginPx,
        },
        animate: false,
      });
    },
    /** @type {const} */ ([leftPx, rightPx]),
  );
}
