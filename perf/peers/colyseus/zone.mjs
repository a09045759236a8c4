// The world: who stands where, who sees whom, and one tick of it.

import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { Room } from '@colyseus/core';
import { Encoder, StateView, schema, t } from '@colyseus/schema';
import {
  MSG_ACK,
  MSG_DELTA,
  MSG_MOVE,
  ackFrame,
  deltaFrame,
  dropFrameCache,
  putRec,
  recs,
  scratch,
  sendHeld,
} from './frames.mjs';
import { AOI, AREA, MERGE, PERSIST, RADIUS, TICK_MS, WORLD } from './settings.mjs';
import { insertMany, insertOne, uuidv7 } from './store.mjs';

// A state of thousands of players fits, so it is never encoded twice.
Encoder.BUFFER_SIZE = 512 * 1024;

const DIRS = ['n', 's', 'e', 'w'];
const DX = [0, 0, 1, -1];
const DY = [-1, 1, 0, 0];

const PlayerState = schema({ x: t.uint16(), y: t.uint16() }, 'PlayerState');
const ViewState = schema({ players: t.map(PlayerState).view() }, 'ViewState'); // AOI=view
const OpenState = schema({ players: t.map(PlayerState) }, 'OpenState'); // AOI=state

const CELL = AOI === 'chunk' ? 16 : 20; // chunk: 3x3 cells cover the radius; exact/view: + slack for leavers
const GRID = Math.ceil(WORLD / CELL);

class Player {
  constructor(id, client) {
    this.id = id;
    this.client = client;
    this.sessionUuid = randomUUID();
    this.characterUuid = randomUUID();
    this.x = AREA.x0 + Math.floor(rng() * (AREA.x1 - AREA.x0));
    this.y = AREA.y0 + Math.floor(rng() * (AREA.y1 - AREA.y0));
    this.ox = this.x;
    this.oy = this.y;
    this.lastSeq = 0;
    this.dirty = false;
    this.cell = -1;
    this.out = [];
    this.ackSeqs = [];
    this.touched = false;
    this.schema = undefined;
  }
}

/** Ticks since the count began; milliseconds. */
export const stats = { ticks: 0, tickMsMax: 0, tickMsSum: 0, late: 0, gapMax: 0 };

export class Zone extends Room {
  maxClients = Infinity;
  autoDispose = false;
  patchRate = null; // patches are sent by the tick itself, so state and patch share one 20 Hz clock
  players = new Map(); // sessionId -> Player
  cells = Array.from({ length: GRID * GRID }, () => new Set());
  dirty = [];
  queue = [];
  nextId = 1;
  inFlight = 0;
  carry = [];

  onCreate() {
    if (AOI === 'view') this.state = new ViewState();
    else if (AOI === 'state') this.state = new OpenState();
    this.cellDirty = Array.from({ length: GRID * GRID }, () => []);
    this.touchedCells = [];
    this.onMessageBytes(MSG_MOVE, (client, buf) => {
      const p = client.userData;
      if (p === undefined || buf.length < 5) return;
      const seq = buf.readUInt32LE(0),
        dir = buf[4];
      if (dir > 3) return;
      if (PERSIST === 'batched') this.queue.push(p, seq, dir);
      else this.moveNow(p, seq, dir);
    });
    let next = performance.now() + TICK_MS;
    const loop = () => {
      const now = performance.now();
      const late = now - next;
      if (late > stats.gapMax) stats.gapMax = late;
      if (late > TICK_MS) {
        stats.late++;
        next = now;
      } // overrun: skip, never spiral
      this.clock.tick();
      this.tick();
      const took = performance.now() - now;
      stats.ticks++;
      stats.tickMsSum += took;
      if (took > stats.tickMsMax) stats.tickMsMax = took;
      next += TICK_MS;
      setTimeout(loop, Math.max(0, next - performance.now()));
    };
    setTimeout(loop, TICK_MS);
  }

  onJoin(client) {
    const p = new Player(this.nextId++, client);
    client.userData = p;
    this.players.set(client.sessionId, p);
    p.cell = this.cellOf(p.x, p.y);
    this.cells[p.cell].add(p);
    if (AOI === 'view' || AOI === 'state') {
      p.schema = new PlayerState({ x: p.x, y: p.y });
      this.state.players.set(client.sessionId, p.schema);
    }
    if (AOI === 'view') {
      client.view = new StateView();
      client.view.add(p.schema);
      this.around(p, (q) => {
        if (q !== p && cheb(p.x, p.y, q.x, q.y) <= RADIUS) {
          client.view.add(q.schema);
          q.client.view.add(p.schema);
        }
      });
    } else if (AOI !== 'state') {
      let n = putRec(scratch, 0, p);
      this.around(p, (q) => {
        if (q !== p && (AOI === 'chunk' || cheb(p.x, p.y, q.x, q.y) <= RADIUS)) n = putRec(scratch, n, q);
      });
      client.sendBytes(MSG_DELTA, scratch.subarray(0, n));
      this.markDirty(p); // the others learn of it in the next tick
    }
  }

