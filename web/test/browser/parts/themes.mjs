import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../eventually.mjs';
import { mapIdle, mapReady, pixelCounts } from '../map-probe.mjs';
import { noteErrors, openPage, screenshot, session } from '../session.mjs';

const GROUNDS = { dark: '#171c24', light: '#e9eef3' };

/** @param {import('playwright-core').Page} page @param {'dark' | 'light'} theme */
async function isShown(page, theme) {
  await page.locator(`html[data-theme=${theme}]`).waitFor();
  await eventually(
    `a ${theme} map`,
    30_000,
    () => pixelCounts(page, Object.values(GROUNDS)),
    (counts) => Object.entries(GROUNDS).every(([name, colour]) => (name === theme ? (counts[colour] ?? 0) > 10_000 : (counts[colour] ?? 0) < 100)),
  );
}

test('page and map are dark or light as the device is, or as the reader chose', async () => {
  const page = await openPage({ colorScheme: 'light' }, noteErrors);
  await page.goto(session.url);
  await mapReady(page);
  await isShown(page, 'light');
  await mapIdle(page);
  await screenshot(page, 'light-desktop');
  await page.emulateMedia({ colorScheme: 'dark' });
  await isShown(page, 'dark');
  await page.locator('[data-tool=settings]').click();
  await page.locator('input[value=light]').check();
  await isShown(page, 'light');
  await page.reload();
  await mapReady(page);
  await isShown(page, 'light');
  assert.equal(await page.locator('meta[name=theme-color]').getAttribute('content'), '#ffffff');
  await page.context().close();
});
