import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signIn } from '../board-page.mjs';
import { eventually } from '../eventually.mjs';
import { axeViolations } from '../axe.mjs';
import { goToColouredSegment, mapIdle, mapReady } from '../map-probe.mjs';
import { getJson, noteErrors, openPage, screenshot } from '../session.mjs';

const ON_EVERY_MAP_WITHIN_MS = 5_000;

/** @type {import('playwright-core').Page} */
let page;
/** @type {number} */
let segmentId;

test('a closure is drawn in two taps, and is on the map within 5 s', async () => {
  page = await openPage({}, noteErrors);
  await signIn(page);
  await mapReady(page);
  await mapIdle(page);
  segmentId = await segmentAt((await goToColouredSegment(page)).point);
  const [start, end] = await tapsOn(segmentId);

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
 * The single segment that is drawn there: what was seen from far away may have been several in one line.
 * @param {{ x: number, y: number }} point
 */
async function segmentAt(point) {
  const id = await page.evaluate(({ x, y }) => {
    const map = window.yukimichi.map;
    if (map === null) throw new Error('no map');
    const box = map.getContainer().getBoundingClientRect();
    const [left, top] = [x - box.x, y - box.y];
    return map.queryRenderedFeatures([[left - 4, top - 4], [left + 4, top + 4]], { layers: ['roads-hit'] })[0]?.id;
  }, point);
  return Number(id);
}

/**
 * Two places on a segment, where they are on the page.
 * @param {number} id
 */
async function tapsOn(id) {
  const { geometry } = await getJson(`/api/v1/segments/${id}`);
  return page.evaluate((line) => {
    const map = window.yukimichi.map;
    if (map === null) throw new Error('no map');
    const box = map.getContainer().getBoundingClientRect();
    const [a, b] = [line[0], line[line.length - 1]].map((end) => map.project(end));
    const along = (/** @type {number} */ share) => ({ x: box.x + a.x + share * (b.x - a.x), y: box.y + a.y + share * (b.y - a.y) });
    // Near its middle, so that both are on the map however long it is.
    return /** @type {const} */ ([along(0.35), along(0.65)]);
  }, geometry.coordinates);
}

/** @param {number} id */
async function stateOf(id) {
  const { status } = await getJson(`/api/v1/segments/${id}`);
  return (status.forward ?? status.backward).state;
}
