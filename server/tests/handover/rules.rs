//! All steps that a state allows, in one fixed order, and what a deed changes. The rules stand
//! beside it, by who follows them: the tick, the commit, those who keep what a hand-over leaves
//! behind, and whoever starts, ends and connects.

use crate::plan::{Intent, Mutant, Plan, WORLDS};
use crate::state::{Moving, PROCESSES_MAX, Presence, Process, Profile, State, bit};
use crate::step::{Step, Who};

/// Steps and where they lead.
pub type Steps = Vec<(Step, State)>;

/// The protocol of one search.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    pub plan: &'a Plan,
    /// The rule that is switched off.
    pub mutant: Mutant,
}

/// Where a process is in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub world: usize,
    pub place: usize,
}

impl At {
    pub fn of(self, state: &State) -> &Process {
        &state.processes[self.world][self.place]
    }

    pub fn of_mut(self, state: &mut State) -> &mut Process {
        &mut state.processes[self.world][self.place]
    }

    pub fn who(self, state: &State) -> Who {
        Who { world: self.world, epoch: self.of(state).epoch }
    }
}

impl Rules<'_> {
    /// Puts all steps that `state` allows into `steps`.
    pub fn steps(&self, state: &State, steps: &mut Steps) {
        steps.clear();
        for world in 0..WORLDS {
            for place in 0..PROCESSES_MAX {
                let at = At { world, place };
                if at.of(state).is_alive() {
                    self.tick(state, at, steps);
                    self.commit(state, at, steps);
                    self.release(state, at, steps);
                }
                self.processes(state, at, steps);
            }
            self.late_commit(state, world, steps);
            self.after_arrival(state, world, steps);
        }
        self.clients(state, steps);
    }

    pub fn is(&self, mutant: Mutant) -> bool {
        self.mutant == mutant
    }

    /// Whether the process is the owner, as the rows of its shard say.
    pub fn has_lease(&self, state: &State, at: At) -> bool {
        at.of(state).epoch == state.shards[at.world].epoch
    }

    /// An intent takes effect, in memory or in the shard.
    pub fn apply(&self, profile: &mut Profile, ground: &mut u8, intent: Intent, seq: u8) {
        let moving = &mut profile.moving;
        moving.last_seq = seq;
        moving.deeds |= bit(seq);
        moving.answers |= bit(seq);
        match intent {
            Intent::Step => {}
            Intent::Take if *ground > 0 => (*ground, moving.bag) = (*ground - 1, moving.bag + 1),
            Intent::Drop if moving.bag > 0 => (*ground, moving.bag) = (*ground + 1, moving.bag - 1),
            Intent::Take | Intent::Drop => {}
            Intent::Door => (profile.presence, profile.number) = (Presence::Gone, profile.number + 1),
        }
    }

    /// A character arrives, in memory or in the shard.
    pub fn arrive(&self, profile: &mut Profile, moving: Moving, number: u8) {
        *profile = Profile { presence: Presence::Here, number, moving };
        if self.is(Mutant::SessionLeftBehind) {
            profile.moving.last_seq = 0;
        }
        if self.is(Mutant::AnswersLeftBehind) {
            profile.moving.answers = 0;
        }
    }

    /// A character arrives and leaves again for where it came from.
    pub fn send_back(&self, profile: &mut Profile, moving: Moving, number: u8) {
        self.arrive(profile, moving, number);
        (profile.presence, profile.number) = (Presence::Gone, number + 1);
    }
}
