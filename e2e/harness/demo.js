// Starts `weimen demo` from bin/ on free ports with an empty data folder, and stops it again.

import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const binary = process.env.WEIMEN_E2E_BINARY ?? fileURLToPath(new URL('../../bin/weimen', import.meta.url));
const startWithin = 60_000;
const stopWithin = 10_000;

/**
 * Starts the demo and waits until it says that it is ready.
 *
 * @param {object} [options]
 * @param {'sqlite'|'postgres'} [options.database] postgres needs WEIMEN_TEST_POSTGRES
 * @param {string} [options.host] by which browsers reach Weimen: passkeys need a name, and take localhost for one
 * @param {boolean} [options.newcomer] true: no password is set, so that the demo prints a set-up link
 * @param {Record<string, string>} [options.env] further settings
 * @param {string} [options.log] file that receives the demo's output
 * @returns {Promise<{url: Record<string, string>, admin: {username: string, password: string},
 *   token: string, run: (command: string) => Promise<string>, output: () => string, stop: () => Promise<void>}>}
 *   token is the administrator's for the API; run runs another command of the binary beside the demo, with
 *   its settings, and returns what it printed
 */
export async function startDemo({ database = 'sqlite', host = '127.0.0.1', newcomer = false, env = {}, log } = {}) {
  const data = await mkdtemp(join(tmpdir(), 'weimen-e2e-'));
  const password = randomBytes(12).toString('hex');
  const token = randomBytes(24).toString('hex');
  const settings = {
    PATH: process.env.PATH,
    HOME: data,
    WEIMEN_BOOTSTRAP_TOKEN: token,
    ...(newcomer ? {} : { WEIMEN_BOOTSTRAP_PASSWORD: password }),
    ...(await settingsFor(data, database, host)),
    ...env,
  };
  const child = spawn(binary, ['demo'], { cwd: data, stdio: ['ignore', 'pipe', 'pipe'], env: settings });
  const run = async (command) => (await promisify(execFile)(binary, [command], { cwd: data, env: settings })).stdout;

  let output = '';
  const file = log && createWriteStream(log);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
      file?.write(text);
    });
  }
  const exited = new Promise((resolve) => {
    child.once('error', (err) => resolve(`could not start: ${err.message}`));
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });

  const stop = async () => {
    const early = child.exitCode !== null || child.signalCode !== null;
    child.kill('SIGTERM');
    const ended = await Promise.race([exited, after(stopWithin)]);
    if (ended === undefined) {
      child.kill('SIGKILL');
      await exited;
    }
    file?.end();
    await rm(data, { recursive: true, force: true });
    if (early) throw new Error(`weimen demo ended before the scenario did (${ended})\n${output}`);
    if (ended !== 0) {
      throw new Error(`weimen demo did not stop cleanly: ${ended ?? `still there after ${stopWithin} ms`}\n${output}`);
    }
  };

  try {
    const url = await ready(() => output, exited);
    return { url, admin: { username: 'akadmin', password }, token, run, output: () => output, stop };
  } catch (err) {
    await stop().catch(() => {}); // the reason it did not start is the one to tell
    throw err;
  }
}

/** The addresses from the demo's own line, once it has printed it. */
async function ready(output, exited) {
  const giveUp = Date.now() + startWithin;
  let ended;
  exited.then((code) => (ended = { code }));
  for (;;) {
    const url = readyLine(output());
    if (url) return url;
    if (ended) throw new Error(`weimen demo ended before it was ready (${ended.code})\n${output()}`);
    if (Date.now() > giveUp) throw new Error(`weimen demo was not ready after ${startWithin} ms\n${output()}`);
    await after(50);
  }
}

/**
 * Finds `weimen demo is ready: name=url ...` in text.
 *
 * @param {string} text
 * @returns {Record<string, string>|undefined}
 */
export function readyLine(text) {
  const line = /^weimen demo is ready: (.*)\n/m.exec(text)?.[1];
  return line && Object.fromEntries(line.trim().split(/\s+/).map((pair) => pair.split(/=(.*)/s, 2)));
}

async function settingsFor(data, database, host) {
  const [weimen, app, wechat] = await freePorts(3);
  const settings = {
    WEIMEN_DATA: join(data, 'data'),
    WEIMEN_LISTEN: `127.0.0.1:${weimen}`,
    WEIMEN_URL: `http://${host}:${weimen}`,
    WEIMEN_DEMO_APP_LISTEN: `127.0.0.1:${app}`,
    WEIMEN_DEMO_WECHAT_LISTEN: `127.0.0.1:${wechat}`,
  };
  if (database === 'postgres') settings.WEIMEN_DATABASE = await newDatabase();
  return settings;
}

/** An empty database on the server that scripts/postgres started; it goes when the server goes. */
async function newDatabase() {
  const server = process.env.WEIMEN_TEST_POSTGRES;
  if (!server) throw new Error('WEIMEN_TEST_POSTGRES is not set; scripts/e2e sets it');
  const address = new URL(server);
  const name = `e2e_${randomBytes(8).toString('hex')}`;
  await promisify(execFile)('psql', [server, '-qc', `CREATE DATABASE ${name}`]);
  address.pathname = `/${name}`;
  return address.href;
}

/** Ports that were free a moment ago, all different. */
async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, () => new Promise((resolve, reject) => {
      const server = createServer().once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve(server));
    })),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function after(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
