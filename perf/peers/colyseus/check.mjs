// Correctness of the rival: does every client hold exactly the players within 16 tiles, with the right positions? Real clients (the
// official SDK) in a dense area move at random for 6 s, then everything must agree. Needs schema.sql in the database, and the server
// running with the same SCENARIO and AOI, and for steady with SIDE=64. Usage: SCENARIO=steady AOI=exact PORT=2567 node check.mjs
import { Client } from '@colyseus/sdk';
const SCENARIO = process.env.SCENARIO ?? 'steady',
  AOI = SCENARIO === 'crowd' ? 'state' : (process.env.AOI ?? 'exact');
const N = +(process.env.N ?? 60),
  R = 16;
const cs = [];
for (let i = 0; i < N; i++) {
  const room = await new Client(`ws://127.0.0.1:${process.env.PORT ?? 2567}`).joinOrCreate('zone');
  const c = { room, known: new Map(), id: undefined, seq: 0, acks: [], dropped: 0 };
  const recs = (b, o) => {
    for (; o + 6 <= b.length; o += 6) {
      const id = b[o] | (b[o + 1] << 8),
        x = b[o + 2] | (b[o + 3] << 8),
        y = b[o + 4] | (b[o + 5] << 8);
      if (c.id === undefined) c.id = id;
      c.known.set(id, { x, y });
    }
    c.cull();
  };
  c.cull = () => {
    const me = c.known.get(c.id);
    for (const [k, q] of c.known) if (Math.max(Math.abs(q.x - me.x), Math.abs(q.y - me.y)) > R) c.known.delete(k);
  };
  if (AOI !== 'chunk' && AOI !== 'exact') c.cull = () => {};
  if (AOI === 'chunk') c.cull = () => {}; // holds the 3x3 cells; filtered when compared
  room.onMessage(1, (b) => recs(b, 0));
  room.onMessage(2, (b) => {
    const k = b[0];
    for (let j = 0; j < k; j++) c.acks.push(b[1 + 4 * j] | (b[2 + 4 * j] << 8));
    recs(b, 1 + 4 * k);
  });
  room.onError((...a) => console.log('error', a));
  room.onLeave((code) => {
    if (!done) console.log('left', code);
  });
  cs.push(c);
}
let done = false;
const t = setInterval(() => {
  for (const c of cs)
    if (Math.random() < 0.2) {
      const s = ++c.seq;
      c.room.sendBytes(1, new Uint8Array([s & 255, s >> 8, 0, 0, (Math.random() * 4) | 0]));
    }
}, 50);
await new Promise((r) => setTimeout(r, 6000));
clearInterval(t);
await new Promise((r) => setTimeout(r, 1000));
const players = (c) => {
  if (AOI !== 'view' && AOI !== 'state') return c.known;
  const m = new Map();
  c.room.state.players.forEach((p, k) => m.set(k, { x: p.x, y: p.y }));
  return m;
};
const self = (c) => (AOI === 'view' || AOI === 'state' ? c.room.sessionId : c.id);
const truth = new Map(cs.map((c) => [self(c), players(c).get(self(c))]));
let bad = 0,
  pairs = 0,
  ackBad = 0;
for (const c of cs) {
  const me = truth.get(self(c)),
    held = players(c),
    near = (p) => AOI === 'state' || Math.max(Math.abs(p.x - me.x), Math.abs(p.y - me.y)) <= R;
  for (const [k, p] of truth)
    if (near(p)) {
      pairs++;
      const h = held.get(k);
      if (!h || h.x !== p.x || h.y !== p.y) {
        if (bad++ < 5) console.log('missing/stale', self(c), k, h, p);
      }
    }
  for (const [k, h] of held) {
    const p = truth.get(k);
    if (!p) {
      bad++;
      continue;
    }
    if ((near(h) && !near(p)) || (AOI === 'view' && !near(p))) {
      if (bad++ < 5) console.log('ghost', self(c), me, k, h, p);
    }
  }
  if (c.acks.length !== c.seq || c.acks.some((s, i) => s !== i + 1)) {
    ackBad++;
    if (ackBad < 4) console.log('acks', c.acks.length, c.seq);
  }
}
done = true;
console.log(
  `${SCENARIO}/${AOI}: ${N} clients, ${pairs} visible pairs, ${bad} wrong, ${cs.reduce((s, c) => s + c.seq, 0)} moves, ${ackBad} clients with wrong acks -> ${bad || ackBad ? 'FAIL' : 'OK'}`,
);
process.exit(bad || ackBad ? 1 : 0);
