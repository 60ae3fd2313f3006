import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segmentsOf, townOfficial } from '../by-hand.mjs';
import { PHONE } from '../chromium.mjs';
import { eventually } from '../eventually.mjs';
import { mapIdle, mapReady } from '../map-probe.mjs';
import { at, docsScreenshot, getJson, noteErrors, openPage, screenshot, session } from '../session.mjs';

const HOUR_MS = 3_600_000;

/** The middle of a stretch and its name. */
async function middleOf(/** @type {number} */ segmentId) {
  const { name, geometry } = await getJson(`/api/v1/segments/${segmentId}`);
  const { coordinates } = geometry;
  const [a, b] = [coordinates[Math.floor((coordinates.length - 1) / 2)], coordinates[Math.floor((coordinates.length - 1) / 2) + 1]];
  return { name, longitude: (a[0] + b[0]) / 2, latitude: (a[1] + b[1]) / 2 };
}

test('in three taps: is my way cleared, by whom, when, and what comes next?', { skip: session.dataDir === null }, async () => {
  const [longest] = await byLength(await segmentsOf(/^国道999号$/));
  assert.ok(longest !== undefined);
  const official = await townOfficial(String(session.dataDir));
  const nowMs = Date.parse((await getJson('/api/v1/feeds')).now);
  await official.plan({
    work_kind: 'hauling',
    from: new Date(nowMs + 100 * HOUR_MS).toISOString(),
    until: new Date(nowMs + 105 * HOUR_MS).toISOString(),
    note: '路上駐車をご遠慮ください',
    place: { segments: [longest] },
  });
  const { name, ...geolocation } = await middleOf(longest);
  const phone = await openPage(
    { viewport: PHONE, hasTouch: true, isMobile: true, geolocation, permissions: ['geolocation'] },
    noteErrors,
  );
  await phone.goto(session.url);
  await mapReady(phone);

  await phone.locator('[data-tool=here]').tap();
  await phone.waitForFunction(() => (window.yukimichi.map?.getZoom() ?? 0) >= 14.9);
  await mapIdle(phone);
  const point = await phone.evaluate(({ longitude, latitude }) => {
    const map = window.yukimichi.map;
    if (map === null) throw new Error('no map');
    const { x, y } = map.project([longitude, latitude]);
    const box = map.getContainer().getBoundingClientRect();
    return { x: x + box.x, y: y + box.y };
  }, geolocation);
  await phone.touchscreen.tap(point.x, point.y);
  const card = phone.locator('.panel');
  await card.locator('.next').waitFor();
  assert.equal(await card.locator('h2').innerText().then((text) => text.includes(name)), true);
  await eventually(
    'the plan on the card',
    30_000,
    () => card.innerText(),
    (text) => /道路管理者[^]*雪道国道事務所[^]*最終除雪|除雪の記録なし/.test(text) && /これからの作業[^]*運搬排雪[^]*予定[^]*路上駐車/.test(text),
  );
  await mapIdle(phone);
  await docsScreenshot(phone, 'page-road-card-phone');
  await card.locator('.next').scrollIntoViewIfNeeded();
  await screenshot(phone, 'what-next-phone');

  const linked = await openPage({}, noteErrors);
  await linked.goto(phone.url());
  await linked.locator('.panel .next').waitFor();
  assert.equal(await linked.locator('.panel h2').innerText(), await card.locator('h2').innerText());
  await linked.context().close();
  await phone.context().close();
});

test('a road without plans says that none was received, not that none will come', async () => {
  const { items } = await getJson('/api/v1/feeds');
  assert.ok(items.length > 0);
  const [segment] = await segmentsOf(/^県道904号/);
  const page = await openPage({}, noteErrors);
  await page.goto(at(`/#road=${segment}`));
  await page.locator('.panel .next').waitFor();
  assert.match(await page.locator('.panel .next').innerText(), /作業がないという意味ではありません/);
  await page.context().close();
});

test('where the reader may not be located the page says why', async () => {
  const page = await openPage({ permissions: [] }, (opened) =>
    opened.addInitScript(() => {
      /** @type {any} */ (navigator.geolocation).getCurrentPosition = (/** @type {any} */ _found, /** @type {any} */ failed) =>
        failed({ code: 1, PERMISSION_DENIED: 1 });
    }),
  );
  await page.goto(session.url);
  await mapReady(page);
  await page.locator('[data-tool=here]').click();
  await page.locator('.notices .bad').waitFor();
  assert.match(await page.locator('.notices').innerText(), /位置情報の利用が許可されていません/);
  await page.context().close();
});

async function byLength(/** @type {number[]} */ ids) {
  const segments = await Promise.all(ids.slice(0, 20).map((id) => getJson(`/api/v1/segments/${id}`)));
  return segments.sort((a, b) => b.length_m - a.length_m).map(({ id }) => /** @type {number} */ (id));
}
