import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segmentsOf, townOfficial } from '../by-hand.mjs';
import { eventually } from '../eventually.mjs';
import { mapIdle, mapReady, pixelCounts } from '../map-probe.mjs';
import { docsScreenshot, getJson, noteErrors, openPage, session } from '../session.mjs';

const CLOSED = '#d3002d';
const WINTER = '#4b5fd6';
const HOUR_MS = 3_600_000;

test('closures come before all else: counted, listed with reason and time, and a tap leads there', { skip: session.dataDir === null }, async () => {
  const official = await townOfficial(String(session.dataDir));
  const nowMs = Date.parse((await getJson('/api/v1/feeds')).now);
  const inHours = (/** @type {number} */ hours) => new Date(nowMs + hours * HOUR_MS).toISOString();
  const page = await openPage({}, noteErrors);
  await page.goto(session.url);
  await mapReady(page);
  await page.locator('.band .none').waitFor();

  await official.close({
    kind: 'closed',
    reason: '倒木のため',
    until: inHours(400),
    place: { segments: (await segmentsOf(/^町道東町4号線$/)).slice(0, 4) },
  });
  await official.close({
    kind: 'winter',
    reason: '積雪',
    since: inHours(-600),
    until: inHours(2400),
    place: { segments: (await segmentsOf(/雪道峠線$/)).slice(0, 12) },
  });
  await official.close({
    kind: 'one_lane',
    since: inHours(400),
    daily: { from: '21:00', until: '05:00' },
    place: { segments: (await segmentsOf(/^町道中央14号線$/)).slice(0, 2) },
  });

  await page.locator('.band .count.closed').waitFor();
  await page.locator('.band .count.winter').waitFor();
  assert.match(await page.locator('.band').innerText(), /通行止め[^]*1[^]*冬期閉鎖[^]*1/);
  await eventually(
    'both barriers on the map',
    30_000,
    () => pixelCounts(page, [CLOSED, WINTER]),
    (counts) => Object.values(counts).every((count) => count > 10),
  );

  await page.locator('.band').click();
  const closed = page.locator('.panel [data-closure=closed]');
  await closed.waitFor();
  await eventually('the road’s name', 30_000, () => closed.innerText(), (text) => text.includes('町道東町4号線'));
  assert.match(await closed.innerText(), /倒木のため[^]*開始[^]*終了予定[^]*道路管理者[^]*雪道町[^]*担当者の入力/);
  assert.match(await page.locator('.panel [data-closure=one_lane]').innerText(), /これから始まります[^]*毎日[^]*21:00–05:00/);
  await mapIdle(page);
  await docsScreenshot(page, 'page-closures');

  const before = await page.evaluate(() => window.yukimichi.map?.getZoom() ?? 0);
  await closed.locator('button').click();
  await eventually(
    'the map nearer',
    30_000,
    () => page.evaluate(() => window.yukimichi.map?.getZoom() ?? 0),
    (zoom) => zoom > before + 1,
  );
  await page.context().close();
});
