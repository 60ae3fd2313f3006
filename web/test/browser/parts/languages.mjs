import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE } from '../chromium.mjs';
import { mapIdle, mapReady } from '../map-probe.mjs';
import { at, docsScreenshot, noteErrors, openPage, screenshot, session } from '../session.mjs';

const TOOLS = ['search', 'roads', 'stations', 'feeds', 'settings'];

test('やさしい日本語 is reached from the settings, keeps the view, and stands alone in every panel', async () => {
  const phone = await openPage({ viewport: PHONE, hasTouch: true, isMobile: true }, noteErrors);
  await phone.goto(at('/ja#map=13.5/40.7/140.6&view=standard'));
  await mapReady(phone);
  await phone.locator('[data-tool=settings]').tap();
  await phone.getByRole('link', { name: 'やさしい日本語' }).tap();
  await phone.waitForURL(/\/ja\?easy/);
  await mapReady(phone);
  assert.match(phone.url(), /view=standard/);
  assert.match(phone.url(), /#map=13\.5\//);
  assert.equal(await phone.locator('html').getAttribute('lang'), 'ja');
  for (const tool of TOOLS) {
    await phone.locator(`[data-tool=${tool}]`).tap();
    await phone.locator('.panel').waitFor();
    const inEnglish = await phone.locator('[lang=en]').evaluateAll((texts) =>
      texts.filter((text) => text.checkVisibility() && text.getAttribute('hreflang') === null).map((text) => text.textContent),
    );
    assert.deepEqual(inEnglish, [], `in ${tool}`);
  }
  await phone.keyboard.press('Escape');
  await mapIdle(phone);
  await docsScreenshot(phone, 'page-easy-phone');
  await phone.context().close();
});

test('at /en every panel’s title is in English first', async () => {
  const page = await openPage({}, noteErrors);
  await page.goto(at('/en'));
  await mapReady(page);
  for (const tool of TOOLS) {
    await page.locator(`[data-tool=${tool}]`).click();
    const title = page.locator('.panel h2 .first');
    await title.waitFor();
    assert.match(String(await title.textContent()), /^[\x20-\x7e–’]+$/);
  }
  await screenshot(page, 'english-desktop');
  await page.context().close();
});

test('a shared link tells when it was made, and that what is shown is now', async () => {
  const page = await openPage({ permissions: ['clipboard-read', 'clipboard-write'] }, noteErrors);
  await page.goto(at('/#shared=2026-01-20T21:12:00.000Z'));
  await page.locator('.shared').waitFor();
  assert.match(await page.locator('.shared').innerText(), /1月21日 06:12[^]*現在の状況/);
  await page.locator('.shared button').click();
  await page.locator('.shared').waitFor({ state: 'detached' });
  assert.equal(new URL(page.url()).origin, new URL(session.url).origin);
  await page.context().close();
});
