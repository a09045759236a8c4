//! Intake: the mailbox is emptied, intents are sorted and judged by their numbers, characters join
//! and leave.

pub mod departure;
pub mod ingest;
pub mod outage;
pub mod pending;
pub mod sequence;
