import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../eventually.mjs';
import { colouredSegmentCount, drawnSegmentCount, goToColouredSegment, mapIdle, mapReady, pixelCounts, statusLooks } from '../map-probe.mjs';
import { getJson, openPage, screenshot, session } from '../session.mjs';

/** @typedef {import('playwright-core').Page} Page */

const COLOURED_WITHIN_MS = 90_000;

/** Those that no grey, no letter and no blend of the two can be taken for. */
function vividColours(/** @type {any} */ { ages, states }) {
  const colours = [...ages, ...states].map(({ color }) => /** @type {string} */ (color));
  return [...new Set(colours)].filter((colour) => {
    const channels = [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
    return Math.max(...channels) - Math.min(...channels) >= 60;
  });
}

/** @param {Page} page @param {readonly string[]} colours */
async function pixelCount(page, colours) {
  return Object.values(await pixelCounts(page, colours)).reduce((sum, count) => sum + count, 0);
}

/** A page whose device’s clock can be moved on. */
function openPageWithClock() {
  return openPage({}, (opened) =>
    opened.addInitScript(() => {
      const realNow = Date.now;
      let skewMs = 0;
      Date.now = () => realNow() + skewMs;
      Object.assign(window, { skipMs: (/** @type {number} */ ms) => (skewMs += ms) });
    }),
  );
}

/** @param {Page} page @param {number} ms */
function skip(page, ms) {
  return page.evaluate((skippedMs) => /** @type {any} */ (window).skipMs(skippedMs), ms);
}

test('without contact for 10 min all is drawn as unconfirmed under a large hour, and comes back by itself', async () => {
  const lonely = await openPageWithClock();
  await lonely.goto(session.url);
  await mapReady(lonely);
  const wholeTown = await lonely.evaluate(() => location.hash);
  const goTo = async (/** @type {string} */ hash) => {
    await lonely.evaluate((wanted) => void (location.hash = wanted), hash);
    await mapIdle(lonely);
  };
  const served = await getJson('/style.json');
  const legend = served.metadata['yukimichi:legend'];
  const vivid = vividColours(legend);
  const vividPixelCount = () => pixelCount(lonely, vivid);
  const { color, dash } = legend.states.find((/** @type {any} */ { name }) => name === 'unconfirmed');
  const looks = () => statusLooks(lonely, served);
  const asServed = async () => (await looks()).filter((look) => Array.isArray(look.color)).map(({ id }) => id);
  const asUnconfirmed = async () =>
    (await looks()).filter((look) => look.color === color && JSON.stringify(look.dash) === JSON.stringify(dash)).map(({ id }) => id);
  const allLayers = await asServed();
  assert.ok(allLayers.length >= 16, `layers that tell a status: ${allLayers}`);
  await eventually('a cleared road', COLOURED_WITHIN_MS, () => colouredSegmentCount(lonely), (count) => count > 0);
  await eventually('colours of the whole town', 30_000, vividPixelCount, (count) => count > 0);
  await goToColouredSegment(lonely);
  const bothDirections = await lonely.evaluate(() => location.hash);
  await eventually('colours of both directions', 30_000, vividPixelCount, (count) => count > 0);
  await goTo(wholeTown);

  await lonely.context().setOffline(true);
  await skip(lonely, 11 * 60_000);
  await lonely.locator('.contact-lost').waitFor();
  assert.match(await lonely.locator('.contact-lost .hour time').innerText(), /^\d\d:\d\d$/);
  const hourPx = await lonely.locator('.contact-lost .hour').evaluate((hour) => parseFloat(getComputedStyle(hour).fontSize));
  assert.ok(hourPx >= 48, `the hour is ${hourPx} px high`);
  await eventually(`one look for all of ${allLayers}`, 30_000, asUnconfirmed, (ids) => ids.length === allLayers.length);
  for (const view of [wholeTown, bothDirections]) {
    await goTo(view);
    assert.ok((await drawnSegmentCount(lonely)) > 0, 'the roads stay drawn');
    await eventually(`no other status’s colour at ${view}`, 30_000, vividPixelCount, (count) => count === 0);
    assert.ok((await pixelCount(lonely, [color])) > 0, `roads are seen as unconfirmed at ${view}`);
  }
  await goTo(wholeTown);
  await screenshot(lonely, 'contact-lost');

  await lonely.context().setOffline(false);
  await lonely.locator('.contact-lost').waitFor({ state: 'detached' });
  await eventually('the served looks', 30_000, asServed, (ids) => ids.length === allLayers.length);
  await eventually('the served colours', 30_000, vividPixelCount, (count) => count > 0);
  await lonely.context().close();
});

test('a server that takes questions but never answers is told of, in both languages', async () => {
  const early = await openPageWithClock();
  await early.route(/\/api\/v1\/feeds/, () => {});
  await early.goto(session.url);
  await mapReady(early);
  assert.match(await early.locator('.contact').innerText(), /サーバーに接続中/);
  await skip(early, 16_000);
  await early.locator('.contact.unanswered').waitFor();
  assert.match(await early.locator('.contact').innerText(), /サーバーが応答しません\s*The server does not answer/);
  await early.unroute(/\/api\/v1\/feeds/);
  await early.locator('.contact.good').waitFor();
  await early.context().close();
});
