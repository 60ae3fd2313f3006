import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DESKTOP, launchChromium, PHONE } from './chromium.mjs';
import { DemoProcess } from './demo-process.mjs';
import { eventually } from './eventually.mjs';
import { colouredSegmentCount, drawnSegmentCount, goToColouredSegment, mapIdle, mapReady } from './map-probe.mjs';

/** @typedef {import('playwright-core').Page} Page */

const COLOURED_AT_LEAST = 20;
const COLOURED_WITHIN_MS = 90_000;
const LEAST_TOUCH_PX = 44;
const RESULTS = join(import.meta.dirname, '../../test-results');
const IMAGES = join(import.meta.dirname, '../../../docs/images');

/** @type {DemoProcess | null} */
let demo = null;
/** @type {string} */
let url;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Page} */
let page;
/** @type {string[]} */
const consoleErrors = [];
/** @type {string[]} */
const requestedUrls = [];

/**
 * @param {import('playwright-core').BrowserContextOptions} options
 * @param {(page: Page) => Promise<unknown>} prepare
 */
async function openPage(options = {}, prepare = async () => {}) {
  const context = await browser.newContext({ viewport: DESKTOP, locale: 'ja-JP', ...options });
  context.on('request', (request) => requestedUrls.push(request.url()));
  const opened = await context.newPage();
  await prepare(opened);
  return opened;
}

/** @param {Page} watched */
async function noteErrors(watched) {
  watched.on('console', (message) => message.type() === 'error' && consoleErrors.push(message.text()));
  watched.on('pageerror', (error) => consoleErrors.push(String(error)));
}

/** @param {Page} shot @param {string} name @param {string} imageName */
async function screenshot(shot, name, imageName) {
  const path = join(RESULTS, `${name}.png`);
  await shot.screenshot({ path });
  if (process.env['UPDATE_SCREENSHOTS'] !== '1') return;
  await mkdir(IMAGES, { recursive: true });
  await copyFile(path, join(IMAGES, imageName));
}

before(async () => {
  await mkdir(RESULTS, { recursive: true });
  const given = process.env['YUKIMICHI_URL'];
  if (given === undefined) {
    demo = await DemoProcess.start();
    url = await demo.url();
  } else {
    url = given;
  }
  browser = await launchChromium();
  page = await openPage({}, noteErrors);
  await page.goto(url);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  await demo?.removeData();
});

test('the map is drawn', async () => {
  await mapReady(page);
  await eventually('roads drawn', 30_000, () => drawnSegmentCount(page), (count) => count > 0);
});

