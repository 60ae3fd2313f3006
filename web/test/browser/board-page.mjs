import { at, officer } from './session.mjs';

/** @typedef {import('playwright-core').Page} Page */

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
