//! Tests of the world through its public surface only: inputs in, output out.

mod actions;
mod areas;
mod building;
mod conservation;
mod edits;
mod folded;
mod frames;
mod grown;
mod living;
mod merges;
mod model;
mod nameless;
mod outages;
mod players;
mod presence;
mod replays;
mod restock;
mod resumes;
mod rules;
mod sequences;
mod speech;
mod views;
mod warps;

use std::sync::Arc;

use proptest::prelude::ProptestConfig;
use tilemud_sim::api::{Input, Outcome};
use tilemud_sim::{Map, Sim, SimConfig, TickOutput};

/// Ticks of a second of a world that is told nothing else.
const SECOND: u32 = 20;

/// 200 cases, or as many as `PROPTEST_CASES` says.
fn cases() -> ProptestConfig {
    let mut config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 200;
    }
    config.failure_persistence = None;
    config
}

fn sim(map: Map) -> Sim {
    Sim::new(Arc::new(map), SimConfig::default())
}

fn tick(sim: &mut Sim, inputs: impl Into<Vec<Input>>) -> TickOutput {
    let mut inputs = inputs.into();
    let output = sim.tick(&mut inputs);
    assert!(inputs.is_empty(), "a tick takes all inputs");
    output
}

fn outcomes(output: &TickOutput) -> Vec<Outcome> {
    output.answers.iter().map(|answer| answer.outcome.clone()).collect()
}
