// Rows of action_events: one INSERT per tick or per move, prepared once.

import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { POOL } from './settings.mjs';

// Where: PGHOST (a folder is a socket's) and PGPORT, which pg reads by itself.
const pool = new pg.Pool({
  user: 'postgres',
  database: process.env.PGDATABASE ?? 'postgres',
  max: POOL,
  min: POOL,
  idleTimeoutMillis: 0,
});
pool.on('error', (e) => console.error('pool', e));

/** What was committed since the count began; milliseconds. */
export const stats = { commits: 0, commitMsSum: 0, commitMsMax: 0, rows: 0, pgErrors: 0 };

const INSERT_ONE = `INSERT INTO action_events (action_id, session_id, character_id, seq, action_type, payload) VALUES ($1,$2,$3,$4,'move',$5)`;
const INSERT_MANY = `INSERT INTO action_events (action_id, session_id, character_id, seq, action_type, payload)
  SELECT a, s, c, q, 'move', jsonb_build_object('dir', d, 'x', x, 'y', y)
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::int4[], $7::int4[]) AS u(a,s,c,q,d,x,y)`;

/** Connects. */
export const connect = () => pool.query('SELECT 1');

/** One row by itself. */
export function insertOne(values, done) {
  query({ name: 'one', text: INSERT_ONE, values }, 1, done);
}

/** One array per column, all rows in one transaction. */
export function insertMany(columns, done) {
  query({ name: 'many', text: INSERT_MANY, values: columns.map(arrayLiteral) }, columns[0].length, done);
}

function query(statement, rows, done) {
  const t0 = performance.now();
  pool.query(statement, (err) => {
    const ms = performance.now() - t0;
    stats.commits++;
    stats.commitMsSum += ms;
    if (ms > stats.commitMsMax) stats.commitMsMax = ms;
    if (err) {
      stats.pgErrors++;
      console.error('pg', err.message);
    } else stats.rows += rows;
    done(err);
  });
}

// every element is a uuid, a number or one of n/s/e/w: nothing to escape, so skip pg's generic array encoder
function arrayLiteral(a) {
  return '{' + a.join(',') + '}';
}

let v7ms = 0,
  v7ctr = 0,
  rnd = randomBytes(4096),
  rp = 0;
const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
/** Ordered by time: keeps the primary key's tree append-only. */
export function uuidv7() {
  let ms = Date.now();
  if (ms <= v7ms) {
    ms = v7ms;
    if (++v7ctr > 0xfff) {
      v7ms = ++ms;
      v7ctr = 0;
    }
  } else {
    v7ms = ms;
    v7ctr = 0;
  }
  if (rp + 8 > rnd.length) {
    rnd = randomBytes(4096);
    rp = 0;
  }
  const m = ms.toString(16).padStart(12, '0');
  const s =
    m.slice(0, 8) +
    '-' +
    m.slice(8) +
    '-7' +
    (0x1000 | v7ctr).toString(16).slice(1) +
    '-' +
    HEX[0x80 | (rnd[rp] & 0x3f)] +
    HEX[rnd[rp + 1]] +
    '-' +
    HEX[rnd[rp + 2]] +
    HEX[rnd[rp + 3]] +
    HEX[rnd[rp + 4]] +
    HEX[rnd[rp + 5]] +
    HEX[rnd[rp + 6]] +
    HEX[rnd[rp + 7]];
  rp += 8;
  return s;
}
