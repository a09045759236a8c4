//! Every target holds, over its corpus and over what is made of it from a fixed seed. What once
//! broke one has a test of its own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod kept;
mod watch;
mod whatever;
