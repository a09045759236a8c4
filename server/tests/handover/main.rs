//! The hand-over of a character from world to world, as a model: every state that two worlds with
//! one or two characters can come to is visited and judged, whatever crashes, is taken over, goes
//! on as if it were not, loses an answer or is refused. What was acknowledged is in the log; no
//! action is there twice or out of order; a character is in one place and can be found; things
//! stay as many as they were; whoever was fenced sends nothing; a repeat is answered like its
//! original; and from every state everything comes to an end without another fault.
//!
//! The model shares no code with the product: it says which rules the product needs. Each of them
//! can be switched off, and the search has to find what comes of it. It knows no time: that frames
//! leave only while the lease is sure to hold, and that rows stay longer than a commit can take, is
//! taken for granted.
//!
//! The normal run visits tens of thousands of states; with TILEMUD_TEST_HANDOVER_STATES=1000000 the
//! larger plans are searched too, one of which must have at least as many states. That takes half a
//! minute in an optimised build, and 0.8 GB of memory.

mod acceptance;
mod clients;
mod commit;
mod fingerprint;
mod judge;
mod plan;
mod processes;
mod rules;
mod search;
mod state;
mod step;
mod tick;

use std::collections::HashSet;
use std::time::Instant;

use crate::plan::{Mutant, Plan};
use crate::rules::{Rules, Steps};
use crate::search::{Found, search};
use crate::state::State;
use crate::step::Step;

/// States that the largest plan of the normal run has at least.
const STATES: usize = 20_000;

fn number(name: &str) -> Option<usize> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// The way to a violation, one step a line.
fn told(trace: &[Step], plan: &Plan) -> String {
    trace.iter().zip(1..).map(|(step, number)| format!("\n  {number:>2}. {}", step.told(plan))).collect()
}

fn searched(plan: &Plan, mutant: Mutant) -> Found {
    let started = Instant::now();
    let found = search(&Rules { plan, mutant });
    let Found { states, steps, depth, rests, .. } = found;
    println!(
        "{mutant:?}, {}: {states} states, {steps} steps, {depth} deep, {rests} at rest, {:.1} s",
        plan.name,
        started.elapsed().as_secs_f64()
    );
    if let Some((violation, trace)) = &found.violation {
        println!("{violation}, after {} steps:{}", trace.len(), told(trace, plan));
    }
    found
}

#[test]
fn every_state_of_the_hand_over_keeps_what_was_acknowledged() {
    let wanted = number("TILEMUD_TEST_HANDOVER_STATES").unwrap_or(STATES);
    let longer: &[Plan] = if wanted > STATES { &Plan::LONG } else { &[] };
    let (mut most, mut kinds) = (0, HashSet::new());
    for plan in Plan::SHORT.iter().chain(longer) {
        let found = searched(plan, Mutant::None);
        if let Some((violation, trace)) = found.violation {
            panic!("{}: {violation}:{}", plan.name, told(&trace, plan));
        }
        assert!(found.rests > 0, "{} has no end", plan.name);
        most = most.max(found.states);
        kinds.extend(found.kinds);
    }
    assert!(most >= wanted, "{most} states at most, {wanted} are wanted");
    assert_eq!(kinds.len(), Step::KINDS, "not every kind of step was taken");
}

#[test]
fn every_mutant_of_the_hand_over_is_found() {
    let is_found = |mutant| Plan::SHORT.iter().any(|plan| searched(plan, mutant).violation.is_some());
    let missed: Vec<_> = Mutant::ALL.into_iter().filter(|mutant| !is_found(*mutant)).collect();
    assert!(missed.is_empty(), "not found: {missed:?}");
}

#[test]
fn a_search_by_fingerprints_visits_as_many_states_as_one_by_whole_states() {
    let plan = &Plan::SHORT[1];
    let rules = Rules { plan, mutant: Mutant::None };
    let (mut seen, mut open) = (HashSet::new(), vec![State::first(plan)]);
    let mut steps = Steps::new();
    while let Some(state) = open.pop() {
        if seen.insert(state) {
            rules.steps(&state, &mut steps);
            open.extend(steps.iter().map(|(_, next)| *next));
        }
    }
    assert_eq!(search(&rules).states, seen.len());
}
