import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { at, session } from '../session.mjs';

const MOST_BYTES = 300_000;
/** What the first view asks the server for beside the page's own files. */
const ASKED = ['/style.json', '/tiles/roads', '/api/v1/feeds', '/api/v1/closures', '/api/v1/plans', '/api/v1/orders', '/api/v1/stations'];

test('the first view is under 300 kB compressed, without tiles and the map library, which comes later', async () => {
  const html = await (await fetch(session.url)).text();
  const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, file]) => String(file));
  assert.ok(files.some((file) => file.endsWith('.js')) && files.some((file) => file.endsWith('.css')), files.join());
  assert.deepEqual(files.filter((file) => /maplibre|road-map/.test(file)), [], 'the shell asks for the map library');
  const sizes = await Promise.all(
    [...new Set([...files, ...ASKED])].map(async (path) => {
      const answer = await fetch(at(path));
      assert.equal(answer.status, 200, path);
      return gzipSync(new Uint8Array(await answer.arrayBuffer())).length;
    }),
  );
  const all = sizes.reduce((sum, size) => sum + size, gzipSync(html).length);
  assert.ok(all < MOST_BYTES, `${all} bytes`);
});
