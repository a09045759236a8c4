//! Bounds of the edge that are not choices of an operator, and the assertions between them.

use std::time::Duration;

use tilemud_schema::limits::INBOUND_FRAME_BYTES_MAX;

/// Inputs waiting for the next tick, over all sessions. Full: readers wait, so sockets back up
/// (rule 3).
pub const MAILBOX_LEN_MAX: usize = 65_536;

/// Recorded answers per session, for duplicates. Older ones are looked up in the store.
pub const ANSWERS_PER_SESSION_MAX: usize = 256;

/// Concurrent lookups of old duplicates. Full: the connection ends with 4006, and its client sends
/// again.
pub const DUPLICATE_LOOKUPS_MAX: usize = 4_096;

/// Frames that may wait in one session's outbox besides state deltas (acks, errors, heartbeats).
/// Full: 4008.
pub const RELIABLE_FRAMES_MAX: usize = 4_096;

/// Bytes that may wait in one session's outbox. Full: as a backlog of deltas.
pub const OUTBOX_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Seconds of ticks a session's deltas may wait before they are replaced by one full delta.
pub const BACKLOG_SECONDS_MAX: u64 = 2;

/// Pings a client may send per second; more end the connection with 4007.
pub const PINGS_PER_SECOND_MAX: u32 = 10;

/// HTTP calls with a good token that one user may make at once, as seconds' worth of the rate.
pub const USER_CALLS_BURST_S: u32 = 6;

/// Users whose limits are remembered beside the sessions there may be. Full: further users share
/// one allowance.
pub const ALLOWANCES_MAX: usize = 131_072;

/// Whispers to one listener that may come at once, as seconds' worth of the rate.
pub const WHISPER_BURST_S: u32 = 5;

/// Listeners of one speaker whose limits are remembered. Full: whispers to further ones are refused
/// for a moment.
pub const LISTENERS_MAX: usize = 256;

/// How long an answer of 429 is delayed for peers that are no trusted proxies, milliseconds. The
/// connection is not read meanwhile.
pub const REFUSED_PAUSE_MS: u64 = 100;

/// A connection that was silent for this long gets a ping.
pub const PING_AFTER: Duration = Duration::from_secs(3);

/// A connection that was silent for this long, without a pong, counts as lost.
pub const SILENT_AFTER: Duration = Duration::from_secs(10);

/// Committed ticks that may wait for the fan-out. Full: the persistence stage waits.
pub const COMMITTED_TICKS_MAX: usize = 256;

/// Time for everything before the upgrade or the end of a request head, seconds.
pub const REQUEST_HEAD_TIMEOUT_S: u64 = 10;

/// Longest request head, bytes: the longest token, and as much again and a half for address,
/// cookies and what proxies add. Full: 431. Whoever sends half a head makes us keep so much.
pub const REQUEST_HEAD_BYTES_MAX: usize = 20 * 1024;

/// Longest that a request, or a frame without a session, waits for its turn: what an address owes
/// is never more. Full: requests are refused (429), frames wait as long.
pub const TURN_WAIT_MAX: Duration = Duration::from_secs(10);

/// Requests of an address for which a TLS handshake counts: the signature alone takes a millisecond
/// with a key of RSA, 2048 bits.
pub const REQUESTS_PER_HANDSHAKE: u32 = 4;

/// Connections (HTTP and realtime) per allowed session, so that page loads do not starve players.
pub const CONNECTIONS_PER_SESSION: usize = 4;

pub const CONNECTIONS_BESIDES: usize = 256;

/// Connections without a session that one address may have at least, because pages load over
/// several and players share addresses. Otherwise a quarter of all. Full: the one that was quiet
/// the longest is ended.
pub const STRANGERS_PER_ADDRESS_MIN: usize = 64;

/// Addresses whose requests and players are remembered. Full: others share one count.
pub const ADDRESSES_KNOWN_MAX: usize = 65_536;

/// Frames that an address may send before a session is known, for each connect it may make. Full:
/// they wait.
pub const STRANGER_FRAMES_PER_CONNECT: u32 = 4;

/// Frames that a connection may send until a session is known. Full: 4007.
pub const STRANGER_FRAMES_MAX: usize = 64;

/// Bytes that it may send until then. Full: 4007.
pub const STRANGER_BYTES_MAX: usize = 64 * 1024;

/// Shortest pause in the reading of a peer that sends more than it may; one read takes what arrives
/// meanwhile.
pub const INBOUND_PAUSE_MIN: Duration = Duration::from_millis(100);

/// Bytes that are read and discarded after the goodbye to a connection without a session. Full: it
/// is closed.
pub const DISCARDED_BYTES_MAX: usize = 64 * 1024;

/// Pause between two reads of them.
pub const DISCARD_PAUSE: Duration = Duration::from_millis(50);

/// Bytes that all outboxes together may hold for peers that do not read, with what the kernel holds
/// of them. Full: a peer with more than [`OWED_SHARE_BYTES`] is treated as too slow.
pub const OWED_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What one connection may always be owed.
pub const OWED_SHARE_BYTES: usize = 32 * 1024;

/// Memory of a part of a frame beside its bytes, and the least memory of one.
pub const FRAME_PART_BYTES: usize = 192;

