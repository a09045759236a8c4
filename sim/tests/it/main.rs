//! Tests of the world through its public surface only: inputs in, output out.

mod model;
mod players;
mod rules;
mod views;
