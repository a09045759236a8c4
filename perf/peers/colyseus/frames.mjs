// What goes over the wire besides Colyseus' own: messages with numeric types, which cost one byte, and a way to the socket on
// which a broadcast is framed once for all its receivers.

import { getMessageBytes } from '@colyseus/core';
import { WebSocketClient } from '@colyseus/ws-transport';
import { WS } from './settings.mjs';

export const MSG_MOVE = 1; // c->s bytes: seq u32le, dir u8 (0 n, 1 s, 2 e, 3 w)
export const MSG_DELTA = 1; // s->c bytes: { id u16, x u16, y u16 }*
export const MSG_ACK = 2; // s->c bytes: count u8, { seq u32 }*, then (merged only) the delta records
const ROOM_DATA_BYTES = 17;

/** Messages are built here and copied out by whoever frames them. */
export const scratch = Buffer.allocUnsafe(1 << 20);

/** To be called around a patch: it is a view of the encoder's shared buffer, so its identity must not outlive one tick. */
export let dropFrameCache = () => {};

if (WS === 'fast') {
  let lastData, lastFrame;
  const frameOf = (data) => {
    if (data === lastData) return lastFrame;
    const n = data.byteLength,
      h = n < 126 ? 2 : n < 65536 ? 4 : 10;
    const f = Buffer.allocUnsafe(h + n);
    f[0] = 0x82;
    if (h === 2) f[1] = n;
    else if (h === 4) {
      f[1] = 126;
      f.writeUInt16BE(n, 2);
    } else {
      f[1] = 127;
      f.writeUInt32BE(0, 2);
      f.writeUInt32BE(n, 6);
    }
    f.set(data, h);
    lastData = data;
    lastFrame = f;
    return f;
  };
  WebSocketClient.prototype.raw = function (data, _options, cb) {
    const ws = this.ref;
    if (ws.readyState !== 1) {
      cb?.();
      return;
    }
    ws._socket.write(frameOf(data), cb);
  };
  dropFrameCache = () => {
    lastData = undefined;
  };
}

export function putRec(b, n, p) {
  b[n] = p.id & 255;
  b[n + 1] = p.id >> 8;
  b[n + 2] = p.x & 255;
  b[n + 3] = p.x >> 8;
  b[n + 4] = p.y & 255;
  b[n + 5] = p.y >> 8;
  return n + 6;
}
export function recs(p, n) {
  const o = p.out;
  for (let i = 0; i < o.length; i++) n = putRec(scratch, n, o[i]);
  o.length = 0;
  return n;
}
export function ackFrame(p, withDelta) {
  const a = p.ackSeqs;
  let n = 1;
  scratch[0] = a.length;
  for (let i = 0; i < a.length; i++) {
    scratch.writeUInt32LE(a[i], n);
    n += 4;
  }
  a.length = 0;
  if (withDelta) n = recs(p, n);
  return getMessageBytes.raw(ROOM_DATA_BYTES, MSG_ACK, undefined, scratch.subarray(0, n));
}
/** The frame of a message with the first `n` bytes of the scratch buffer. */
export function deltaFrame(n) {
  return getMessageBytes.raw(ROOM_DATA_BYTES, MSG_DELTA, undefined, scratch.subarray(0, n));
}
export function sendHeld(held) {
  for (let i = 0; i < held.length; i += 2) held[i].enqueueRaw(held[i + 1]);
}
