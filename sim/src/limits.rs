//! Bounds of the simulation that are not choices of an operator, and what happens at each of them.

use tilemud_schema::{Seq, Tick};

/// A list of a tick gets this many times its length as capacity, when its capacity is less than
/// twice its length.
pub const RESERVE_FACTOR: usize = 8;

/// Entries reserved in addition, so that a short list may grow to a few times its length.
pub const RESERVE_MIN: usize = 4_096;

/// The same two for a map.
pub const MAP_RESERVE_FACTOR: usize = 4;
/// See [`MAP_RESERVE_FACTOR`].
pub const MAP_RESERVE_MIN: usize = 64;

/// Longest list that gets capacity ahead. Longer ones, which many joins in one tick make, give
/// their memory back.
pub const RESERVED_LEN_MAX: usize = 65_536;

/// Most emptied lists of effects that are kept. Further ones are dropped.
pub const RECYCLED_EFFECTS_MAX: usize = 16_384;

/// Edge of a chunk, tiles.
pub const CHUNK_SIZE: i32 = 16;

/// How many chunks a character sees beyond its own, in every direction.
pub const VIEW_CHUNKS: i32 = 1;

/// How far `say` carries, tiles, counted as the larger of the two distances.
pub const EARSHOT: i32 = 12;

/// How long changes are remembered for delta resumes, ticks: 4 s at 20 Hz. An attach with an older
/// tick gets everything instead.
pub const RESUME_TICKS: Tick = 80;

/// Most intents one session may have in one tick. Further ones are consumed and refused with
/// RATE_LIMITED.
pub const INTENTS_PER_SESSION_MAX: u32 = 64;

/// Most changes of view remembered per session. The oldest go first; a resume from before them gets
/// everything.
pub const VIEWS_REMEMBERED_MAX: usize = 32;

/// Changes of view for which every session reserves memory at its start: more than walking makes
/// within [`RESUME_TICKS`].
pub const VIEWS_RESERVED: usize = 16;

/// Most crossings of chunk borders remembered in the world beyond those since the last deltas: more
/// than 12,000 players make at 20 steps a second. The oldest go first; a resume that would need one
/// of those gets everything instead.
pub const CROSSINGS_REMEMBERED_MAX: usize = 65_536;

/// Places of a block of occupants. A chunk has at most one block that is not full.
pub const BLOCK_PLACES: u32 = 32;

/// Highest sequence number that can be stored. A higher one is never consumed: it is out of order
/// for ever.
pub const SEQ_MAX: Seq = i64::MAX as Seq;

/// Handles of sessions without a connection are above this; other handles never reach it.
pub const SESSION_KEYS_UNCONNECTED: u64 = 1 << 63;

/// Most entities noted for the state hash in a replay between two recorded ticks before the hash is
/// brought up to date, so that the list stays short however long a world was left alone.
pub const STALE_ENTITIES_MAX: usize = 4_096;

/// Most ticks per second that a snapshot may state; far more than any server runs.
pub const TICKS_PER_SECOND_MAX: u32 = 1_000;

/// How far away a thing can be to be taken, opened or built, tiles, counted as the larger of the
/// two distances.
pub const REACH: u32 = 1;

/// Full health, points.
pub const HEALTH_MAX: i32 = 100;

/// Seconds in which a hurt character recovers one point of health.
pub const RECOVERY_S: u64 = 5;

/// A wandering NPC takes a step in one of this many turns; it has a turn every second.
pub const STEP_CHANCE: u64 = 3;

/// Most spawners that make something in one tick. Others have their turn in the next one.
pub const SPAWNED_PER_TICK_MAX: usize = 32;

/// How often a spawner looks for a free tile in one turn. It finds none: it tries again after its
/// time.
pub const SPAWN_TRIES: u64 = 8;

/// Most kinds of items one can carry. More are not taken: INVENTORY_FULL.
pub const INVENTORY_STACKS_MAX: usize = 24;

/// Most items of one kind one can carry. More are not taken: INVENTORY_FULL.
pub const INVENTORY_STACK_MAX: u32 = 999;

/// Largest number of tiles around the spawn point over which new characters are spread.
pub const SPAWN_TILES_MAX: usize = 49;

/// Within this distance of where new characters appear nothing is built that blocks or hurts;
/// tiles, the larger of the two distances.
pub const SPAWN_KEPT_OPEN: u32 = 1;

/// Most tiles that are searched for a free one when a character's tile was built over. None is
/// free: it appears where new characters do.
pub const BESIDE_TILES_MAX: usize = 64;

// Who is heard is also seen.
const _: () = assert!(EARSHOT <= CHUNK_SIZE * VIEW_CHUNKS);
const _: () = assert!(RESUME_TICKS > 0 && VIEWS_REMEMBERED_MAX > 1 && VIEWS_RESERVED <= VIEWS_REMEMBERED_MAX);

/// Repeats of one session that wait through an outage for the answer of their original. Full:
/// further ones are dropped; what is not answered is sent again when the client comes back.
pub const REPEATS_WAITING_MAX: usize = 256;
