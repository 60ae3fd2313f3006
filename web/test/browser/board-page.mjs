import { at, officer, session } from './session.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** What the board shows as 未接続 where a server does not offer it. */
const MAY_BE_MISSING = /\/api\/v1\/(dispatches|rules)$/;

/**
 * Notes what goes wrong on the page, but for interfaces that a server may lack.
 * @param {Page} watched
 */
export async function noteBoardErrors(watched) {
  watched.on('console', (message) => {
    if (message.type() !== 'error' || MAY_BE_MISSING.test(message.location().url)) return;
    session.consoleErrors.push(`${message.text()} ${message.location().url}`);
  });
  watched.on('pageerror', (error) => session.consoleErrors.push(String(error)));
}

/**
 * Signs the demo's officer in, and waits for the first screen.
 * @param {Page} page
 * @param {string} path
 */
export async function signIn(page, path = '/board') {
  const { email, password } = officer();
  await page.goto(at(path));
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[name=password]').fill(password);
  await page.locator('form button').click();
  await page.locator('[data-tile=closures] ul').waitFor();
}

/**
 * Asks as the page does, with its cookie and token.
 * @param {Page} page
 * @param {string} path
 */
export function answerTo(page, path) {
  return page.evaluate(async (asked) => (await fetch(asked)).json(), path);
}
