//! The clients: they lose their connection and attach again, wherever the stored profile says that
//! their character is. How they find that out is judged in every state, not done in steps.

use crate::plan::{Mutant, WORLDS};
use crate::rules::{At, Rules, Steps};
use crate::state::{PROCESSES_MAX, State};
use crate::step::Step;

impl Rules<'_> {
    pub fn clients(&self, state: &State, steps: &mut Steps) {
        for character in self.plan.characters() {
            if state.clients[character].answered == self.plan.whole_script(character) {
                continue;
            }
            if state.is_attached(character) {
                self.cut(state, character, steps);
                continue;
            }
            for world in 0..WORLDS {
                for place in 0..PROCESSES_MAX {
                    self.attach(state, At { world, place }, character, steps);
                }
            }
        }
    }

    fn cut(&self, state: &State, character: usize, steps: &mut Steps) {
        if state.faults.cuts > 0 {
            let mut next = *state;
            next.faults.cuts -= 1;
            next.processes.iter_mut().flatten().for_each(|process| process.is_attached[character] = false);
            steps.push((Step::Cut { character }, next));
        }
    }

    /// A client that has found its way connects where the stored profile says that its character
    /// is. It names its oldest unanswered number: those before it count as consumed. While a
    /// departure or an arrival is under way in memory, it has to wait.
    fn attach(&self, state: &State, at: At, character: usize, steps: &mut Steps) {
        let (process, profile) = (at.of(state), &state.shards[at.world].profiles[character]);
        if !process.is_alive() || !profile.is_here() {
            return;
        }
        let is_here = process.profiles[character].is_here();
        if !is_here && !self.is(Mutant::StaleJoin) {
            return;
        }
        let by = at.who(state);
        let mut next = *state;
        let process = at.of_mut(&mut next);
        if !is_here {
            process.profiles[character] = *profile;
        }
        if !self.is(Mutant::AnsweredNotHeeded) {
            let answered = state.clients[character].oldest_unanswered() - 1;
            let last_seq = &mut process.profiles[character].moving.last_seq;
            *last_seq = answered.max(*last_seq);
        }
        process.is_attached[character] = true;
        process.was_attached[character] = true;
        steps.push((Step::Attach { by, character }, next));
    }
}
