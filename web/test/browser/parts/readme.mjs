import assert from 'node:assert/strict';
import { test } from 'node:test';
import { README } from '../chromium.mjs';
import { eventually } from '../eventually.mjs';
import {
  colouredSegmentCount,
  mapIdle,
  mapReady,
  networkBox,
  pixelCounts,
  roadClearedBothWays,
  showNetworkBetween,
} from '../map-probe.mjs';
import { noteErrors, openPage, docsScreenshot, session } from '../session.mjs';

const COLOURED_FOR_PICTURE = 150;
const WITHIN_MS = 90_000;

test('the README’s picture: the whole town, and a road that is cleared in both directions', async () => {
  const page = await openPage({ viewport: README }, noteErrors);
  await page.goto(session.url);
  await mapReady(page);
  await eventually('a town at work', WITHIN_MS, () => colouredSegmentCount(page), (count) => count >= COLOURED_FOR_PICTURE);
  const overAnHour = await page.evaluate(
    () => /** @type {any} */ (window.yukimichi.map?.getStyle().metadata)['yukimichi:legend'].ages[1].color,
  );
  await eventually(
    'a second age step',
    WITHIN_MS,
    async () => (await pixelCounts(page, [overAnHour]))[overAnHour] ?? 0,
    (count) => count > 100,
  );
  const road = await eventually(
    'a road cleared in both directions',
    WITHIN_MS,
    () => roadClearedBothWays(page),
    (found) => found !== null,
  );
  assert.ok(road !== null);
  await page.mouse.click(road.point.x, road.point.y);
  const card = page.locator('.panel');
  await card.locator('.sources .state').first().waitFor();
  assert.equal(await card.locator('.direction .hour').count(), 2);
  const [legend, panel] = [await page.locator('.legend').boundingBox(), await card.boundingBox()];
  assert.ok(legend !== null && panel !== null);
  await showNetworkBetween(page, legend.x + legend.width, panel.x);
  const network = await networkBox(page);
  assert.ok(network.left >= legend.x + legend.width && network.right <= panel.x, JSON.stringify({ network, legend, panel }));
  await mapIdle(page);
  await docsScreenshot(page, 'demo');
  await page.context().close();
});
