//! The world: a pure, deterministic bevy_ecs simulation.
//!
//! [`Sim::tick`] takes the inputs of a tick and returns everything that became true. No clocks, no
//! IO, no threads, no unseeded randomness; nothing iterates in an order that can differ between runs.
//!
//! The files are the rooms a tick goes through: [`ingest`], [`sequence`], [`intents`] (with [`movement`],
//! [`chat`], [`action`]), [`wander`] and [`hazard`], [`departure`], [`observe`], then [`shared`] and [`private`] deltas by the one rule in
//! [`diff`], into [`deltas`], and [`profile`]. What they work on: [`body`], [`character`], [`session`], [`presence`], [`terrain`].
//!
//! An output that everybody has read comes back as a [`spent`] one, so that its memory is used again.
//!
//! What a tick did is its events and its [`record`]; from a [`snapshot`] of the world and those, [`replay`] makes the
//! same world again.

#![allow(clippy::needless_pass_by_value, reason = "systems take their parameters by value")]

pub mod action;
pub mod api;
pub mod body;
pub mod character;
pub mod chat;
pub mod customs;
pub mod deltas;
pub mod departure;
pub mod diff;
pub mod grid;
pub mod hazard;
pub mod ingest;
pub mod intents;
pub mod inventory;
pub mod item;
pub mod limits;
pub mod map;
pub mod map_art;
pub mod movement;
pub mod observe;
mod occupants;
pub mod outage;
pub mod presence;
pub mod private;
pub mod probe;
pub mod profile;
pub mod record;
pub mod replay;
mod room;
pub mod sequence;
pub mod session;
pub mod shared;
pub mod sim;
pub mod snapshot;
pub mod spawn;
pub mod spent;
pub mod staged;
pub mod state_hash;
mod stored_face;
pub mod terrain;
pub mod tick;
pub mod wander;

pub use api::{Input, TickOutput};
pub use map::Map;
pub use replay::Divergence;
pub use sim::{Sim, SimConfig};
pub use snapshot::{RestoreError, WorldSnapshot};
pub use spent::SpentOutput;