  onLeave(client) {
    const p = client.userData;
    this.players.delete(client.sessionId);
    this.cells[p.cell].delete(p);
    if (p.schema) this.state.players.delete(client.sessionId);
    client.view?.dispose?.();
  }

  cellOf(x, y) {
    return ((y / CELL) | 0) * GRID + ((x / CELL) | 0);
  }
  around(p, fn) {
    const cx = p.cell % GRID,
      cy = (p.cell / GRID) | 0;
    for (let y = Math.max(0, cy - 1); y <= Math.min(GRID - 1, cy + 1); y++)
      for (let x = Math.max(0, cx - 1); x <= Math.min(GRID - 1, cx + 1); x++)
        for (const q of this.cells[y * GRID + x]) fn(q);
  }
  markDirty(p) {
    if (!p.dirty) {
      p.dirty = true;
      this.dirty.push(p);
    }
  }

  apply(p, dir) {
    const x = p.x + DX[dir],
      y = p.y + DY[dir];
    if (x < AREA.x0 || y < AREA.y0 || x >= AREA.x1 || y >= AREA.y1) return; // blocked by the bounds: recorded, no effect
    p.x = x;
    p.y = y;
    if (p.schema) {
      if (DX[dir]) p.schema.x = x;
      else p.schema.y = y;
    }
    if (AOI === 'state') return;
    const c = this.cellOf(x, y);
    if (c !== p.cell) {
      if (AOI === 'chunk') this.cellCrossed(p, c);
      this.cells[p.cell].delete(p);
      p.cell = c;
      this.cells[c].add(p);
    }
    this.markDirty(p);
  }

  // ---- per-action: one INSERT per move through the pool, ack when it has committed ----
  moveNow(p, seq, dir) {
    if (seq !== p.lastSeq + 1) return p.client.error(4000, 'SEQ_OUT_OF_ORDER');
    p.lastSeq = seq;
    this.apply(p, dir);
    insertOne(
      [uuidv7(), p.sessionUuid, p.characterUuid, seq, `{"dir":"${DIRS[dir]}","x":${p.x},"y":${p.y}}`],
      (err) => {
        if (err) return;
        scratch[0] = 1;
        scratch.writeUInt32LE(seq, 1);
        p.client.sendBytes(MSG_ACK, scratch.subarray(0, 5));
      },
    );
  }

  // ---- one tick ----
  tick() {
    let batch, acked;
    if (PERSIST === 'batched' && this.queue.length > 0) {
      const q = this.queue;
      this.queue = [];
      batch = [[], [], [], [], [], [], []];
      acked = [];
      for (let i = 0; i < q.length; i += 3) {
        const p = q[i],
          seq = q[i + 1],
          dir = q[i + 2];
        if (seq !== p.lastSeq + 1) {
          p.client.error(4000, 'SEQ_OUT_OF_ORDER');
          continue;
        }
        p.lastSeq = seq;
        this.apply(p, dir);
        batch[0].push(uuidv7());
        batch[1].push(p.sessionUuid);
        batch[2].push(p.characterUuid);
        batch[3].push(seq);
        batch[4].push(DIRS[dir]);
        batch[5].push(p.x);
        batch[6].push(p.y);
        if (p.ackSeqs.length === 0) acked.push(p);
        p.ackSeqs.push(seq);
      }
    }

    let held; // MERGE: frames that wait for the commit: [client, bytes, client, bytes, ...]
    if (AOI === 'exact') held = this.sendExact(acked);
    else if (AOI === 'chunk') this.sendChunks();
    else {
      if (AOI === 'view') this.updateViews();
      dropFrameCache();
      this.broadcastPatch();
      dropFrameCache();
    }

    if (acked !== undefined && !MERGE) {
      // encode now (seqs are per tick), send after the commit
      held = [];
      for (const p of acked) held.push(p.client, ackFrame(p, 0));
    }
    if (batch !== undefined && batch[0].length > 0) {
      this.inFlight++;
      insertMany(batch, (err) => {
        this.inFlight--;
        if (!err) sendHeld(held);
        if (this.inFlight === 0 && this.carry.length > 0) {
          sendHeld(this.carry);
          this.carry = [];
        }
      });
    } else if (held !== undefined) {
      if (this.inFlight > 0)
        this.carry.push(...held); // nothing to commit, but it may not overtake what waits
      else sendHeld(held);
    }
  }

