//! The vital signs of a server: [`process`] says whether it can go on, [`health`] how each world
//! and its dependencies are, [`metrics`] has the counters, [`alerts`] follow from them.
//!
//! Has no socket, no thread and no rule of the game. What belongs to one world ([`health::Health`],
//! [`metrics::WorldMetrics`]) is apart from what belongs to the process around it.

pub mod alerts;
pub mod clock;
pub mod health;
pub mod metrics;
pub mod process;
pub mod pulse;
pub mod tenure;
