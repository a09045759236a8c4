// A real server for one test: its own data folder, a free port, the development issuer on unless the test brings its own
// provider. Everything a test waits for is a condition polled until a deadline; nothing here waits for time to pass.

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** A path inside the checkout. */
export const inCheckout = (path) => join(root, path);

const serverBinary = process.env.TILEMUD_BIN ?? inCheckout('target/debug/tilemud');

/** The native client's binary. */
export const clientBinary = process.env.TILEMUD_CLIENT_BIN ?? inCheckout('target/debug/tilemud-client');

/** Where a screenshot of that name is written. */
export function screenshotPath(name) {
  const folder = process.env.TILEMUD_SCREENSHOTS ?? inCheckout('target/screenshots');
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}

/** A folder of its own, removed after the test. */
export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'tilemud-e2e-'));
  t.after(() => {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // A browser that is still ending writes into it; the system clears its temporary folders.
    }
  });
  return folder;
}

/** Polls `probe` until it gives something true, which is returned; fails with `what` and the last answer after the deadline. */
export async function until(what, probe, { withinMs = 60_000 } = {}) {
  const deadline = Date.now() + withinMs;
  let last;
  for (;;) {
    try {
      last = await probe();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      const told = last instanceof Error ? last.stack : JSON.stringify(last);
      throw new Error(`not within ${withinMs} ms: ${what} (last: ${told})`);
    }
    await pause(40);
  }
}

/** Starts `program` and ends it after the test. Gives the process and the lines it prints. */
export function startProgram(t, program, args, options = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const printed = [];
  const lines = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    printed.push(line);
  });
  createInterface({ input: child.stderr }).on('line', (line) => printed.push(line));
  const ended = new Promise((done) => {
    child.on('error', (error) => {
      printed.push(String(error));
      done({ code: null, error });
    });
    child.on('exit', (code, signal) => done({ code, signal }));
  });
  const program_ = { child, lines, printed, ended, hasEnded: false };
  ended.then(() => (program_.hasEnded = true));
  t.after(async () => {
    if (!program_.hasEnded) child.kill('SIGKILL');
    await ended;
  });
  return program_;
}

/**
 * Starts a server and waits for its ready line. `stop` ends it politely and gives its exit code, `kill` at once, and `again`
 * starts it anew on the same port and data. Without the development issuer the flags must name another.
 */
export async function startServer(t, flags = [], { devIssuer = true, listen = '127.0.0.1:0', dataDir } = {}) {
  dataDir ??= temporaryFolder(t);
  const args = ['serve', '--listen', listen, '--data-dir', dataDir, ...flags];
  if (devIssuer) args.push('--dev-issuer');
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TILEMUD_')));
  const server = startProgram(t, serverBinary, args, { env });
  const ready = /^tilemud ready (http:\/\/\S+)$/;
  const line = await until('the ready line of the server', () => {
    if (server.hasEnded) throw new Error(`the server ended:\n${server.printed.join('\n')}`);
    return server.lines.find((line) => ready.test(line));
  }).catch((error) => {
    throw new Error(`${error.message}\n${server.printed.join('\n')}`);
  });
  const address = ready.exec(line)[1];
  return {
    address,
    database: join(dataDir, 'tilemud.db'),
    printed: server.printed,
    async stop() {
      server.child.kill('SIGTERM');
      return (await server.ended).code;
    },
    async kill() {
      server.child.kill('SIGKILL');
      await server.ended;
    },
    signal: (name) => server.child.kill(name),
    again: () => startServer(t, flags, { devIssuer, listen: new URL(address).host, dataDir }),
  };
}

/** Runs another command of the server's program to its end; what it wrote on standard output. */
export async function runServer(args) {
  const { stdout } = await promisify(execFile)(serverBinary, args, { timeout: 180_000 });
  return stdout;
}

/** GET of one of the server's JSON pages. */
export async function getJson(address, path) {
  const answer = await fetch(address + path, { signal: AbortSignal.timeout(90_000) });
  return answer.json();
}
