//! Bounds of the wire that are not choices of an operator, and what ties them together.

/// Largest inbound frame, bytes.
pub const INBOUND_FRAME_BYTES_MAX: usize = 4 * 1024;

/// Longest chat text, characters.
pub const CHAT_CHARS_MAX: usize = 280;

/// Longest display name, characters after normalisation.
pub const DISPLAY_NAME_CHARS_MAX: usize = 24;

/// Longest text that may be typed for a display name, characters: in decomposed form, with blanks.
pub const DISPLAY_NAME_TYPED_CHARS_MAX: usize = 6 * DISPLAY_NAME_CHARS_MAX;

/// Most steps of one `intent.action`.
pub const ACTION_STEPS_MAX: usize = 16;

/// Longest item kind, bytes.
pub const ITEM_KIND_BYTES_MAX: usize = 48;

/// Malformed messages after which a connection is ended.
pub const MALFORMED_MAX: u32 = 8;

/// Time a client has for its `hello`, milliseconds.
pub const HELLO_TIMEOUT_MS: u64 = 5_000;

/// Largest REST request body, bytes.
pub const REST_BODY_BYTES_MAX: usize = 16 * 1024;

// A full chat text of four-byte characters and a full action fit a frame in either encoding.
const _: () = assert!(CHAT_CHARS_MAX * 4 + 512 <= INBOUND_FRAME_BYTES_MAX);
const _: () = assert!(ACTION_STEPS_MAX * (ITEM_KIND_BYTES_MAX + 128) <= INBOUND_FRAME_BYTES_MAX);
