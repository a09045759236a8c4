//! Which processes there are: they crash, are taken over while they live, find themselves fenced,
//! or take a world that nobody has. One that is stopped for a while is one that takes no step.

use crate::plan::Mutant;
use crate::rules::{At, Rules, Steps};
use crate::state::{Process, State};
use crate::step::{Step, Who};

impl Rules<'_> {
    pub fn processes(&self, state: &State, at: At, steps: &mut Steps) {
        let process = at.of(state);
        let is_newest = at.place == 0;
        if !process.is_alive() {
            if is_newest {
                let next = self.with_owner(state, at.world);
                steps.push((Step::Start { by: at.who(&next) }, next));
            }
            return;
        }
        let by = at.who(state);
        if !self.has_lease(state, at) {
            let mut next = *state;
            *at.of_mut(&mut next) = Process::default();
            steps.push((Step::EndFenced { by }, next));
            return;
        }
        if state.faults.crashes > 0 {
            let mut next = *state;
            next.faults.crashes -= 1;
            *at.of_mut(&mut next) = Process::default();
            steps.push((Step::Crash { by }, next));
        }
        if state.faults.takeovers > 0 && is_newest && !state.processes[at.world][1].is_alive() {
            let mut stopped = *state;
            stopped.faults.takeovers -= 1;
            stopped.processes[at.world].swap(0, 1);
            let next = self.with_owner(&stopped, at.world);
            let by = Who { world: at.world, epoch: next.shards[at.world].epoch };
            steps.push((Step::TakeOver { by }, next));
        }
    }

    /// A new process takes the lease and reads the world. What was sent under an earlier epoch has
    /// no effect any more.
    fn with_owner(&self, state: &State, world: usize) -> State {
        let mut next = *state;
        let shard = &mut next.shards[world];
        shard.epoch += 1;
        if !self.is(Mutant::NoFence) {
            shard.forget_late();
        }
        next.processes[world][0] = Process::recovered(shard);
        next
    }
}
