import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export const BINARY = resolve(import.meta.dirname, '../..', process.env['YUKIMICHI_BIN'] ?? '../target/debug/yukimichi');
const START_MS = 180_000;
const STOP_MS = 30_000;
const LOG_LINES_KEPT = 60;

/** The demo as a newcomer starts it, on a port and in a folder of its own. */
export class DemoProcess {
  /** @type {string[]} */
  #log = [];
  /** Kept apart from the log, whose first lines go. @type {{ email: string, password: string } | null} */
  #officer = null;

  /**
   * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child
   * @param {string} dataDir
   */
  constructor(child, dataDir) {
    this.child = child;
    this.dataDir = dataDir;
  }

  /** @param {number} speed how many times faster than life its night passes */
  static async start(speed) {
    const dataDir = await mkdtemp(join(tmpdir(), 'yukimichi-browser-test-'));
    // Run by root, the database's own user must reach it; else its files would go elsewhere and stay.
    await chmod(dataDir, 0o755);
    const options = ['--port', '0', '--data-dir', dataDir, '--seed', '1', '--speed', String(speed)];
    const child = spawn(BINARY, ['demo', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    return new DemoProcess(child, dataDir);
  }

  /** @returns {Promise<string>} its address, as it prints it */
  url() {
    return new Promise((found, failed) => {
      const fail = (/** @type {string} */ why) => failed(new Error(`${why}\n${this.log()}`));
      const timer = setTimeout(() => fail(`no address printed in ${START_MS / 1000} s`), START_MS);
      const take = (/** @type {string} */ line) => {
        this.#log = [...this.#log.slice(1 - LOG_LINES_KEPT), line];
        const [, email, password] = /\/board as (\S+) with password (\S+)/.exec(line) ?? [];
        if (email !== undefined && password !== undefined) this.#officer = { email, password };
        const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(line)?.[0];
        if (address === undefined) return;
        clearTimeout(timer);
        found(address);
      };
      createInterface(this.child.stdout).on('line', take);
      createInterface(this.child.stderr).on('line', (line) => (this.#log = [...this.#log.slice(1 - LOG_LINES_KEPT), line]));
      this.child.once('error', (error) => fail(`cannot be started: ${error.message}`));
      this.child.once('exit', (code, signal) => {
        clearTimeout(timer);
        fail(`ended with ${code ?? signal} before it printed an address`);
      });
    });
  }

  /**
   * Exports beside the running demo.
   * @param {string} kind
   * @param {string} out
   */
  async export(kind, out) {
    const child = spawn(BINARY, ['export', kind, '--data-dir', this.dataDir, '--out', out], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (/** @type {Buffer} */ bytes) => (said += bytes.toString()));
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`export ${kind}: ${code}: ${said}`);
  }

  log() {
    return this.#log.join('\n');
  }

  /** With what its officer signs in to the board, once it has printed that. */
  officer() {
    if (this.#officer === null) throw new Error(`no officer was let in\n${this.log()}`);
    return this.#officer;
  }

  /** @returns {Promise<number | string | null>} its exit code, or the signal that ended it */
  async stop() {
    if (this.child.pid === undefined) return null;
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
      this.child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    }
    return this.child.exitCode ?? this.child.signalCode;
  }

  async removeData() {
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
