import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { DESKTOP } from '../chromium.mjs';
import { openStyle, serveOpenLayers, whatIsShown } from '../openlayers.mjs';
import { at, getJson, screenshot, session } from '../session.mjs';

const STATUS_FIELDS = ['cleared_fwd_min', 'cleared_rev_min', 'status'];
const TEXT_FIELDS = ['name', 'ref', 'class', 'manager_level', 'manager', 'priority', 'oneway', 'zone'];
/** Only where several segments are merged into one line. */
const MERGED_FIELDS = ['agg', 'cleared_share'];
/** On every road; the others where they are known. */
const EVER_PRESENT_FIELDS = ['class', 'manager_level', 'oneway', ...STATUS_FIELDS];

/** @param {Record<string, unknown>} properties */
function assertAttributes(properties) {
  for (const field of EVER_PRESENT_FIELDS) assert.ok(field in properties, `no ${field} in ${JSON.stringify(properties)}`);
  for (const [field, value] of Object.entries(properties)) {
    if (TEXT_FIELDS.includes(field)) assert.equal(typeof value, 'string', field);
    else if ([...STATUS_FIELDS, ...MERGED_FIELDS].includes(field)) assert.equal(typeof value, 'number', field);
    else assert.fail(`unknown field ${field}`);
  }
}

/** @param {[west: number, south: number, east: number, north: number]} bounds @param {number} zoom */
function middleTile([west, south, east, north], zoom) {
  const [lon, lat] = [(west + east) / 2, ((south + north) / 2) * (Math.PI / 180)];
  const count = 2 ** zoom;
  const x = Math.floor(((lon + 180) / 360) * count);
  const y = Math.floor(((1 - Math.asinh(Math.tan(lat)) / Math.PI) / 2) * count);
  return `${zoom}/${x}/${y}`;
}

test('/style.json is a valid MapLibre style', async () => {
  assert.deepEqual(validateStyleMin(await getJson('/style.json')), []);
});

test('the style in the unit tests has the layers of the served one', async () => {
  const fixture = JSON.parse(await readFile(join(import.meta.dirname, '../../fixtures/served-style.json'), 'utf8'));
  const { layers } = await getJson('/style.json');
  const idsOf = (/** @type {any[]} */ all) => all.map(({ id }) => id);
  assert.deepEqual(idsOf(fixture.layers), idsOf(layers), 'fetch test/fixtures/served-style.json anew');
});

test('/tiles/roads has what TileJSON 3.0 asks for', async () => {
  const tilejson = await getJson('/tiles/roads');
  assert.equal(tilejson.tilejson, '3.0.0');
  assert.ok(tilejson.tiles.every((/** @type {string} */ tile) => tile.startsWith(session.url) && tile.includes('{z}/{x}/{y}')));
  const roads = tilejson.vector_layers.find((/** @type {any} */ { id }) => id === 'roads');
  assert.deepEqual([...TEXT_FIELDS, ...STATUS_FIELDS].filter((field) => typeof roads.fields[field] !== 'string'), []);
  assert.ok(tilejson.minzoom <= 5 && tilejson.maxzoom >= 16);
});

test('a tile decodes to roads with the documented fields and exact ids', async () => {
  const { bounds } = await getJson('/tiles/roads');
  const answer = await fetch(at(`/tiles/roads/${middleTile(bounds, 13)}`));
  assert.equal(answer.status, 200);
  const { layers } = new VectorTile(new PbfReader(new Uint8Array(await answer.arrayBuffer())));
  assert.deepEqual(Object.keys(layers), ['roads']);
  const { roads } = layers;
  assert.ok(roads !== undefined && roads.length > 0);
  assert.equal(roads.version, 2);
  const ids = new Set();
  for (let index = 0; index < roads.length; index++) {
    const { id, properties, type } = roads.feature(index);
    assert.ok(Number.isSafeInteger(id) && Number(id) > 0, `id ${id}`);
    assert.equal(type, 2, 'a line');
    assertAttributes(properties);
    ids.add(id);
  }
  assert.equal(ids.size, roads.length, 'each id once');
  const [first] = ids;
  assert.equal((await getJson(`/api/v1/segments/${first}`)).id, first);
});

test('OpenLayers, at another origin, opens /style.json and draws coloured roads', async () => {
  const elsewhere = await serveOpenLayers();
  const context = await session.browser.newContext({ viewport: DESKTOP });
  try {
    const page = await context.newPage();
    /** @type {string[]} */
    const errors = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(elsewhere.url);
    await openStyle(page, at('/style.json'));
    const { features, pixels } = await whatIsShown(page);
    await screenshot(page, 'openlayers');
    assert.deepEqual(errors, []);
    const roads = features.filter(({ properties }) => properties['mvt:layer'] === 'roads');
    assert.ok(roads.length >= 20, `${roads.length} roads arrived`);
    for (const { id, properties: { 'mvt:layer': _layer, ...properties } } of roads) {
      assert.ok(Number.isSafeInteger(id), `id ${id}`);
      assertAttributes(properties);
    }
    const { ages } = (await getJson('/style.json')).metadata['yukimichi:legend'];
    const inAgeColours = ages.map((/** @type {any} */ { color }) => pixels[color] ?? 0).reduce((/** @type {number} */ sum, /** @type {number} */ count) => sum + count, 0);
    assert.ok(inAgeColours > 100, `${inAgeColours} pixels in the colours of the legend’s ages`);
  } finally {
    await context.close();
    await elsewhere.stop();
  }
});
