//! Sessions: who is in, in which state, with which secrets.
//!
//! A user bootstraps over HTTP ([`admission`]) and gets a session id, a ticket for one realtime
//! connection, and a reconnect token. [`status`] is the life of a session as a pure machine,
//! [`tokens`] says which reconnect tokens are good, [`registry`] keeps all sessions and applies the
//! two, [`expiry`] ends those whose time is up. Changes go to the world through the mailbox; the
//! realtime side is in `connection`.
//!
//! # Reconnect tokens (FR-008, NFR-006)
//! - A token belongs to one session of one user; presented by anybody else, expired, or unknown, it
//!   is ignored and the bootstrap opens a fresh session. Only hashes are kept, in memory and in the
//!   store.
//! - It is used up when the handshake it led to is done. Until then it may be presented again,
//!   because a bootstrap's answer can get lost. Each presentation voids the ticket of the one
//!   before, and each handshake ends the connection of the one before: used by two at once, it
//!   leads to one live session, the newer one's.
//! - A bootstrap and a handshake each hand out the next token. The bootstrap's stays good until the
//!   player says something on the new connection, in case the handshake's answer got lost; from
//!   then on only the handshake's is.
//! - A token is good while its session lives: as long as it is active, and for the reconnect window
//!   after a disconnect. `expires_at` is the latest moment at which it can be good, if the client
//!   stays silent.
//! - What is good is durable before it is handed out (the newest token and the one before), so a
//!   session survives a crash. After a restart the reconnect window counts from the start of the
//!   process: nobody could come back earlier. The cache is written afterwards ([`token_cache`]); to
//!   a restarted process it is only a hint where to look.

mod admission;
mod allowance;
mod capacity;
mod expiry;
mod past;
mod presence;
mod realm;
mod registry;
mod secret;
mod served_map;
mod session_writer;
mod settings;
mod state;
mod status;
mod table;
mod token_cache;
mod tokens;

pub(crate) use admission::{Admission, admit, as_of_now, newest};
pub(crate) use allowance::Allowance;
pub use capacity::Capacity;
pub use expiry::run as run_expiry;
pub use presence::run as run_presence;
pub use realm::{Realm, Stores, Vitals};
pub use registry::Registry;
pub(crate) use registry::{Connected, Opening};
pub(crate) use secret::{Secret, SecretHash};
pub use served_map::{Bring, Packed, SECTIONS, Sections, ServedFile, ServedMap};
pub use settings::Settings;
pub use state::Session;
pub(crate) use state::{Handshake, Past};
pub(crate) use tokens::Tokens;
