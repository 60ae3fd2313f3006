import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import { DESKTOP, launchChromium } from './chromium.mjs';
import { DemoProcess } from './demo-process.mjs';

/** @typedef {import('playwright-core').Page} Page */

export const RESULTS = join(import.meta.dirname, '../../test-results');
const IMAGES = join(import.meta.dirname, '../../../docs/images');

/** So fast that a few hours of the night pass in a test. */
const DEMO_SPEED = 60;

/** A demo of the test's own, or the one at YUKIMICHI_URL. */
export const usesOwnDemo = process.env['YUKIMICHI_URL'] === undefined;

/** @type {DemoProcess | null} */
const demo = usesOwnDemo ? await DemoProcess.start(DEMO_SPEED) : null;
/** @type {import('playwright-core').Browser | null} */
let browser = null;

/** Ends what was started. */
export async function stop() {
  await browser?.close();
  const exitCode = (await demo?.stop()) ?? null;
  await demo?.removeData();
  return { exitCode, log: demo?.log() ?? '' };
}

/**
 * What all tests share. No other module of the tests awaits anything while it is loaded: their tests
 * would no longer come in order.
 */
export const session = await start().catch(async (error) => {
  await stop();
  throw error;
});

after(stop);
// The test runner ends a file that takes too long.
process.once('SIGTERM', () => void stop().finally(() => process.exit(1)));

async function start() {
  await mkdir(RESULTS, { recursive: true });
  const url = (await demo?.url()) ?? String(process.env['YUKIMICHI_URL']);
  browser = await launchChromium();
  const consoleErrors = /** @type {string[]} */ ([]);
  const requestedUrls = /** @type {string[]} */ ([]);
  return { url, browser, consoleErrors, requestedUrls, dataDir: demo?.dataDir ?? null };
}

/** With what an officer signs in to the board: of the own demo, or of `YUKIMICHI_OFFICER` as `address:password`. */
export function officer() {
  if (demo !== null) return demo.officer();
  const [email = '', password = ''] = String(process.env['YUKIMICHI_OFFICER']).split(':');
  return { email, password };
}

/**
 * Exports from the demo of the test's own; where the file is.
 * @param {string} kind
 * @param {string} name
 */
export async function exportFile(kind, name) {
  const path = join(RESULTS, name);
  await demo?.export(kind, path);
  return path;
}

/** @param {string} path */
export function at(path) {
  return new URL(path, session.url).href;
}

/** @param {string} path */
export async function getJson(path) {
  const answer = await fetch(at(path));
  if (!answer.ok) throw new Error(`HTTP ${answer.status} for ${path}`);
  return /** @type {any} */ (await answer.json());
}

/**
 * @param {import('playwright-core').BrowserContextOptions} options
 * @param {(page: Page) => Promise<unknown>} prepare
 */
export async function openPage(options = {}, prepare = async () => {}) {
  const context = await session.browser.newContext({ viewport: DESKTOP, locale: 'ja-JP', colorScheme: 'dark', serviceWorkers: 'block', ...options });
  context.on('request', (request) => session.requestedUrls.push(request.url()));
  const opened = await context.newPage();
  await prepare(opened);
  return opened;
}

/** @param {Page} watched */
export async function noteErrors(watched) {
  watched.on('console', (message) => message.type() === 'error' && session.consoleErrors.push(message.text()));
  watched.on('pageerror', (error) => session.consoleErrors.push(String(error)));
}

/** @param {Page} shot @param {string} name */
export async function screenshot(shot, name) {
  await shot.screenshot({ path: join(RESULTS, `${name}.png`) });
}

/**
 * A picture that the README or docs/ shows; kept there where UPDATE_SCREENSHOTS=1.
 * @param {Page} shot
 * @param {string} name
 */
export async function docsScreenshot(shot, name) {
  await screenshot(shot, name);
  if (process.env['UPDATE_SCREENSHOTS'] !== '1') return;
  await mkdir(IMAGES, { recursive: true });
  await copyFile(join(RESULTS, `${name}.png`), join(IMAGES, `${name}.png`));
}
