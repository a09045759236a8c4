//! What happens: what intents do, and what the world does by itself.

pub mod action;
pub mod chat;
pub mod hands;
pub mod hazard;
pub mod intents;
pub mod movement;
pub mod outcomes;
pub mod simulate;
pub mod staged;
pub mod voices;
pub mod wander;
