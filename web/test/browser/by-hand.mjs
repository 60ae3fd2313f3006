import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BINARY } from './demo-process.mjs';
import { at, getJson } from './session.mjs';

const MANAGER = 'demo-town';

/**
 * What a person of the demo's town records by hand, on the roads of others too, through the real interface.
 * @param {string} dataDir of the running demo
 */
export async function townOfficial(dataDir) {
  const config = join(dataDir, 'official.toml');
  await writeFile(config, await sameFeeds(dataDir));
  const { stdout } = await promisify(execFile)(BINARY, ['operator', 'key', MANAGER, '--name', '夜勤', '--any-manager', '--config', config]);
  const authorization = `Bearer ${stdout.trim().split(/\s+/).at(-1)}`;
  const record = async (/** @type {string} */ path, /** @type {unknown} */ body) => {
    const answer = await fetch(at(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}: ${await answer.text()}`);
    return /** @type {any} */ (await answer.json());
  };
  return {
    close: (/** @type {unknown} */ closure) => record('/api/v1/closures', closure),
    plan: (/** @type {unknown} */ plan) => record('/api/v1/plans', plan),
  };
}

/** The command brings feeds in line with its configuration, so it is given those of the demo. */
async function sameFeeds(/** @type {string} */ dataDir) {
  const { items } = await getJson('/api/v1/feeds');
  const text = (/** @type {unknown} */ value) => JSON.stringify(value);
  const managers = new Map(items.map((/** @type {any} */ { manager }) => [manager.code, manager]));
  return [
    `data_dir = ${text(dataDir)}`,
    ...[...managers.values()].map(
      ({ code, level, name }) =>
        `[[manager]]\ncode = ${text(code)}\nlevel = ${text(level)}\nname = { ja = ${text(name.ja)}, en = ${text(name.en)} }`,
    ),
    ...items.map(
      (/** @type {any} */ feed) =>
        `[[feed]]\nid = ${text(feed.id)}\nmanager = ${text(feed.manager.code)}\nformat = "plow_json"
url = "http://127.0.0.1:9/"\nallow_private_address = true\nevery = "${Math.round(feed.interval_s)}s"
attribution = ${text(feed.attribution)}\nlicence = ${text(feed.licence)}\ncovers = "manager"
${feed.units?.on_duty == null ? '' : `units_on_duty = ${feed.units.on_duty}\n`}[feed.plow_json]\nitems = "/items"\nvehicle_id = "/id"
observed_at = "/at"\nlon = "/lon"\nlat = "/lat"`,
    ),
  ].join('\n');
}

/**
 * Ids of the stretches of a road of that name.
 * @param {RegExp} name
 */
export async function segmentsOf(name) {
  const { bounds } = await getJson('/tiles/roads');
  const { features } = await getJson(`/api/v1/segments?bbox=${bounds}&limit=5000`);
  const found = features.filter((/** @type {any} */ { properties }) => name.test(properties.name ?? ''));
  if (found.length === 0) throw new Error(`no road is called ${name}`);
  return /** @type {number[]} */ (found.map((/** @type {any} */ { id }) => id));
}
