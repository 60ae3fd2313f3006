import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP } from '../chromium.mjs';
import { eventually } from '../eventually.mjs';
import {
  colouredSegmentCount,
  drawnSegmentCount,
  goToColouredSegment,
  mapIdle,
  mapReady,
  networkBox,
  newestClearingMin,
} from '../map-probe.mjs';
import { at, noteErrors, openPage, screenshot, session, usesOwnDemo } from '../session.mjs';

const COLOURED_AT_LEAST = 20;
const COLOURED_WITHIN_MS = 90_000;

/** @type {import('playwright-core').Page} */
let page;

test('the map is drawn', async () => {
  page = await openPage({}, noteErrors);
  await page.goto(session.url);
  await mapReady(page);
  await eventually('roads drawn', 30_000, () => drawnSegmentCount(page), (count) => count > 0);
});

test('at / Japanese comes first', async () => {
  assert.equal(await page.locator('html').getAttribute('lang'), 'ja');
  assert.deepEqual(await page.locator('h1 .name .both > span').allTextContents(), ['雪道', 'yukimichi']);
  assert.match(await page.locator('.legend .toggle').innerText(), /凡例\s+Legend/);
});

test('the banner says 模擬データ', async () => {
  const banner = page.locator('.simulated');
  await banner.waitFor();
  assert.match(await banner.innerText(), /模擬データ\s*SIMULATED DATA/);
});

test('the legend has 8 age steps, each with a drawn sample', async () => {
  assert.equal(await page.locator('[data-age-step]').count(), 8);
  assert.equal(await page.locator('[data-age-step] svg path[stroke]').count(), 16);
  assert.equal(await page.locator('[data-age-step="60"]').count(), 1);
});

test('before anybody moves it, the map shows the whole network beside the legend', async () => {
  const [network, legend] = [await networkBox(page), await page.locator('.legend').boundingBox()];
  assert.ok(legend !== null && network.left >= legend.x + legend.width, `the legend hides the network: ${JSON.stringify({ network, legend })}`);
  assert.ok(network.right <= DESKTOP.width && network.bottom <= DESKTOP.height && network.top >= 0, JSON.stringify(network));
});

test('the legend’s lines in Japanese are one line each', async () => {
  const lineCounts = await page.locator('.legend .content :is(li, p) .first').evaluateAll((texts) =>
    texts.map((text) => text.getClientRects().length),
  );
  assert.deepEqual([...new Set(lineCounts)], [1]);
});

test(`at least ${COLOURED_AT_LEAST} segments are coloured`, async () => {
  await eventually('coloured segments', COLOURED_WITHIN_MS, () => colouredSegmentCount(page), (count) => count >= COLOURED_AT_LEAST);
});

test('the map follows the plows by itself, without a reload', async () => {
  await page.evaluate(() => void Object.assign(window, { notReloaded: true }));
  const before = await newestClearingMin(page);
  await eventually('a newer clearing', COLOURED_WITHIN_MS, () => newestClearingMin(page), (minute) => minute > before);
  assert.equal(await page.evaluate(() => 'notReloaded' in window), true);
});

test('where the server’s time runs fast the ages keep up with it', { skip: !usesOwnDemo }, async () => {
  /** The hour for which the style computes ages. */
  const styleHour = () =>
    page.evaluate(() => String(/** @type {any} */ (window.yukimichi.map?.getStyle().metadata)['yukimichi:now']));
  for (const nth of ['first', 'second']) {
    const before = await styleHour();
    await eventually(`a newer style for the ${nth} time`, 30_000, styleHour, (hour) => hour > before);
  }
});

test('a click on a coloured road opens its card, with 最終除雪 in JST and 分前', async () => {
  const segment = await goToColouredSegment(page);
  await page.mouse.click(segment.point.x, segment.point.y);
  const card = page.locator('.panel');
  await card.locator('.direction').first().waitFor();
  if (segment.name !== '') assert.match(await card.locator('h2').innerText(), new RegExp(segment.name));
  await eventually(
    'the card’s text',
    COLOURED_WITHIN_MS,
    () => card.locator('.directions').innerText(),
    (text) => /最終除雪[^]*\d\d:\d\d[^]*JST[^]*分前/.test(text),
  );
  const shownHours = () => card.locator('.direction .hour').allTextContents();
  const servedHours = async () => {
    const answer = await page.request.get(at(`/api/v1/segments/${segment.id}`));
    const { status } = await answer.json();
    return [status.forward, status.backward]
      .filter((direction) => direction?.cleared_at != null)
      .map(({ cleared_at }) => new Date(Date.parse(cleared_at) + 9 * 3_600_000).toISOString().slice(11, 16));
  };
  await eventually(
    'the card’s hour is the server’s',
    30_000,
    async () => ({ shown: await shownHours(), served: await servedHours() }),
    ({ shown, served }) => served.length > 0 && served.every((hour) => shown.includes(hour)),
  );
});

test('the card tells the owner and the source with its freshness', async () => {
  const card = page.locator('.panel');
  assert.match(await card.locator('.owner').innerText(), /道路管理者/);
  await card.locator('.sources .state').first().waitFor();
  assert.match(await card.locator('.sources').innerText(), /最終通信/);
});

test('the desktop’s screenshot', async () => {
  await mapIdle(page);
  await screenshot(page, 'desktop');
});

test('Escape closes the card and gives the map the focus', async () => {
  await page.keyboard.press('Escape');
  await page.locator('.panel').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement?.className.includes('maplibregl-canvas')), true);
});

test('Enter on the map opens the road at its centre', async () => {
  await page.keyboard.press('Enter');
  await page.locator('.panel .direction').first().waitFor();
  await page.keyboard.press('Escape');
});

test('情報源 lists every feed with its state', async () => {
  await page.locator('[data-tool=feeds]').click();
  await page.locator('[data-feed]').first().waitFor();
  const feeds = await (await page.request.get(at('/api/v1/feeds'))).json();
  assert.equal(await page.locator('[data-feed]').count(), feeds.items.length);
  assert.equal(await page.locator('[data-feed] .state').count(), feeds.items.length);
  await page.keyboard.press('Escape');
});

test('the view is kept in the address', async () => {
  assert.match(new URL(page.url()).hash, /^#map=[\d.]+\/-?[\d.]+\/-?[\d.]+$/);
});

test('the map data’s attribution can be read', async () => {
  const attribution = await (await page.request.get(at('/tiles/roads'))).json();
  const plain = String(attribution.attribution ?? '').replace(/<[^>]*>/g, '');
  assert.ok((await page.locator('.maplibregl-ctrl-attrib').innerText()).includes(plain));
});

test('at /en English comes first', async () => {
  const english = await openPage({}, noteErrors);
  await english.goto(at('/en'));
  assert.equal(await english.locator('html').getAttribute('lang'), 'en');
  assert.deepEqual(await english.locator('h1 .name .both > span').allTextContents(), ['yukimichi', '雪道']);
  await english.locator('.simulated').waitFor();
  assert.match(await english.locator('.simulated').innerText(), /SIMULATED DATA\s*模擬データ/);
  await english.context().close();
});
