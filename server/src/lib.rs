//! The parts of the `tilemud` binary: [`config`], [`logging`], the [`engine`] that runs one world,
//! and the [`process`] around it. Everything else is in the other crates.

pub mod assets;
pub mod config;
pub mod engine;
pub mod failure;
pub mod logging;
pub mod process;
