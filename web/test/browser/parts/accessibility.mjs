import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe from 'axe-core';
import { DESKTOP, PHONE } from '../chromium.mjs';
import { segmentsOf } from '../by-hand.mjs';
import { mapIdle, mapReady } from '../map-probe.mjs';
import { at, openPage, session } from '../session.mjs';
import { answerStations } from './stations.mjs';

/** @typedef {import('playwright-core').Page} Page */

const WALL = { width: 3840, height: 1600 };
const SCREENS = /** @type {const} */ ([
  ['desktop, dark', '/', { viewport: DESKTOP, colorScheme: 'dark' }],
  ['phone, light', '/', { viewport: PHONE, colorScheme: 'light', hasTouch: true, isMobile: true }],
  ['phone, easy Japanese, dark', '/ja?easy', { viewport: PHONE, colorScheme: 'dark', hasTouch: true, isMobile: true }],
  ['wall screen, English, light', '/en', { viewport: WALL, colorScheme: 'light' }],
]);

/** @param {Page} page @param {string} what */
async function assertAccessible(page, what) {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await /** @type {any} */ (window).axe.run(document);
    return found.map((/** @type {any} */ { id, nodes }) => ({ id, where: nodes.map((/** @type {any} */ node) => `${node.target} ${node.any.map((/** @type {any} */ { message }) => message).join()}`) }));
  });
  assert.deepEqual(violations, [], what);
  const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= shown, `${what}: ${wide} px wide on a screen of ${shown}`);
}

for (const [name, path, options] of SCREENS) {
  test(`axe finds nothing to mend in any state of the page: ${name}`, async () => {
    const page = await openPage(options, answerStations);
    await page.goto(at(path));
    await mapReady(page);
    await page.locator('.contact.good').waitFor();
    await page.locator('.band .none, .band .count').first().waitFor();
    await mapIdle(page);
    await assertAccessible(page, 'the map alone');
    await page.locator('[data-colouring=standard]').click();
    if ((await page.locator('.legend .toggle').getAttribute('aria-expanded')) === 'false') await page.locator('.legend .toggle').click();
    await page.locator('[data-standard-step]').first().waitFor();
    await assertAccessible(page, 'the legend of the standard');
    await page.locator('[data-colouring=ages]').click();
    await page.locator('[data-age-step]').first().waitFor();
    await assertAccessible(page, 'the legend of ages');
    for (const tool of ['search', 'roads', 'stations', 'feeds', 'settings']) {
      await page.locator(`[data-tool=${tool}]`).click();
      await page.locator('.panel').waitFor();
      if (tool === 'search') await page.locator('#search-words').fill('999');
      if (tool === 'roads') await page.locator('.panel [data-state-code]').first().waitFor();
      if (tool === 'stations') await page.locator('.panel [data-station]').first().waitFor();
      await assertAccessible(page, tool);
    }
    await page.locator('.band').click();
    await page.locator('.band[aria-expanded=true]').waitFor();
    await assertAccessible(page, 'closures');
    await page.keyboard.press('Escape');
    const [id] = await segmentsOf(/^国道999号$/);
    await page.goto('about:blank');
    await page.goto(at(`${path}#map=14/40.7/140.6&road=${id}`));
    await page.locator('.panel .next').waitFor();
    await page.locator('.panel details').evaluateAll((all) => all.forEach((details) => details.setAttribute('open', '')));
    await assertAccessible(page, 'a road’s card');
    await page.context().close();
  });
}

test('axe finds nothing to mend where the page tells of a failure', async () => {
  const failing = await openPage({ viewport: PHONE }, (opened) => opened.route(/\/(style\.json|api\/)/, (route) => route.abort()));
  await failing.goto(session.url);
  await failing.locator('.message').waitFor();
  await assertAccessible(failing, 'no server');
  await failing.context().close();
});
