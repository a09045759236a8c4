//! The process that runs a world: its start, stage by stage, its end, and the commands beside
//! `serve`.

pub mod backup;
mod descriptors;
mod map_reload;
mod opening;
pub mod panics;
pub mod people;
pub mod plan;
mod port;
mod preparation;
mod progress;
mod reload;
pub mod serve;
pub mod server;
mod shutdown;
pub mod start;
pub mod upkeep;
