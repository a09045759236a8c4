//! Tests that start the perf programs.

mod tick_instructions;
