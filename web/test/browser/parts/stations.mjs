import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE } from '../chromium.mjs';
import { mapIdle, mapReady } from '../map-probe.mjs';
import { getJson, openPage, screenshot, session } from '../session.mjs';

/** Three stations in the API's own form: one rising, one without a value, one whose value failed its check. */
export async function answerStations(/** @type {import('playwright-core').Page} */ page) {
  const { now } = await getJson('/api/v1/feeds');
  const { bounds } = await getJson('/tiles/roads');
  const [west, south, east, north] = bounds;
  const place = (/** @type {number} */ share) => ({
    type: 'Point',
    coordinates: [west + (east - west) * share, south + (north - south) * 0.55],
  });
  const names = { rising: '雪道北', silent: '雪道峠', spiking: '雪道南' };
  const stations = Object.entries(names).map(([station, ja], nth) => ({
    type: 'Feature',
    id: `test/${station}`,
    geometry: place(0.3 + 0.2 * nth),
    properties: { feed: 'test', station, name: { ja, en: station }, elevation_m: 100 * nth },
  }));
  const reading = (/** @type {string} */ station, /** @type {number} */ hoursAgo, /** @type {number | null} */ value, flag = 'pass', reason = '') => ({
    type: 'Feature',
    id: `test/${station}/${hoursAgo}`,
    geometry: null,
    properties: {
      feed: 'test',
      station,
      quantity: 'depth_cm',
      observed_at: new Date(Date.parse(now) - hoursAgo * 3_600_000).toISOString(),
      value,
      flag,
      reason,
    },
  });
  const observations = [
    reading('rising', 3, 40),
    reading('rising', 0.2, 52),
    reading('silent', 2, 88),
    reading('silent', 0.2, null, 'missing', '通信途絶'),
    reading('spiking', 0.2, 300, 'fail', '10分で15 cm超の変化'),
  ];
  const list = (/** @type {unknown[]} */ features) => ({ json: { type: 'FeatureCollection', now, next: null, features } });
  await page.route(/\/api\/v1\/stations/, (route) => route.fulfill(list(stations)));
  await page.route(/\/api\/v1\/observations/, (route) => route.fulfill(list(observations)));
}

test('stations tell depth, trend and flag, on the map and as a list, and never 0 for a missing value', async () => {
  const phone = await openPage({ viewport: PHONE, hasTouch: true, isMobile: true }, answerStations);
  await phone.goto(session.url);
  await mapReady(phone);
  await phone.locator('[data-tool=stations]').tap();
  const told = (/** @type {string} */ station) => phone.locator(`[data-station="test/${station}"]`).innerText();
  await phone.locator('[data-station]').first().waitFor();
  assert.match(await told('rising'), /雪道北[^]*52\s*cm[^]*増加[^]*\+4\.\d cm\/h/);
  assert.match(await told('silent'), /欠測[^]*通信途絶[^]*直近の有効値[^]*88 cm/);
  assert.doesNotMatch(await told('silent'), /(^|\D)0\s*cm/);
  assert.match(await told('spiking'), /300\s*cm[^]*異常値[^]*10分で15 cm超の変化/);
  assert.equal(await phone.locator('[data-station]').first().getAttribute('data-station'), 'test/rising');
  await mapIdle(phone);
  await screenshot(phone, 'stations-phone');
  const drawn = await phone.evaluate(() =>
    (window.yukimichi.map?.queryRenderedFeatures({ layers: ['page-stations'] }) ?? []).map(({ properties }) => properties['label']),
  );
  assert.deepEqual(drawn.sort(), ['300cm?', '52cm↑', '欠測']);
  await phone.context().close();
});