  // everything that changed for each receiver, computed pairwise over a 20-tile grid
  eachPair(enterLeave) {
    const list = this.dirty;
    for (let i = 0; i < list.length; i++) {
      const p = list[i];
      const cx = p.cell % GRID,
        cy = (p.cell / GRID) | 0;
      for (let y = cy > 0 ? cy - 1 : 0; y <= cy + 1 && y < GRID; y++)
        for (let x = cx > 0 ? cx - 1 : 0; x <= cx + 1 && x < GRID; x++)
          for (const q of this.cells[y * GRID + x]) {
            if (q === p) continue;
            const after = cheb(p.x, p.y, q.x, q.y) <= RADIUS;
            const before = cheb(p.ox, p.oy, q.ox, q.oy) <= RADIUS;
            if (after || before) enterLeave(p, q, before, after);
          }
    }
    for (let i = 0; i < list.length; i++) {
      const p = list[i];
      p.ox = p.x;
      p.oy = p.y;
      p.dirty = false;
    }
    this.dirty = [];
  }

  sendExact(acked) {
    const touched = [];
    const touch = (p) => {
      if (!p.touched) {
        p.touched = true;
        touched.push(p);
      }
    };
    for (const p of this.dirty) {
      touch(p);
      p.out.push(p);
    }
    this.eachPair((p, q, before, after) => {
      touch(q);
      q.out.push(p); // q sees p move (or leave)
      if (after && !before && !q.dirty) {
        p.out.push(q);
      } // p walked up to a standing q
    });
    if (!MERGE) {
      for (const p of touched) {
        p.touched = false;
        const n = recs(p, 0);
        p.client.sendBytes(MSG_DELTA, scratch.subarray(0, n));
      }
      return undefined;
    }
    const held = [];
    if (acked !== undefined) for (const p of acked) touch(p);
    for (const p of touched) {
      p.touched = false;
      if (p.ackSeqs.length > 0) {
        held.push(p.client, ackFrame(p, 1));
        continue;
      }
      const n = recs(p, 0);
      held.push(p.client, deltaFrame(n));
    }
    return held;
  }

  // ---- chunk rooms: one message per receiver cell = the changes of the 3x3 cells around it, encoded once ----
  cellCrossed(p, to) {
    // newcomer gets a snapshot of the cells it did not see; its old and new surroundings get its record
    let n = 0;
    const cx = p.cell % GRID,
      cy = (p.cell / GRID) | 0,
      nx = to % GRID,
      ny = (to / GRID) | 0;
    for (let y = Math.max(0, ny - 1); y <= Math.min(GRID - 1, ny + 1); y++)
      for (let x = Math.max(0, nx - 1); x <= Math.min(GRID - 1, nx + 1); x++)
        if (Math.abs(x - cx) > 1 || Math.abs(y - cy) > 1)
          for (const q of this.cells[y * GRID + x]) n = putRec(scratch, n, q);
    if (n > 0) p.client.sendBytes(MSG_DELTA, scratch.subarray(0, n));
    this.cellPush(p.cell, p);
  }
  cellPush(c, p) {
    if (this.cellDirty[c].length === 0) this.touchedCells.push(c);
    this.cellDirty[c].push(p);
  }
  sendChunks() {
    for (const p of this.dirty) {
      this.cellPush(p.cell, p);
      p.dirty = false;
    }
    this.dirty = [];
    if (this.touchedCells.length === 0) return;
    const receivers = new Set();
    for (const c of this.touchedCells) {
      const cx = c % GRID,
        cy = (c / GRID) | 0;
      for (let y = Math.max(0, cy - 1); y <= Math.min(GRID - 1, cy + 1); y++)
        for (let x = Math.max(0, cx - 1); x <= Math.min(GRID - 1, cx + 1); x++)
          if (this.cells[y * GRID + x].size > 0) receivers.add(y * GRID + x);
    }
    for (const c of receivers) {
      const cx = c % GRID,
        cy = (c / GRID) | 0;
      let n = 0;
      for (let y = Math.max(0, cy - 1); y <= Math.min(GRID - 1, cy + 1); y++)
        for (let x = Math.max(0, cx - 1); x <= Math.min(GRID - 1, cx + 1); x++) {
          const d = this.cellDirty[y * GRID + x];
          for (let i = 0; i < d.length; i++) n = putRec(scratch, n, d[i]);
        }
      const bytes = deltaFrame(n);
      for (const p of this.cells[c]) p.client.enqueueRaw(bytes);
    }
    for (const c of this.touchedCells) this.cellDirty[c].length = 0;
    this.touchedCells.length = 0;
  }

  // ---- StateView: visibility by view.add / view.remove ----
  updateViews() {
    this.eachPair((p, q, before, after) => {
      if (before === after || (q.dirty && q.id < p.id)) return; // a pair of two movers is handled once
      if (after) {
        p.client.view.add(q.schema);
        q.client.view.add(p.schema);
      } else {
        p.client.view.remove(q.schema);
        q.client.view.remove(p.schema);
      }
    });
  }
}

function cheb(ax, ay, bx, by) {
  const dx = ax > bx ? ax - bx : bx - ax,
    dy = ay > by ? ay - by : by - ay;
  return dx > dy ? dx : dy;
}

let seed = 0x5eed1234;
function rng() {
  seed = (seed + 0x6d2b79f5) | 0;
  let z = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
  return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
}
