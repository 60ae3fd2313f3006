import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const START_MS = 90_000;
const run = promisify(execFile);
const binary = resolve(import.meta.dirname, '../..', process.env['YUKIMICHI_BIN'] ?? '../target/debug/yukimichi');

const CONFIG = `
[http]
listen = "127.0.0.1:0"
[[manager]]
code = "02201"
level = "municipal"
name = { ja = "青森市", en = "Aomori City" }
[dispatch]
public_url = "https://yuki.example.jp"
[notify.webhook]
allow_private_address = true
`;

const ROADS = JSON.stringify({
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      id: 7,
      properties: { highway: 'primary', name: '八甲田通り', manager_level: 'municipal' },
      geometry: { type: 'LineString', coordinates: [[140.6, 40.7], [140.62, 40.7]] },
    },
  ],
});

/** @param {number} port */
const book = (port) => `
[[contractor]]
code = "yamada"
name = "山田建設"
contract = "hourly"
zones = ["A-1", "A-2"]
[[contractor.contact]]
key = "taro"
name = "山田太郎"
phone = "017-000-0001"
webhook = "http://127.0.0.1:${port}/taro"
[[officer]]
key = "sato"
name = "佐藤"
phone = "017-000-0002"
webhook = "http://127.0.0.1:${port}/sato"
`;

export const OFFICER = { email: 'sato@example.jp', password: '雪の降る町を雪の降る町を' };

/** A city's own server, with a firm whose telephone is a webhook of the test's. */
export class OfficeProcess {
  /** @type {{ whom: string, message: any }[]} */
  messages = [];

  /**
   * @param {string} dataDir
   * @param {import('node:http').Server} telephone
   */
  constructor(dataDir, telephone) {
    this.dataDir = dataDir;
    this.telephone = telephone;
    /** @type {import('node:child_process').ChildProcess | null} */
    this.child = null;
    this.url = '';
  }

  static async start() {
    const dataDir = await mkdtemp(join(tmpdir(), 'yukimichi-office-test-'));
    // Run by root, the database's own user must reach it; else its files would go elsewhere and stay.
    await chmod(dataDir, 0o755);
    const telephone = createServer();
    const office = new OfficeProcess(dataDir, telephone);
    telephone.on('request', (request, response) => {
      const parts = /** @type {Buffer[]} */ ([]);
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        office.messages.push({ whom: String(request.url).slice(1), message: JSON.parse(Buffer.concat(parts).toString('utf8')) });
        response.end();
      });
    });
    telephone.listen(0, '127.0.0.1');
    await once(telephone, 'listening');
    const address = /** @type {import('node:net').AddressInfo} */ (telephone.address());
    await writeFile(join(dataDir, 'yukimichi.toml'), CONFIG);
    await writeFile(join(dataDir, 'roads.geojson'), ROADS);
    await writeFile(join(dataDir, 'book.toml'), book(address.port));
    await office.#command(['roads', 'import', 'roads.geojson']);
    await office.#command(['contractors', 'import', 'book.toml', '--manager', '02201']);
    const create = ['admin', 'create', '--manager', '02201', '--name', '佐藤', '--email', OFFICER.email];
    await office.#command(create, `${OFFICER.password}\n`);
    await office.#serve();
    return office;
  }

  /**
   * @param {string[]} words
   * @param {string} input
   */
  async #command(words, input = '') {
    const running = run(binary, ['--data-dir', this.dataDir, ...words], { cwd: this.dataDir });
    running.child.stdin?.end(input);
    await running;
  }

  async #serve() {
    const child = spawn(binary, ['--data-dir', this.dataDir, 'run'], { cwd: this.dataDir, stdio: ['ignore', 'pipe', 'inherit'] });
    this.child = child;
    this.url = await new Promise((found, failed) => {
      const timer = setTimeout(() => failed(new Error(`no address printed in ${START_MS / 1000} s`)), START_MS);
      child.once('exit', (code) => failed(new Error(`ended with ${code} before it printed an address`)));
      createInterface(child.stdout).on('line', (line) => {
        const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(line)?.[0];
        if (address === undefined) return;
        clearTimeout(timer);
        found(address);
      });
    });
  }

  /** @param {string} path */
  at(path) {
    return new URL(path, this.url).href;
  }

  async stop() {
    this.telephone.close();
    if (this.child !== null && this.child.exitCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    await rm(this.dataDir, { recursive: true, force: true });
    return this.child?.exitCode ?? null;
  }
}
