//! Tests of the program `perf`.

mod instructions;
