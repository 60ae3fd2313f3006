import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE } from '../chromium.mjs';
import { eventually } from '../eventually.mjs';
import { drawnSegmentCount, mapIdle, mapReady } from '../map-probe.mjs';
import { at, docsScreenshot, getJson, openPage, session } from '../session.mjs';

/** @param {import('playwright-core').Page} page */
async function withClock(page) {
  await page.addInitScript(() => {
    const realNow = Date.now;
    const skewMs = () => Number(localStorage.getItem('test-skew') ?? 0);
    Date.now = () => realNow() + skewMs();
  });
}

test('installable: the manifest and its icons are served', async () => {
  const manifest = await getJson('/manifest.webmanifest');
  assert.equal(manifest.display, 'standalone');
  for (const { src, sizes } of manifest.icons) {
    const answer = await fetch(at(src));
    assert.equal(answer.headers.get('content-type'), 'image/png', src);
    const bytes = new DataView(await answer.arrayBuffer());
    assert.equal(`${bytes.getUint32(16)}x${bytes.getUint32(20)}`, sizes, src);
  }
});

test('opened again without a network, the last view is there, and after 10 min all of it is unconfirmed under a large hour', async () => {
  const phone = await openPage({ viewport: PHONE, hasTouch: true, isMobile: true, serviceWorkers: 'allow' }, withClock);
  await phone.goto(session.url);
  await mapReady(phone);
  await mapIdle(phone);
  await phone.locator('.contact.good').waitFor();
  const kept = () =>
    phone.evaluate(async () => {
      const keys = async (/** @type {string} */ name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
      return { shell: await keys('yukimichi-shell'), view: await keys('yukimichi-view'), tiles: await keys('yukimichi-tiles') };
    });
  await eventually(
    'page, style and tiles kept',
    60_000,
    kept,
    ({ shell, view, tiles }) => shell.includes('/') && view.includes('/style.json') && view.includes('/tiles/roads') && tiles.length > 0,
  );

  await phone.context().setOffline(true);
  await phone.reload();
  await mapReady(phone);
  await eventually('the roads of the last view', 60_000, () => drawnSegmentCount(phone), (count) => count > 0);
  assert.equal(await phone.locator('.contact-lost').count(), 0, 'within 10 min the last colours stand');

  await phone.evaluate(() => localStorage.setItem('test-skew', String(11 * 60_000)));
  await phone.reload();
  await phone.locator('.contact-lost').waitFor();
  assert.match(await phone.locator('.contact-lost .hour time').innerText(), /^\d\d:\d\d$/);
  const hourPx = await phone.locator('.contact-lost .hour').evaluate((hour) => parseFloat(getComputedStyle(hour).fontSize));
  assert.ok(hourPx >= 48, `the hour is ${hourPx} px high`);
  await mapReady(phone);
  await eventually('the roads still there', 60_000, () => drawnSegmentCount(phone), (count) => count > 0);
  const unconfirmed = await phone.evaluate(() => {
    const { map } = window.yukimichi;
    const legend = /** @type {any} */ (map?.getStyle().metadata)['yukimichi:legend'];
    const { color } = legend.states.find((/** @type {any} */ { name }) => name === 'unconfirmed');
    return map?.getPaintProperty('roads-single', 'line-color') === color;
  });
  assert.equal(unconfirmed, true);
  await docsScreenshot(phone, 'page-offline-phone');

  await phone.evaluate(() => localStorage.removeItem('test-skew'));
  await phone.context().setOffline(false);
  await phone.locator('.contact-lost').waitFor({ state: 'detached' });
  await phone.locator('.contact.good').waitFor();
  await phone.context().close();
});
