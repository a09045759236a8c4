//! The parts of the `tilemud` binary: configuration, start-up, the tick thread, the persistence
//! stage, shutdown. What is not about running a process lives in the other crates.

pub mod assets;
pub mod config;
pub mod logging;
mod reload;
pub mod serve;
mod shutdown;
pub mod stage;
pub mod tick_thread;
pub mod world;
