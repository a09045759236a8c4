//! Tests of the world through its public surface only: inputs in, output out.

mod players;
mod rules;