test('at / Japanese comes first', async () => {
  assert.equal(await page.locator('html').getAttribute('lang'), 'ja');
  assert.deepEqual(await page.locator('h1 .name .both > span').allTextContents(), ['雪道', 'yukimichi']);
  assert.match(await page.locator('.legend button').innerText(), /凡例\s+Legend/);
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

test(`at least ${COLOURED_AT_LEAST} segments are coloured`, async () => {
  await eventually(
    'coloured segments',
    COLOURED_WITHIN_MS,
    () => colouredSegmentCount(page),
    (count) => count >= COLOURED_AT_LEAST,
  );
});

test('more segments are coloured by themselves, without a reload', async () => {
  await page.evaluate(() => void Object.assign(window, { notReloaded: true }));
  const before = await colouredSegmentCount(page);
  await eventually('growth', COLOURED_WITHIN_MS, () => colouredSegmentCount(page), (count) => count > before);
  assert.equal(await page.evaluate(() => 'notReloaded' in window), true);
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
    const answer = await page.request.get(new URL(`/api/v1/segments/${segment.id}`, url).href);
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
  await screenshot(page, 'desktop', 'demo.png');
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
  await page.locator('header button').click();
  await page.locator('[data-feed]').first().waitFor();
  const feeds = await (await page.request.get(new URL('/api/v1/feeds', url).href)).json();
  assert.equal(await page.locator('[data-feed]').count(), feeds.items.length);
  assert.equal(await page.locator('[data-feed] .state').count(), feeds.items.length);
  await page.keyboard.press('Escape');
});

test('the view is kept in the address', async () => {
  assert.match(new URL(page.url()).hash, /^#[\d.]+\/-?[\d.]+\/-?[\d.]+$/);
});

test('the map data’s attribution can be read', async () => {
  const attribution = await (await page.request.get(new URL('/tiles/roads', url).href)).json();
  const plain = String(attribution.attribution ?? '').replace(/<[^>]*>/g, '');
  assert.ok((await page.locator('.maplibregl-ctrl-attrib').innerText()).includes(plain));
});

test('at /en English comes first', async () => {
  const english = await openPage({}, noteErrors);
  await english.goto(new URL('/en', url).href);
  assert.equal(await english.locator('html').getAttribute('lang'), 'en');
  assert.deepEqual(await english.locator('h1 .name .both > span').allTextContents(), ['yukimichi', '雪道']);
  await english.locator('.simulated').waitFor();
  assert.match(await english.locator('.simulated').innerText(), /SIMULATED DATA\s*模擬データ/);
  await english.context().close();
});

test('on a phone all fits, and what is touched is large enough', async () => {
  const phone = await openPage({ viewport: PHONE, hasTouch: true, isMobile: true }, noteErrors);
  await phone.goto(url);
  await mapReady(phone);
  await eventually('coloured segments', COLOURED_WITHIN_MS, () => colouredSegmentCount(phone), (count) => count > 0);
  const segment = await goToColouredSegment(phone);
  await phone.touchscreen.tap(segment.point.x, segment.point.y);
  await phone.locator('.panel .sources .state').first().waitFor();
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
  const small = await phone.evaluate((leastPx) => {
    const controls = [...document.querySelectorAll('header button, header a, .legend button, .panel button, .maplibregl-ctrl-group button')];
    return controls
      .filter((control) => control.getBoundingClientRect().height < leastPx || control.getBoundingClientRect().width < leastPx)
      .map((control) => control.textContent ?? control.className);
  }, LEAST_TOUCH_PX);
  assert.deepEqual(small, []);
  await mapIdle(phone);
  await screenshot(phone, 'phone', 'demo-phone.png');
  await phone.context().close();
});

test('without contact for 10 min all is drawn as unconfirmed under a large hour, and comes back by itself', async () => {
  const lonely = await openPage({}, (opened) =>
    opened.addInitScript(() => {
      const realNow = Date.now;
      let skewMs = 0;
      Date.now = () => realNow() + skewMs;
      Object.assign(window, { skipMs: (/** @type {number} */ ms) => (skewMs += ms) });
    }),
  );
  await lonely.goto(url);
  await mapReady(lonely);
  await eventually('roads drawn', 30_000, () => drawnSegmentCount(lonely), (count) => count > 0);
  const roadColour = () => lonely.evaluate(() => window.yukimichi.map?.getPaintProperty('roads-single', 'line-color'));
  const servedColour = await roadColour();

  await lonely.context().setOffline(true);
  await lonely.evaluate(() => /** @type {any} */ (window).skipMs(11 * 60_000));
  await lonely.locator('.contact-lost').waitFor();
  assert.match(await lonely.locator('.contact-lost .hour time').innerText(), /^\d\d:\d\d$/);
  const hourPx = await lonely.locator('.contact-lost .hour').evaluate((hour) => parseFloat(getComputedStyle(hour).fontSize));
  assert.ok(hourPx >= 48, `the hour is ${hourPx} px high`);
  await eventually('one colour for all', 10_000, roadColour, (colour) => typeof colour === 'string');
  await mapIdle(lonely);
  assert.ok((await drawnSegmentCount(lonely)) > 0, 'the roads stay drawn');
  await lonely.screenshot({ path: join(RESULTS, 'contact-lost.png') });

  await lonely.context().setOffline(false);
  await lonely.locator('.contact-lost').waitFor({ state: 'detached' });
  // The minute in the expression has moved on, so its shape is compared.
  await eventually('the served colours', 10_000, roadColour, (colour) => Array.isArray(colour) === Array.isArray(servedColour));
  await lonely.context().close();
});

test('without WebGL a message says so in both languages', async () => {
  const plain = await openPage({}, (opened) =>
    opened.addInitScript(() => (HTMLCanvasElement.prototype.getContext = () => null)),
  );
  await plain.goto(url);
  const message = await plain.locator('.message').innerText();
  assert.match(message, /地図を表示できません/);
  assert.match(message, /The map cannot be drawn/);
  await plain.context().close();
});

test('while the server fails a message says so in both languages, and the map comes when it is back', async () => {
  const failing = /\/(style\.json|api\/)/;
  const early = await openPage({}, (opened) => opened.route(failing, (route) => route.abort()));
  await early.goto(url);
  const message = early.locator('.message');
  await message.waitFor();
  assert.match(await message.innerText(), /サーバーに接続できません[^]*The server cannot be reached/);
  await early.unroute(failing);
  await mapReady(early);
  assert.equal(await message.count(), 0);
  await early.context().close();
});

test('the shell does not wait for the map library', async () => {
  const shell = await openPage({}, (opened) => opened.route(/road-map/, () => {}));
  await shell.goto(url);
  await shell.locator('.legend').waitFor();
  await shell.locator('.contact.good').waitFor();
  await shell.context().close();
});

test('no request left the server', () => {
  const { origin } = new URL(url);
  const elsewhere = requestedUrls.filter((requested) => !/^(blob|data):/.test(requested) && new URL(requested).origin !== origin);
  assert.deepEqual(elsewhere, []);
});

test('the console has no errors', () => {
  assert.deepEqual(consoleErrors, []);
});

test('the demo stops cleanly', { skip: process.env['YUKIMICHI_URL'] !== undefined }, async () => {
  await browser.close();
  assert.equal(await demo?.stop(), 0, demo?.log());
});
