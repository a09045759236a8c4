//! What outlasts a tick: durable values, the hashes of the state, snapshots, and the replay of
//! recorded ticks.

pub(crate) mod characters_before;
mod plausible;
pub mod profile;
pub mod provenance;
pub mod replay;
pub mod snapshot;
pub mod state_hash;
pub mod stored_face;
pub(crate) mod stored_state;
