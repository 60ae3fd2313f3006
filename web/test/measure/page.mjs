// What the driver's page costs a phone: bytes of the first view, time until it can be used, bytes of an idle minute.
// Prints a table; nothing is asserted, since times are the machine's.
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium, PHONE } from '../browser/chromium.mjs';
import { BINARY, DemoProcess } from '../browser/demo-process.mjs';
import { eventually } from '../browser/eventually.mjs';
import { drawnSegmentCount, mapIdle, mapReady } from '../browser/map-probe.mjs';

const ROUNDS = 5;
const IDLE_MS = 60_000;
/** Lighthouse's simulated slow 4G, and its four times slower processor. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: (1.6 * 1024 * 1024) / 8, uploadThroughput: (750 * 1024) / 8 };
const SLOWER_PROCESSOR = 4;

const browser = await launchChromium();
try {
  await measureFirstView();
  await measureIdleMinute();
} finally {
  await browser.close();
}

async function measureFirstView() {
  const demo = await DemoProcess.start(1);
  try {
    const url = await demo.url();
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await firstView(url));
    const median = (/** @type {(round: any) => number} */ of) => rounds.map(of).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
    console.log(`first view, ${PHONE.width} × ${PHONE.height}, 1.6 Mbit/s, 150 ms, processor ÷ ${SLOWER_PROCESSOR}, median of ${ROUNDS}:`);
    console.log(`  page, style, lists      ${kb(median(({ bytes }) => bytes.shell))} kB compressed`);
    console.log(`  map library (lazy)      ${kb(median(({ bytes }) => bytes.map))} kB compressed`);
    console.log(`  tiles                   ${kb(median(({ bytes }) => bytes.tiles))} kB compressed`);
    console.log(`  controls can be used    ${Math.round(median(({ usableMs }) => usableMs))} ms`);
    console.log(`  closures are told       ${Math.round(median(({ closuresMs }) => closuresMs))} ms`);
    console.log(`  roads are drawn         ${Math.round(median(({ drawnMs }) => drawnMs))} ms`);
    console.log(`  longest task until then ${Math.round(median(({ longestTaskMs }) => longestTaskMs))} ms`);
  } finally {
    await demo.stop();
    await demo.removeData();
  }
}

/** @param {string} url */
async function firstView(url) {
  const { page, bytesOf, client, close } = await phonePage();
  await client.send('Network.emulateNetworkConditions', SLOW_4G);
  await client.send('Emulation.setCPUThrottlingRate', { rate: SLOWER_PROCESSOR });
  await page.addInitScript(() => {
    const tasks = /** @type {number[]} */ ([]);
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    Object.assign(window, { longTasks: tasks });
    const marks = {
      // The last of the controls to come is the legend.
      usable: '.legend button',
      closures: '.band .none, .band .count',
    };
    for (const [name, selector] of Object.entries(marks)) {
      new MutationObserver((_changes, observer) => {
        if (document.querySelector(selector) === null) return;
        observer.disconnect();
        // A task of its own: what stood in the way of a tap has ended by then.
        setTimeout(() => performance.mark(name));
      }).observe(document, { childList: true, subtree: true });
    }
  });
  await page.goto(url);
  await mapReady(page);
  await eventually('roads', 60_000, () => drawnSegmentCount(page), (count) => count > 0);
  const drawnMs = await page.evaluate(() => performance.now());
  await mapIdle(page);
  const markMs = (/** @type {string} */ mark) => page.evaluate((name) => performance.getEntriesByName(name)[0]?.startTime ?? NaN, mark);
  const [usableMs, closuresMs] = [await markMs('usable'), await markMs('closures')];
  const longestTaskMs = await page.evaluate(() => Math.max(0, .../** @type {any} */ (window).longTasks));
  const bytes = {
    map: bytesOf((path) => /\/assets\/(road-map|maplibre)/.test(path)),
    tiles: bytesOf((path) => /^\/tiles\/roads\/\d/.test(path)),
    shell: bytesOf((path) => !/\/assets\/(road-map|maplibre)|^\/tiles\/roads\/\d|^\/api\/v1\/events/.test(path)),
  };
  await close();
  return { bytes, usableMs, closuresMs, drawnMs, longestTaskMs };
}

