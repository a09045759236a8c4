// A private Redis and a private Postgres for one test, each on a socket in a folder of its own, that can be stopped and
// started again. Postgres refuses to be root, so root lends it the account that its package made.

import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { startProgram, temporaryFolder, until } from './server.mjs';

/** A server that says `ready`; `stop` ends it with the signal and waits, `start` starts it anew. */
async function startService(t, ready, signal, start) {
  let program;
  const service = {
    async start() {
      program = start();
      await until(`${ready} of the service`, () => {
        if (program.hasEnded) throw new Error(`it ended:\n${program.printed.join('\n')}`);
        return program.printed.some((line) => ready.test(line));
      }, { withinMs: 60_000 });
    },
    async stop() {
      program.child.kill(signal);
      await program.ended;
    },
  };
  await service.start();
  // Before its folder is removed, and in good order: the processes below it end with it.
  t.after(() => service.stop());
  return service;
}

/** An empty Redis with its `url`. It keeps nothing over a stop. */
export async function startRedis(t) {
  const socket = join(temporaryFolder(t), 'socket');
  const args = ['--port', '0', '--save', '', '--appendonly', 'no', '--unixsocket', socket];
  const service = await startService(t, /eady to accept connections/, 'SIGTERM', () => startProgram(t, 'redis-server', args));
  return { url: `redis+unix://${socket}`, ...service };
}

/** A Postgres with the `url` of an empty database. What is committed stays over a stop. */
export async function startPostgres(t) {
  const folder = temporaryFolder(t);
  const data = join(folder, 'data');
  const account = process.getuid() === 0 ? postgresAccount() : {};
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid);
  chmodSync(folder, 0o755);
  const programs = postgresPrograms();
  const options = { cwd: folder, ...account };
  const rules = ['--no-sync', '--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C'];
  execFileSync(join(programs, 'initdb'), [...rules, '--pgdata', data], { ...options, stdio: 'pipe' });
  const args = ['-D', data, '-c', `unix_socket_directories=${folder}`, '-c', 'listen_addresses=', '-c', 'fsync=off'];
  const service = await startService(t, /database system is ready to accept connections/, 'SIGINT', () =>
    startProgram(t, join(programs, 'postgres'), args, options));
  return { url: `postgres://postgres@${encodeURIComponent(folder)}:5432/postgres`, ...service };
}

function postgresAccount() {
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((line) => line.startsWith('postgres:'));
  if (!line) throw new Error('Postgres is missing; cargo xtask doctor says how to get it');
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** The folder of `initdb` and `postgres`; Debian keeps them out of the path, one folder per version. */
function postgresPrograms() {
  const inPath = process.env.PATH.split(':').find((folder) => existsSync(join(folder, 'initdb')));
  if (inPath) return inPath;
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  const newest = versions.filter((version) => existsSync(join(root, version, 'bin/postgres'))).sort((a, b) => b - a)[0];
  if (!newest) throw new Error('Postgres is missing; cargo xtask doctor says how to get it');
  return join(root, newest, 'bin');
}
