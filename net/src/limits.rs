//! Bounds of the edge that are not choices of an operator, and what ties them together.

use tilemud_schema::limits::INBOUND_FRAME_BYTES_MAX;

/// Inputs waiting for the next tick, over all sessions. Full: readers wait, so sockets back up (rule 3).
pub const MAILBOX_LEN_MAX: usize = 65_536;

/// Recorded answers per session, for duplicates. Older ones are looked up in the store.
pub const ANSWERS_PER_SESSION_MAX: usize = 256;

/// Lookups of old duplicates under way at once. Full: the connection ends with 4006, and its player asks again.
pub const DUPLICATE_LOOKUPS_MAX: usize = 4_096;

/// Frames that may wait in one session's outbox besides state deltas (acks, errors, heartbeats). Full: 4008.
pub const RELIABLE_FRAMES_MAX: usize = 4_096;

/// Bytes that may wait in one session's outbox. Full: as a backlog of deltas.
pub const OUTBOX_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Seconds of ticks a session's deltas may wait before they are replaced by one full delta.
pub const BACKLOG_SECONDS_MAX: u64 = 2;

/// Pings a client may send per second; more end the connection with 4007.
pub const PINGS_PER_SECOND_MAX: u32 = 10;

/// Committed ticks that may wait for the fan-out. Full: the persistence stage waits.
pub const COMMITTED_TICKS_MAX: usize = 256;

/// Time for everything before the upgrade or the end of a request head, seconds.
pub const REQUEST_HEAD_TIMEOUT_S: u64 = 10;

/// Connections (HTTP and realtime) per allowed session, so that page loads do not starve players.
pub const CONNECTIONS_PER_SESSION: usize = 4;

/// Time a closing connection has to take its last frames, seconds.
pub const CLOSE_GRACE_S: u64 = 2;

/// Session records that may wait to be written. Full: bootstraps and handshakes wait.
pub const LEDGER_LEN_MAX: usize = 4_096;

/// Session records of one transaction at most.
pub const LEDGER_BATCH_MAX: usize = 256;

/// Changes of reconnect tokens that may wait for the cache. Full: further ones are left out, and read from the store when
/// wanted.
pub const TOKEN_CHANGES_LEN_MAX: usize = 4_096;

/// Changes of reconnect tokens told to the cache in one call at most; it has to answer within 100 ms.
pub const TOKEN_CHANGES_PER_CALL_MAX: usize = 64;

/// Time a handshake waits for what its session was doing before, seconds. Over: UNAVAILABLE, and the client tries again.
pub const HANDSHAKE_WAIT_S: u64 = 5;

const _: () = assert!(MAILBOX_LEN_MAX >= 4 * ANSWERS_PER_SESSION_MAX);
const _: () = assert!(OUTBOX_BYTES_MAX > 16 * INBOUND_FRAME_BYTES_MAX);