/** On a server of which nothing changes: one that has roads and no feed. */
async function measureIdleMinute() {
  const dataDir = await mkdtemp(join(tmpdir(), 'yukimichi-page-bench-'));
  await chmod(dataDir, 0o755);
  const config = join(dataDir, 'idle.toml');
  const roads = join(dataDir, 'grid.geojson');
  const port = await freePort();
  await writeFile(config, `data_dir = ${JSON.stringify(dataDir)}\n[http]\nlisten = "127.0.0.1:${port}"\n`);
  await writeFile(roads, JSON.stringify(grid()));
  await ended(spawn(BINARY, ['roads', 'import', roads, '--config', config], { stdio: 'ignore' }));
  const server = spawn(BINARY, ['run', '--config', config], { stdio: 'ignore' });
  try {
    const url = `http://127.0.0.1:${port}/`;
    await eventually('the server', 60_000, () => fetch(`${url}readyz`).then(({ ok }) => ok, () => false), (ok) => ok);
    const { page, bytesOf, forget, close } = await phonePage();
    await page.goto(url);
    await mapReady(page);
    await mapIdle(page);
    const tileBytes = bytesOf((path) => /^\/tiles\/roads\/\d/.test(path));
    await sleep(5_000);
    forget();
    await sleep(IDLE_MS);
    const all = bytesOf(() => true);
    console.log('an idle minute (nothing changes, 400 roads in view):');
    console.log(`  event stream            ${bytesOf((path) => path === '/api/v1/events')} bytes`);
    console.log(`  tiles asked for again   ${bytesOf((path) => /^\/tiles\/roads\/\d/.test(path))} bytes`);
    console.log(`  contact, lists, style   ${bytesOf((path) => /^\/(api\/v1\/(?!events)|style)/.test(path))} bytes`);
    console.log(`  all                     ${all} bytes; the tiles of the first view: ${tileBytes} bytes`);
    await close();
  } finally {
    server.kill('SIGTERM');
    await ended(server);
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function phonePage() {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true, serviceWorkers: 'block' });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send('Network.enable');
  const paths = /** @type {Map<string, string>} */ (new Map());
  let received = /** @type {{ path: string, bytes: number }[]} */ ([]);
  const take = (/** @type {string} */ id, /** @type {number} */ bytes) => received.push({ path: paths.get(id) ?? '', bytes });
  client.on('Network.requestWillBeSent', ({ requestId, request }) => paths.set(requestId, new URL(request.url).pathname));
  // Headers too, as they came over the wire; a stream tells of its body as it goes on.
  client.on('Network.responseReceived', ({ requestId, response }) => take(requestId, response.encodedDataLength));
  client.on('Network.dataReceived', ({ requestId, encodedDataLength, dataLength }) =>
    take(requestId, paths.get(requestId) === '/api/v1/events' ? Math.max(encodedDataLength, dataLength) : encodedDataLength),
  );
  const bytesOf = (/** @type {(path: string) => boolean} */ of) =>
    received.filter(({ path }) => of(path)).reduce((sum, { bytes }) => sum + Math.max(0, bytes), 0);
  return { page, client, bytesOf, forget: () => (received = []), close: () => context.close() };
}

/** A town of 20 by 20 streets. */
function grid() {
  const streets = Array.from({ length: 20 }, (_, nth) => nth * 0.002);
  const points = streets.map((at) => at);
  const road = (/** @type {string} */ name, /** @type {number[][]} */ coordinates) => ({
    type: 'Feature',
    properties: { id: name, name, highway: 'residential' },
    geometry: { type: 'LineString', coordinates },
  });
  return {
    type: 'FeatureCollection',
    features: streets.flatMap((at, nth) => [
      road(`東西${nth + 1}号`, points.map((along) => [140.7 + along, 40.8 + at])),
      road(`南北${nth + 1}号`, points.map((along) => [140.7 + at, 40.8 + along])),
    ]),
  };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** @param {import('node:child_process').ChildProcess} child */
function ended(child) {
  return new Promise((resolve) => (child.exitCode !== null ? resolve(child.exitCode) : child.once('exit', resolve)));
}

/** @param {number} bytes */
function kb(bytes) {
  return (bytes / 1000).toFixed(0).padStart(4);
}
