// What the environment chooses, and the bounds of the world. See README.md.

const env = process.env;

/** 0 takes a free one. */
export const PORT = +(env.PORT ?? 2567);
/** steady: 512 x 512 tiles, each sees 16 around; crowd: 32 x 32 tiles, everyone sees everyone. */
export const SCENARIO = env.SCENARIO ?? 'steady';
/** batched: the moves of a tick in one INSERT; action: one INSERT per move. */
export const PERSIST = env.PERSIST ?? 'batched';
/** How interest is managed: `state` is plain schema sync, unfiltered; else exact | chunk | view (StateView). */
export const AOI = SCENARIO === 'crowd' ? 'state' : (env.AOI ?? 'exact');
/** Whether acknowledgements ride in the frame of the changes. */
export const MERGE = PERSIST === 'batched' && AOI === 'exact' && env.MERGE !== '0';
/** How a frame reaches the socket: fast | stock. */
export const WS = env.WS ?? 'fast';
/** Connections to Postgres. Batched has one, so that commits and their acknowledgements stay in the order of ticks. */
export const POOL = +(env.POOL ?? (PERSIST === 'action' ? 32 : 1));

export const TICK_MS = 50;
export const WORLD = 512;
export const RADIUS = 16;
/** Side of the square that sessions spawn in and may not leave. */
const SIDE = +(env.SIDE ?? (SCENARIO === 'crowd' ? 32 : WORLD));
export const AREA = { x0: (WORLD - SIDE) / 2, y0: (WORLD - SIDE) / 2, x1: (WORLD + SIDE) / 2, y1: (WORLD + SIDE) / 2 };
