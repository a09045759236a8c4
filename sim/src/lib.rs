//! The world: a pure, deterministic bevy_ecs simulation.
//!
//! [`Sim::tick`] takes the inputs of a tick and returns everything that became true. No clocks, no
//! IO, no threads, no unseeded randomness; nothing iterates in an order that can differ between runs.
//!
//! A tick goes through the wings in this order, and each knows only those before it: `world` (what there is), `intake` (what
//! comes in), `rules` (what happens), `views` (who sees what), `history` (what is kept). `schedule` puts their systems in
//! order. What goes in and comes out is in [`api`].
//!
//! An output that everybody has read comes back as a [`SpentOutput`], so that its memory is used again.
//!
//! What a tick did is its events and its record; from a [`WorldSnapshot`] and those, [`Sim::replay`] makes the
//! same world again.

#![allow(clippy::needless_pass_by_value, reason = "systems take their parameters by value")]

pub mod api;
#[cfg(feature = "flaws")]
pub mod flaws;
mod history;
mod intake;
pub mod limits;
pub mod map;
pub mod map_art;
mod probe;
mod recovery;
mod reserve;
mod rules;
mod schedule;
mod sim;
mod spent;
mod views;
mod world;

pub use api::{Input, SpentOutput, TickOutput};
pub use history::replay::{Difference, Divergence, EventDifference};
pub use history::snapshot::{CharacterSnapshot, ObjectSnapshot, RestoreError, WorldSnapshot};
pub use map::Map;
pub use probe::TickProbe;
pub use sim::{Sim, SimConfig};
pub use world::customs::Customs;
pub use world::numbers::Numbers;
pub use world::spawn::SpawnTiles;
pub use world::wanderers::Wander;
