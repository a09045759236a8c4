//! The process that runs one world or several: its start, stage by stage, its end, and the commands
//! beside `serve`.

pub mod backup;
mod descriptors;
mod map_reload;
mod opening;
pub mod panics;
mod patience;
pub mod people;
pub mod plan;
mod port;
mod preparation;
mod progress;
mod recovering;
mod reload;
mod running;
pub mod serve;
pub mod server;
mod several;
mod shutdown;
pub mod start;
pub mod upkeep;
