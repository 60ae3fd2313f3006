import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../eventually.mjs';
import { colouredSegmentCount, mapIdle, mapReady, pixelCounts } from '../map-probe.mjs';
import { docsScreenshot, noteErrors, openPage, session } from '../session.mjs';

const WITHIN = '#2f8fff';
const BELOW = '#ff7a1a';

test('the second view colours each road against its own standard, with its legend, and is kept in the address', async () => {
  const page = await openPage({}, noteErrors);
  await page.goto(session.url);
  await mapReady(page);
  await eventually('a cleared road', 90_000, () => colouredSegmentCount(page), (count) => count > 0);
  assert.deepEqual(await pixelCounts(page, [WITHIN, BELOW]), { [WITHIN]: 0, [BELOW]: 0 });

  await page.locator('[data-colouring=standard]').click();
  await page.locator('[data-standard-step]').first().waitFor();
  assert.equal(await page.locator('[data-standard-step]').count(), 9);
  assert.equal(await page.locator('[data-age-step]').count(), 0);
  assert.equal(await page.locator('[data-colouring=standard]').getAttribute('aria-pressed'), 'true');
  const bothSeen = () => eventually(
    'roads within and below their standard',
    30_000,
    () => pixelCounts(page, [WITHIN]),
    (counts) => Object.values(counts).every((count) => count > 20),
  );
  await bothSeen();
  await docsScreenshot(page, 'page-standard');

  assert.match(new URL(page.url()).hash, /^#map=[\d./-]+&view=standard$/);
  await page.reload();
  await mapReady(page);
  await page.locator('[data-standard-step]').first().waitFor();
  await bothSeen();
  await page.locator('[data-colouring=ages]').click();
  await page.locator('[data-age-step]').first().waitFor();
  await mapIdle(page);
  assert.doesNotMatch(page.url(), /view=/);
  await page.context().close();
});
