//! The world: a pure, deterministic bevy_ecs simulation.
//!
//! [`Sim::tick`] takes the inputs of a tick and returns everything that became true. No clocks, no
//! IO, no threads, no unseeded randomness; nothing iterates in an order that can differ between
//! runs.
//!
//! A tick goes through the modules in this order, and each imports only those before it: `world`
//! (the state), `intake` (inputs), `rules` (what happens), `views` (who sees what), `history` (what
//! outlasts the tick). `schedule` orders their systems. [`api`] has the types of inputs and
//! outputs.
//!
//! The last reader of an output gives it back as a [`RecycledOutput`], so that its memory is used
//! again.
//!
//! The events and the record of a tick say what it did; from a [`WorldSnapshot`] and those,
//! [`Sim::replay`] makes the same world again.

#![allow(clippy::needless_pass_by_value, reason = "systems take their parameters by value")]

pub mod api;
mod edit;
#[cfg(feature = "flaws")]
pub mod flaws;
mod history;
mod intake;
pub mod limits;
pub mod map;
pub mod map_art;
mod probe;
mod recovery;
mod recycled;
mod reserve;
mod rules;
mod schedule;
mod sim;
mod views;
mod world;

pub use api::{Input, RecycledOutput, TickOutput};
pub use edit::{Differences, EditReport, ObjectEdit, PersonMoved, PileMoved, TileLoss, TileLost, is_edit_of};
pub use history::provenance::Provenance;
pub use history::replay::{Difference, Divergence, EventDifference};
pub use history::snapshot::{CharacterSnapshot, ObjectSnapshot, RestoreError, WorldSnapshot};
pub use map::Map;
pub use probe::TickProbe;
pub use sim::{Sim, SimConfig};
pub use world::customs::Customs;
pub use world::numbers::Numbers;
pub use world::shifted::{Shifted, shift};
pub use world::spawn::SpawnTiles;
pub use world::spawners::SpawnerState;
pub use world::wanderers::Wander;
