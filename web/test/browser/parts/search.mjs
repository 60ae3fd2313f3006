import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../eventually.mjs';
import { mapIdle, mapReady } from '../map-probe.mjs';
import { noteErrors, openPage, screenshot, session } from '../session.mjs';

test('a road is found by its name or number, and the map goes there', async () => {
  const page = await openPage({}, noteErrors);
  await page.goto(session.url);
  await mapReady(page);
  await mapIdle(page);
  await page.locator('[data-tool=search]').click();
  const words = page.locator('#search-words');
  await words.fill('９９９');
  await page.locator('.panel li button').first().waitFor();
  assert.match(await page.locator('.panel li button').first().innerText(), /国道999号/);
  // A small street, which no tile of this scale shows: only the server knows it.
  await words.fill('東町4号');
  await page.locator('.panel li button', { hasText: '町道東町4号線' }).waitFor();
  await words.fill('そんな道はない');
  await page.getByText('見つかりません').waitFor();
  await words.fill('雪道峠');
  await page.locator('.panel li button').first().waitFor();
  await screenshot(page, 'search-desktop');
  const before = await page.evaluate(() => window.yukimichi.map?.getCenter().lat ?? 0);
  await words.press('Enter');
  await eventually(
    'the map at the pass, north of the town',
    30_000,
    () => page.evaluate(() => window.yukimichi.map?.getCenter().lat ?? 0),
    (latitude) => latitude > before + 0.001,
  );
  await page.context().close();
});

test('the map’s content is a list too, worst first, from which the keyboard opens a road', async () => {
  const page = await openPage({}, noteErrors);
  await page.goto(session.url);
  await mapReady(page);
  await mapIdle(page);
  await page.locator('[data-tool=roads]').focus();
  await page.keyboard.press('Enter');
  await page.locator('.panel [data-state-code]').first().waitFor();
  const codes = await page.locator('.panel [data-state-code]').evaluateAll((entries) =>
    entries.map((entry) => Number(entry.getAttribute('data-state-code'))),
  );
  const rank = [6, 3, 1, 5, 2, 4, 8, 7, 0];
  assert.deepEqual(codes, [...codes].sort((a, b) => rank.indexOf(a) - rank.indexOf(b)));
  await screenshot(page, 'list-desktop');
  await page.locator('.panel [data-state-code] button').first().focus();
  await page.keyboard.press('Enter');
  await page.locator('.panel .next').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.panel').waitFor({ state: 'detached' });
  await page.context().close();
});
