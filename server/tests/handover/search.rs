//! The search: every state that can be reached from the first one, nearest first, each judged once.
//! A state is known by its fingerprint; the way to it is kept as the state before it and the place
//! of the step among that one's steps, from which a trace is played again.
//!
//! At the end it goes backwards from the states at rest over steps that are no faults: whatever it
//! does not meet can come to no end.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::mem::{Discriminant, discriminant};

use crate::fingerprint::Fingerprint;
use crate::judge::{self, Violation};
use crate::rules::{Rules, Steps};
use crate::state::State;
use crate::step::Step;

/// States of one search at most. Beyond it a search fails: it has not seen everything.
pub const STATES_MAX: usize = 20_000_000;

/// What a search has found.
#[derive(Debug, Default)]
pub struct Found {
    pub states: usize,
    pub steps: usize,
    /// Steps from the first state to the farthest one that was judged.
    pub depth: usize,
    /// Judged states at rest.
    pub rests: usize,
    /// The kinds of steps that were taken.
    pub kinds: HashSet<Discriminant<Step>>,
    /// The first violation, and the shortest way to it.
    pub violation: Option<(Violation, Vec<Step>)>,
}

/// Fingerprints are as good as random: one half of them is a hash.
#[derive(Default)]
struct Half(u64);

impl Hasher for Half {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("only fingerprints are hashed");
    }

    fn write_u64(&mut self, half: u64) {
        self.0 = half;
    }
}

#[derive(Default)]
struct Search {
    /// The number of each state, by fingerprint.
    numbers: HashMap<Fingerprint, u32, BuildHasherDefault<Half>>,
    /// By number: the state before, and the place of the step among its steps.
    before: Vec<(u32, u8)>,
    /// From each state, by number, to where steps that are no faults lead.
    ways: Vec<u32>,
    /// By number: where its part of `ways` ends.
    ends: Vec<u32>,
    rests: Vec<u32>,
}

/// Searches until a violation, or to the end.
pub fn search(rules: &Rules) -> Found {
    let first = State::first(rules.plan);
    let mut search = Search::default();
    search.numbers.insert(first.fingerprint(), 0);
    search.before.push((0, 0));
    let mut found = Found::default();
    let (mut nearest, mut farther, mut steps) = (vec![first], Vec::new(), Steps::new());
    let mut number = 0;
    while !nearest.is_empty() {
        for state in nearest.drain(..) {
            found.states += 1;
            if let Err(violation) = judge::judge(&state, rules.plan) {
                found.violation = Some((violation, search.trace(rules, number)));
                return found;
            }
            if judge::is_at_rest(&state, rules.plan) {
                search.rests.push(number);
            }
            rules.steps(&state, &mut steps);
            found.steps += steps.len();
            found.kinds.extend(steps.iter().map(|(step, _)| discriminant(step)));
            search.go_on(number, &steps, &mut farther);
            number += 1;
        }
        found.depth += usize::from(!farther.is_empty());
        std::mem::swap(&mut nearest, &mut farther);
        assert!(search.before.len() <= STATES_MAX, "there are more than {STATES_MAX} states");
    }
    found.rests = search.rests.len();
    if let Some(stuck) = search.first_stuck() {
        found.violation = Some((Violation::Stuck, search.trace(rules, stuck)));
    }
    found
}

impl Search {
    /// Notes where the steps of a state lead; what was not seen before goes to `farther`.
    fn go_on(&mut self, number: u32, steps: &Steps, farther: &mut Vec<State>) {
        for (place, (step, next)) in steps.iter().enumerate() {
            let fresh = self.before.len() as u32;
            let to = *self.numbers.entry(next.fingerprint()).or_insert(fresh);
            if to == fresh {
                let place = u8::try_from(place).expect("a state has less than 256 steps");
                self.before.push((number, place));
                farther.push(*next);
            }
            if !step.is_fault() {
                self.ways.push(to);
            }
        }
        self.ends.push(self.ways.len() as u32);
    }

    /// The steps from the first state to this one.
    fn trace(&self, rules: &Rules, mut number: u32) -> Vec<Step> {
        let mut places = Vec::new();
        while number != 0 {
            let (before, place) = self.before[number as usize];
            places.push(usize::from(place));
            number = before;
        }
        let (mut state, mut steps, mut trace) = (State::first(rules.plan), Steps::new(), Vec::new());
        for place in places.into_iter().rev() {
            rules.steps(&state, &mut steps);
            let (step, next) = steps[place];
            trace.push(step);
            state = next;
        }
        trace
    }

    /// The nearest state from which none at rest can be reached without a fault.
    fn first_stuck(&self) -> Option<u32> {
        // The same ways backwards: those that lead to a state stand together.
        let count = self.ends.len();
        let mut begins = vec![0_u32; count + 1];
        for to in &self.ways {
            begins[*to as usize + 1] += 1;
        }
        for number in 0..count {
            begins[number + 1] += begins[number];
        }
        let mut froms = vec![0_u32; self.ways.len()];
        let mut filled = begins.clone();
        let mut way = 0;
        for from in 0..count {
            for to in &self.ways[way..self.ends[from] as usize] {
                let slot = &mut filled[*to as usize];
                froms[*slot as usize] = from as u32;
                *slot += 1;
            }
            way = self.ends[from] as usize;
        }
        let mut has_end = vec![false; count];
        let mut open = self.rests.clone();
        open.iter().for_each(|number| has_end[*number as usize] = true);
        while let Some(number) = open.pop() {
            let number = number as usize;
            for from in &froms[begins[number] as usize..begins[number + 1] as usize] {
                if !has_end[*from as usize] {
                    has_end[*from as usize] = true;
                    open.push(*from);
                }
            }
        }
        has_end.iter().position(|has_end| !has_end).map(|number| number as u32)
    }
}
