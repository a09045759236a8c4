// The line between a page and its server, as TCP, with the faults a network has: it can be cut, and it can fall silent
// without a word, as a cable that is pulled does.

import { connect, createServer } from 'node:net';

/** A port that leads to `address` until the test ends. */
export async function startLine(t, address) {
  const { hostname: host, port } = new URL(address);
  const pairs = new Set();
  let isCut = false;
  let isSilent = false;
  const server = createServer((near) => {
    if (isCut) return near.resetAndDestroy();
    const far = connect({ host, port: Number(port) });
    const pair = [near, far];
    pairs.add(pair);
    for (const [from, to] of [[near, far], [far, near]]) {
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
      if (isSilent) from.pause();
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const sockets = () => [...pairs].flat();
  t.after(() => {
    sockets().forEach((socket) => socket.destroy());
    server.close();
  });
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    /** Every connection breaks, and no new one comes through. */
    cut() {
      isCut = true;
      sockets().forEach((socket) => socket.resetAndDestroy());
    },
    /** New connections come through again. */
    mend() {
      isCut = false;
    },
    /** Nothing comes through any more, and nobody is told. */
    silence() {
      isSilent = true;
      sockets().forEach((socket) => socket.pause());
    },
    /** What was held up comes through. */
    speak() {
      isSilent = false;
      sockets().forEach((socket) => socket.resume());
    },
  };
}
