//! The world: a pure, deterministic bevy_ecs simulation.
//!
//! [`Sim::tick`] takes the inputs of a tick and returns everything that became true. No clocks, no
//! IO, no threads, no unseeded randomness; nothing iterates in an order that can differ between runs.

pub mod api;
pub mod map;
