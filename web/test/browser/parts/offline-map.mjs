import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { DESKTOP } from '../chromium.mjs';
import { serveOfflinePage, showFile } from '../offline-page.mjs';
import { exportFile, getJson, screenshot, session, usesOwnDemo } from '../session.mjs';

test('an exported PMTiles file is a map without any network', { skip: !usesOwnDemo }, async () => {
  const path = await exportFile('pmtiles', 'night.pmtiles');
  const style = await getJson('/style.json');
  const elsewhere = await serveOfflinePage();
  const context = await session.browser.newContext({ viewport: DESKTOP, locale: 'ja-JP' });
  try {
    const page = await context.newPage();
    const errors = /** @type {string[]} */ ([]);
    const requested = /** @type {string[]} */ ([]);
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(elsewhere.url);
    await page.waitForSelector('body.ready');
    await context.setOffline(true);
    context.on('request', (request) => requested.push(request.url()));
    await page.setInputFiles('#file', path);
    const shown = await showFile(page, style);
    await screenshot(page, 'offline-map');
    assert.deepEqual(errors, []);
    assert.deepEqual(requested.filter((url) => !/^(blob|data):/.test(url)), [], 'asked nobody');
    assert.deepEqual([shown.minZoom, shown.maxZoom], [5, 14]);
    assert.equal(shown.metadata.simulated, true);
    const [first] = shown.metadata.attribution.split(' | ');
    assert.ok(first.length > 0 && shown.attribution.includes(first), `${first} stands in ${shown.attribution}`);
    assert.ok(shown.features.length >= 20, `${shown.features.length} roads are drawn`);
    for (const { properties } of shown.features) assert.equal(typeof properties.status, 'number');
    const single = shown.features.find((/** @type {any} */ { properties }) => properties.agg === undefined);
    assert.equal((await getJson(`/api/v1/segments/${single.id}`)).id, single.id, 'a road that the server knows');
  } finally {
    await context.close();
    await elsewhere.stop();
  }
});

test('the CSV opens in Excel and has a row per segment', { skip: !usesOwnDemo }, async () => {
  const bytes = await readFile(await exportFile('csv', 'night.csv'));
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const lines = bytes.toString('utf8').trimEnd().split('\r\n');
  assert.ok(lines.length > 100, `${lines.length} lines`);
  assert.ok(lines.slice(1).every((line) => line.endsWith(',1')), 'simulated');
});
