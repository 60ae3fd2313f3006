/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page */
export async function mapReady(page) {
  await page.waitForFunction(() => window.yukimichi !== undefined);
  await page.evaluate(async () => void (await window.yukimichi.ready));
}

/** @param {Page} page */
export function mapIdle(page) {
  return page.evaluate(async () => {
    const map = await window.yukimichi.ready;
    if (!map.loaded() || map.isMoving()) await map.once('idle');
  });
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

/** @param {Page} page */
export function drawnSegmentCount(page) {
  return page.evaluate(() => window.yukimichi.map?.queryRenderedFeatures({ layers: ['roads-hit'] }).length ?? 0);
}

/**
 * Moves to a cleared segment and tells where on the page its middle is.
 * @param {Page} page
 */
export async function goToColouredSegment(page) {
  const segment = await page.evaluate(async () => {
    const map = await window.yukimichi.ready;
    /** @param {any} feature */
    const length = ({ geometry }) => {
      const [first, last] = [geometry.coordinates[0], geometry.coordinates.at(-1)];
      return Math.hypot(first[0] - last[0], first[1] - last[1]);
    };
    const [longest] = map
      .queryRenderedFeatures({ layers: ['roads-hit'] })
      .filter(({ geometry, properties }) => geometry.type === 'LineString' && properties['cleared_fwd_min'] > 0)
      .sort((a, b) => length(b) - length(a));
    if (longest === undefined || longest.geometry.type !== 'LineString') throw new Error('no cleared segment is drawn');
    const { coordinates } = longest.geometry;
    const at = coordinates[Math.floor((coordinates.length - 1) / 2)];
    const next = coordinates[Math.floor((coordinates.length - 1) / 2) + 1];
    if (at === undefined || next === undefined) throw new Error('the segment has no line');
    /** @type {[number, number]} */
    const middle = [((at[0] ?? 0) + (next[0] ?? 0)) / 2, ((at[1] ?? 0) + (next[1] ?? 0)) / 2];
    map.jumpTo({ center: middle, zoom: 14.6 });
    return { id: Number(longest.id), name: String(longest.properties['name'] ?? ''), middle };
  });
  await mapIdle(page);
  const point = await page.evaluate((middle) => {
    const map = window.yukimichi.map;
    if (map === null) throw new Error('no map');
    const { x, y } = map.project(middle);
    const box = map.getContainer().getBoundingClientRect();
    return { x: x + box.x, y: y + box.y };
  }, segment.middle);
  return { ...segment, point };
}