/// Time for which a peer may read nothing of an answer before the connection is ended; beyond it,
/// it must read at [`ANSWER_BYTES_PER_S_MIN`].
pub const ANSWER_STALL: Duration = Duration::from_secs(10);

/// Least rate at which an answer must be taken in the long run, bytes per second.
pub const ANSWER_BYTES_PER_S_MIN: u64 = 1_024;

/// Time the body of a request may take to arrive.
pub const REQUEST_BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Bytes that may wait in the kernel of one connection before they are sent; more wait here, where
/// they are counted.
pub const UNSENT_BYTES_MAX: u32 = 32 * 1024;

/// How long the system goes on offering a peer what it does not take, also when the connection has
/// ended for us. Longer than we wait for an answer to be taken.
pub const UNTAKEN_MAX: Duration = Duration::from_secs(15);

/// Connections that are served when all others are taken, for probes only. Full: the oldest is
/// ended.
pub const PROBE_CONNECTIONS_MAX: usize = 16;

/// Time such a connection has in all, seconds.
pub const PROBE_TIMEOUT_S: u64 = 2;

/// Time a closing connection has to take its last frames, seconds.
pub const CLOSE_GRACE_S: u64 = 2;

/// Session records that may wait to be written. Full: bootstraps and handshakes wait.
pub const SESSION_WRITER_LEN_MAX: usize = 4_096;

/// Session records of one transaction at most.
pub const SESSION_WRITER_BATCH_MAX: usize = 256;

/// Changes of reconnect tokens that may wait for the cache. Full: further ones are left out, and
/// read from the store when needed.
pub const TOKEN_CHANGES_LEN_MAX: usize = 4_096;

/// Most changes of reconnect tokens in one call of the cache; it has to answer within 100 ms.
pub const TOKEN_CHANGES_PER_CALL_MAX: usize = 64;

/// Time a handshake waits for the previous handshake or the departure of its session, seconds.
/// Over: UNAVAILABLE, and the client tries again.
pub const HANDSHAKE_WAIT_S: u64 = 5;

const _: () = assert!(MAILBOX_LEN_MAX >= 4 * ANSWERS_PER_SESSION_MAX);
const _: () = assert!(UNTAKEN_MAX.as_secs() > ANSWER_STALL.as_secs());
const _: () = assert!(OUTBOX_BYTES_MAX > 16 * INBOUND_FRAME_BYTES_MAX);

/// How far back the log is searched for lines that a session from before a restart has not heard,
/// when its client does not say what it holds, ticks: what a process may have reserved beyond its
/// last commit, and a few minutes.
pub const PAST_TICKS_MAX: u64 = 12_000;

/// The bound of that search in recorded ticks: ten minutes of a world in which every tick has an
/// event.
pub const PAST_RECORDS_MAX: usize = 12_000;

/// Lines of the log that are looked at for one such session, the newest ones.
pub const PAST_WORDS_MAX: usize = 1_024;

/// Most lines older than those that are reported to a player as missed.
pub const PAST_MISSED_MAX: u64 = 1_000_000;

/// Lines of the zone kept for sessions from before the start, while they may come back. Full: the
/// oldest goes.
pub const EARLY_LINES_MAX: usize = 256;

/// Common effects (lines that others hear too) and noises in one frame, lines first. More come with
/// the next ticks.
pub const EFFECTS_PER_FRAME_MAX: usize = 64;

/// Noises (all common effects but chat) in one frame: more than an ear can tell apart.
pub const NOISE_PER_FRAME_MAX: usize = 32;

/// Direct effects (whispers, own wounds) kept for one player until they are known to have arrived,
/// and bytes of them. Full: sent ones go first; then the speaker is notified that it was not heard
/// (TARGET_AWAY).
pub const DIRECT_MAX: usize = 128;
/// See [`DIRECT_MAX`].
pub const DIRECT_BYTES_MAX: usize = 64 * 1024;

/// Direct effects that may wait for a frame before the world refuses further whispers to the
/// player. The rest, up to [`DIRECT_MAX`], is for whispers that are on their way then.
pub const DIRECT_WAITING_MAX: usize = 96;

/// Lines that others hear too kept for one player, and bytes of them. Full: the oldest goes, and
/// the player is notified.
pub const COMMON_MAX: usize = 1_024;
/// See [`COMMON_MAX`].
pub const COMMON_BYTES_MAX: usize = 256 * 1024;

/// Noises kept for one player: half a second of frames at twenty ticks a second. Full: the oldest
/// goes, because a noise that comes late is worth less than one that is new.
pub const NOISE_MAX: usize = 320;

/// How long effects that have arrived are kept, ticks: a client may have received a frame without
/// applying it.
pub const HEARD_KEPT_TICKS: u64 = 100;

/// How long noises are kept for a player who is away, ticks.
pub const NOISE_KEPT_TICKS: u64 = 80;

/// Notifications of unheard lines that wait for a player who is away. Full: the oldest goes.
pub const NOTICES_MAX: usize = 32;

const _: () = assert!(DIRECT_WAITING_MAX < DIRECT_MAX && EFFECTS_PER_FRAME_MAX < COMMON_MAX);
const _: () = assert!(NOISE_PER_FRAME_MAX < EFFECTS_PER_FRAME_MAX && NOISE_PER_FRAME_MAX < NOISE_MAX);
