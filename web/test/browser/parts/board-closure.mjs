import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noteBoardErrors, signIn } from '../board-page.mjs';
import { eventually } from '../eventually.mjs';
import { axeViolations } from '../axe.mjs';
import { mapIdle, mapReady } from '../map-probe.mjs';
import { getJson, openPage, screenshot } from '../session.mjs';

const ON_EVERY_MAP_WITHIN_MS = 5_000;

/** @type {import('playwright-core').Page} */
let page;
/** @type {number} */
let segmentId;

test('a closure is drawn in two taps, and is on the map within 5 s', async () => {
  page = await openPage({}, noteBoardErrors);
  await signIn(page);
  await mapReady(page);
  await mapIdle(page);
  const bounds = await page.evaluate(() => /** @type {any} */ (window.yukimichi.map?.getStyle().metadata)['yukimichi:bounds']);
  const road = await goToMainRoad(bounds);
  segmentId = road.id;
  const [start, end] = road.taps;
  assert.ok(start !== undefined && end !== undefined);

  await page.locator('[data-action=draw-closure]').click();
  await page.mouse.click(start.x, start.y);
  await page.locator('.prompt', { hasText: '終点' }).waitFor();
  await page.mouse.click(end.x, end.y);
  const form = page.locator('form:has([data-action=close-way])');
  await form.waitFor();
  assert.match(await form.innerText(), /\d\.\d\d km/);
  assert.deepEqual(await axeViolations(page), []);
  await form.locator('input[name=reason]').fill('雪崩のおそれ');
  await screenshot(page, 'board-closure-drawn');

  const began = Date.now();
  await form.locator('[data-action=close-way]').click();
  await eventually('the road is closed', ON_EVERY_MAP_WITHIN_MS, () => stateOf(segmentId), (state) => state === 'closed');
  await page.locator('[data-closure]', { hasText: '雪崩のおそれ' }).waitFor({ timeout: ON_EVERY_MAP_WITHIN_MS });
  assert.ok(Date.now() - began < ON_EVERY_MAP_WITHIN_MS, `${Date.now() - began} ms`);
  await eventually(
    'the closure is drawn',
    ON_EVERY_MAP_WITHIN_MS,
    () => page.evaluate(() => window.yukimichi.map?.querySourceFeatures('board-closures').length ?? 0),
    (count) => count > 0,
  );
  await screenshot(page, 'board-closed');
});

test('reopening asks for a name', async () => {
  const closure = page.locator('[data-closure]', { hasText: '雪崩のおそれ' });
  await closure.locator('[data-action=reopen]').click();
  const name = closure.locator('input[name=said_by]');
  await closure.locator('form button.primary').click();
  assert.equal(await name.evaluate((input) => /** @type {HTMLInputElement} */ (input).validity.valueMissing), true);
  await name.fill('県 高橋');
  await closure.locator('form button.primary').click();
  await closure.waitFor({ state: 'detached' });
  await eventually('the road is open', ON_EVERY_MAP_WITHIN_MS, () => stateOf(segmentId), (state) => state !== 'closed');
  const closures = await page.evaluate(async () => (await fetch('/api/v1/closures?all=true')).json());
  const recorded = closures.features.map((/** @type {any} */ feature) => feature.properties.recorded_by);
  assert.ok(recorded.some((/** @type {string} */ by) => /高橋/.test(by)), JSON.stringify(recorded));
  await page.context().close();
});

/**
 * Moves the map to the longest stretch of a main road, and tells two places on it on the page.
 * @param {[number, number, number, number]} bounds
 */
async function goToMainRoad(bounds) {
  const { features } = await getJson(`/api/v1/segments?bbox=${bounds.join(',')}`);
  const [longest] = features
    .filter((/** @type {any} */ { properties }) => properties.class === 'trunk')
    .sort((/** @type {any} */ a, /** @type {any} */ b) => b.properties.length_m - a.properties.length_m);
  const line = longest.geometry.coordinates;
  const vertex = (/** @type {number} */ share) => line[Math.floor(share * (line.length - 1))];
  const places = [vertex(0.4), vertex(0.6)];
  await page.evaluate(([center]) => void window.yukimichi.map?.jumpTo({ center, zoom: 14.6 }), [vertex(0.5)]);
  await mapIdle(page);
  const taps = await page.evaluate((ends) => {
    const map = window.yukimichi.map;
    if (map === null) throw new Error('no map');
    const box = map.getContainer().getBoundingClientRect();
    return ends.map((end) => map.project(end)).map(({ x, y }) => ({ x: box.x + x, y: box.y + y }));
  }, places);
  return { id: Number(longest.id), taps };
}

/** @param {number} id */
async function stateOf(id) {
  const { status } = await getJson(`/api/v1/segments/${id}`);
  return (status.forward ?? status.backward).state;
}
