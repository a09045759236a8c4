//! How a server is, below everything that says so or asks: [`process`] whether it can go on, [`health`] what each world and its
//! dependencies are doing, [`metrics`] what was counted, [`alerts`] what follows from that.
//!
//! Has no socket, no thread and no rule of the game. What belongs to one world ([`health::Health`],
//! [`metrics::WorldMetrics`]) is apart from what belongs to the process around it.

pub mod alerts;
pub mod clock;
pub mod health;
pub mod metrics;
pub mod process;
pub mod pulse;
