import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { axeViolations } from '../axe.mjs';
import { answerTo, noteBoardErrors, signIn } from '../board-page.mjs';
import { at, getJson, openPage, screenshot } from '../session.mjs';

/** @type {import('playwright-core').Page} */
let page;

test('in three taps an officer records what was said on the telephone', async () => {
  page = await openPage({}, noteBoardErrors);
  await signIn(page);
  // A zone that nobody publishes is named once.
  await page.locator('[data-action=other-zone]').click();
  await page.locator('dialog input[name=zone]').fill('試験工区');
  await page.locator('dialog [data-state=ordered]').click();
  assert.deepEqual(await axeViolations(page), []);
  await screenshot(page, 'board-report');
  await page.locator('dialog [data-action=record]').click();
  const zone = page.locator('[data-zone=試験工区]');
  await zone.locator('.ordered').waitFor();

  let taps = 0;
  const tap = async (/** @type {import('playwright-core').Locator} */ what) => {
    taps += 1;
    await what.click();
  };
  await tap(zone);
  await tap(page.locator('dialog [data-state=started]'));
  await tap(page.locator('dialog [data-action=record]'));
  await zone.locator('.started').waitFor();
  assert.equal(taps, 3);
  assert.match(await zone.innerText(), /申告/);
});

test('who accepts on the telephone has a name, which only the own manager reads', async () => {
  const zone = page.locator('[data-zone=試験工区]');
  await zone.click();
  await page.locator('dialog [data-state=accepted]').click();
  await page.locator('dialog [data-action=record]').click();
  const name = page.locator('dialog input[name=said_by]');
  assert.equal(await name.evaluate((input) => /** @type {HTMLInputElement} */ (input).validity.valueMissing), true);
  await name.fill('模擬建設 田中');
  await page.locator('dialog [data-action=record]').click();
  await zone.locator('.accepted').waitFor();
  assert.match(await zone.innerText(), /田中/);
  assert.doesNotMatch(JSON.stringify(await getJson('/api/v1/orders')), /田中/);
});

test('coverage is told as bars and tables, and as CSV that Excel reads', async () => {
  await page.locator('nav button', { hasText: '除雪状況' }).click();
  await page.locator('[data-tile=coverage-bars] svg').first().waitFor();
  assert.equal(new URL(page.url()).search, '?section=coverage');
  const coverage = await getJson('/api/v1/coverage');
  assert.ok(coverage.total.total_m > 0);
  assert.deepEqual(await axeViolations(page), []);
  await screenshot(page, 'board-coverage');
  const table = page.locator('[data-table=by-manager]');
  const [download] = await Promise.all([page.waitForEvent('download'), table.locator('button').click()]);
  const bytes = await readFile(await download.path());
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  assert.match(bytes.toString('utf8'), /道路管理者.*\r\n雪道国道事務所,/);
});

test('readings, plans and the quarantine are lists of their own', async () => {
  await page.locator('nav button', { hasText: 'データ' }).click();
  for (const name of ['stations', 'closures', 'plans', 'quarantine']) await page.locator(`[data-table=${name}]`).waitFor();
  assert.deepEqual(await axeViolations(page), []);
  await page.goBack();
  await page.locator('[data-tile=coverage-bars]').waitFor();
});

test('an admin lets a viewer in, who looks and records nothing', async () => {
  await page.locator('nav button', { hasText: '利用者' }).click();
  await page.locator('form input[name=email]').fill('viewer@demo.example');
  await page.locator('form input[name=name]').fill('模擬 閲覧');
  await page.locator('form select[name=role]').selectOption('viewer');
  await page.locator('form button.primary').click();
  const link = await page.locator('input[name=link]').inputValue();
  assert.match(link, /\/board#invitation=[0-9a-f]{64}$/);
  await page.locator('[data-account="viewer@demo.example"]').waitFor();
  assert.deepEqual(await axeViolations(page), []);
  await screenshot(page, 'board-accounts');

  const viewer = await openPage({}, noteBoardErrors);
  await viewer.goto(link);
  await viewer.locator('input[name=password]').fill('ゆきがふるゆきがふるゆき');
  await viewer.locator('form button').click();
  await viewer.locator('[data-tile=closures] ul').waitFor();
  assert.equal(new URL(viewer.url()).hash, '');
  assert.equal(await viewer.locator('[data-action=draw-closure], [data-action=other-zone]').count(), 0);
  assert.equal(await viewer.locator('nav button', { hasText: '利用者' }).count(), 0);
  assert.equal((await answerTo(viewer, '/api/v1/session')).managers[0].role, 'viewer');
  await viewer.context().close();
  await page.context().close();
});

test('whose session is over is asked for the password again', async () => {
  const other = await openPage();
  await signIn(other);
  await other.context().clearCookies();
  await other.locator('[data-action=other-zone]').click();
  await other.locator('dialog input[name=zone]').fill('試験工区');
  await other.locator('dialog [data-state=done]').click();
  await other.locator('dialog [data-action=record]').click();
  await other.locator('input[name=password]').waitFor();
  assert.equal(new URL(other.url()).pathname, new URL(at('/board')).pathname);
  await other.context().close();
});
