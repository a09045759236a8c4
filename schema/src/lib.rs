//! Every type that crosses a boundary: intents, events, errors, REST bodies, action events, and
//! the build identifier.
//!
//! Server and clients share these types, so they cannot disagree. Nothing here does IO, and all of
//! it builds for wasm. The contract for people is the protocol page; the two encodings of the same
//! types are in [`codec`].

#![warn(missing_docs)]

pub mod build_id;
pub mod codec;
mod envelope;
pub mod event_log;
pub mod ids;
pub mod keys;
pub mod limits;
mod per_class;
pub mod rest;
pub mod sign_in;
pub mod sprites;
pub mod time;
pub mod wire;

pub use build_id::version;
pub use codec::{DecodeError, Encoding};
pub use event_log::{
    ActionEvent, Arrival, LoggedEvent, LoggedTick, MapChange, MapId, Performed, TickRecord, WorldHashes,
};
pub use ids::{ActionId, CharacterId, EntityId, Seq, SessionId, Tick, UserId};
pub use per_class::{IntentLimit, PerClass};
pub use time::Timestamp;
pub use wire::{
    action::*,
    character::*,
    client::*,
    close::*,
    delta::*,
    error::*,
    in_view::InView,
    position::*,
    server::*,
    state_delta::{Shared, SharedParts},
};
