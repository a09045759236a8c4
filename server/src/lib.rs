//! The parts of the `tilemud` binary: configuration, start-up, the tick thread, the persistence
//! stage, shutdown. What is not about running a process lives in the other crates.

pub mod assets;
mod clock_watch;
pub mod config;
mod descriptors;
pub mod engine;
pub mod failure;
pub mod lease;
pub mod logging;
pub mod panics;
pub mod people;
mod port;
pub mod projection;
pub mod recovery;
mod reload;
pub mod repairs;
pub mod replay;
pub mod retention;
pub mod serve;
mod shutdown;
pub mod slowness;
pub mod snapshots;
pub mod stage;
pub mod stamps;
pub mod start;
pub mod tick_thread;
pub mod upkeep;
mod watchdog;
pub mod world;
