import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeViolations } from '../axe.mjs';
import { answerTo, noteBoardErrors, signIn } from '../board-page.mjs';
import { PHONE } from '../chromium.mjs';
import { mapIdle, mapReady } from '../map-probe.mjs';
import { at, officer, openPage, screenshot } from '../session.mjs';

const WALL = { width: 2560, height: 1440 };
const LEAST_TOUCH_PX = 44;

test('the board asks for a password, and a wrong one is refused in words', async () => {
  // The browser itself writes a refused sign-in to the console.
  const page = await openPage();
  await page.goto(at('/board'));
  const form = page.locator('form');
  await form.waitFor();
  assert.equal(await page.locator('[data-tile]').count(), 0);
  assert.deepEqual(await axeViolations(page), []);
  await screenshot(page, 'board-sign-in');
  await page.locator('input[name=email]').fill(officer().email);
  await page.locator('input[name=password]').fill('a wrong password');
  await form.locator('button').click();
  await page.locator('[role=alert]').waitFor();
  assert.match(await page.locator('[role=alert]').innerText(), /パスワードが違います/);
  await page.context().close();
});

test('signed in, the first screen tells all without a click', async () => {
  const page = await openPage({}, noteBoardErrors);
  await signIn(page);
  for (const tile of ['counts', 'units', 'stations', 'rules', 'closures', 'feeds', 'zones']) {
    await page.locator(`[data-tile=${tile}]`).waitFor();
  }
  const cookie = (await page.context().cookies()).find(({ name }) => name === 'yukimichi_session');
  assert.ok(cookie?.httpOnly === true && cookie.sameSite === 'Lax', JSON.stringify(cookie));
  await page.locator('canvas.maplibregl-canvas').waitFor();
  assert.deepEqual(await axeViolations(page), []);
  await screenshot(page, 'board');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.locator('html[data-theme=light]').waitFor();
  assert.deepEqual(await axeViolations(page), []);
  await screenshot(page, 'board-light');

  await page.reload();
  await page.locator('[data-tile=closures] ul').waitFor();
  await page.locator('summary').first().click();
  await page.locator('.menu button').first().click();
  await page.locator('input[name=password]').waitFor();
  assert.equal((await answerTo(page, '/api/v1/session')).signed_in, false);
  await page.context().close();
});

test('at /en/board English comes first', async () => {
  const page = await openPage({}, noteBoardErrors);
  await signIn(page, '/en/board');
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.match(await page.locator('h1').innerText(), /^Snow board\s+除雪本部/);
  await page.context().close();
});

test('the board fits a phone and a wall', async () => {
  for (const [name, viewport] of /** @type {const} */ ([['phone', PHONE], ['wall', WALL]])) {
    const page = await openPage({ viewport }, noteBoardErrors);
    await signIn(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), viewport.width);
    const small = await page.evaluate((leastPx) => {
      const controls = [...document.querySelectorAll('button:not([tabindex="-1"]), header a, summary, input, select')];
      return controls
        .map((control) => ({ control, box: control.getBoundingClientRect() }))
        .filter(({ control, box }) => box.height > 0 && box.height < leastPx && !control.closest('.maplibregl-ctrl-attrib'))
        .map(({ control }) => control.outerHTML.slice(0, 120));
    }, LEAST_TOUCH_PX);
    assert.deepEqual(small, []);
    assert.deepEqual(await axeViolations(page), []);
    await mapReady(page);
    await mapIdle(page);
    await screenshot(page, `board-${name}`);
    await page.context().close();
  }
});
