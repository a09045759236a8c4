// The rival of `perf compare`: a tile zone on Colyseus and Postgres that acknowledges a move only when its row is committed.
// Everything is set by environment variables, see README.md. READY on standard output means that it serves; SIGUSR2 begins the
// count that SIGHUP prints as STATS.

import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { Server } from '@colyseus/core';
import { WebSocketTransport } from '@colyseus/ws-transport';
import { AOI, MERGE, PERSIST, POOL, PORT, SCENARIO, WS } from './settings.mjs';
import { connect, stats as commits } from './store.mjs';
import { Zone, stats as ticks } from './zone.mjs';

const transport = new WebSocketTransport({
  perMessageDeflate: false,
  maxPayload: 4096,
  skipUTF8Validation: true,
  clientTracking: true,
});
const server = new Server({ transport, greet: false, gracefullyShutdown: false });
server.define('zone', Zone);
await connect();
await server.listen(PORT, '127.0.0.1');

let loop = performance.eventLoopUtilization();
process.on('SIGUSR2', () => {
  for (const counts of [ticks, commits]) for (const key in counts) counts[key] = 0;
  loop = performance.eventLoopUtilization();
});
process.on('SIGHUP', () => {
  const busy = performance.eventLoopUtilization(loop).utilization;
  console.log('STATS ' + JSON.stringify({ ...ticks, ...commits, busy, ...process.memoryUsage() }));
});

// Whoever started it holds the other end, and is gone when that is.
if (process.env.END_WITH_STDIN) process.stdin.on('end', () => process.exit()).resume();

const version = (name) => createRequire(import.meta.url)(name + '/package.json').version;
const runtime = process.versions.bun ? 'bun ' + process.versions.bun : 'node ' + process.version;
const port = transport.server.address().port;
console.log(
  'READY ' +
    JSON.stringify({ port, runtime, colyseus: version('@colyseus/core'), SCENARIO, PERSIST, AOI, MERGE, WS, POOL }),
);
