//! What is done about a hand-over after the arrival is committed: the directory is told, the
//! transit is accepted, and what it leaves behind is dropped, in this order. All of it looks at
//! rows only, so whoever does it need not hold a lease.

use crate::plan::{Mutant, NUMBER_MAX};
use crate::rules::{Rules, Steps};
use crate::state::{Phase, Presence, Profile, Stage, State};
use crate::step::Step;

impl Rules<'_> {
    /// What can be done about hand-overs that led to `world`, or away from it.
    pub fn after_arrival(&self, state: &State, world: usize, steps: &mut Steps) {
        let is_alive = state.processes[world].iter().any(|process| process.is_alive());
        for character in self.plan.characters() {
            if is_alive {
                self.tell_directory(state, world, character, steps);
                self.accept(state, world, character, steps);
            }
            self.forget_transit(state, world, character, steps);
            self.forget_forwarding(state, world, character, steps);
        }
    }

    /// The numbers of open transits to `world` that its stored profile has reached.
    fn arrived(&self, state: &State, world: usize, character: usize) -> impl Iterator<Item = u8> {
        let reached = state.shards[world].profiles[character].number;
        (1..=reached).filter(move |number| {
            state.transit(character, *number).stage == Stage::Open && self.plan.aim(character, *number) == world
        })
    }

    fn tell_directory(&self, state: &State, world: usize, character: usize, steps: &mut Steps) {
        for number in self.arrived(state, world, character) {
            if number > state.directory[character] || self.is(Mutant::DirectoryGoesBack) {
                let mut next = *state;
                next.directory[character] = number;
                steps.push((Step::TellDirectory { character, number }, next));
            }
        }
    }

    /// Only once the directory knows: nobody looks at an accepted transit again, so nobody would
    /// tell it if this process ended in between.
    fn accept(&self, state: &State, world: usize, character: usize, steps: &mut Steps) {
        for number in self.arrived(state, world, character) {
            if state.directory[character] >= number || self.is(Mutant::AcceptBeforeDirectory) {
                let mut next = *state;
                next.transit_mut(character, number).stage = Stage::Accepted;
                steps.push((Step::Accept { character, number }, next));
            }
        }
    }

    fn forget_transit(&self, state: &State, world: usize, character: usize, steps: &mut Steps) {
        for number in 1..=NUMBER_MAX as u8 {
            let is_due = match state.transit(character, number).stage {
                Stage::Accepted => true,
                Stage::Open => self.is(Mutant::TransitForgottenEarly),
                Stage::None | Stage::Forgotten => false,
            };
            if is_due && self.plan.aim(character, number) == world {
                let mut next = *state;
                next.transit_mut(character, number).stage = Stage::Forgotten;
                steps.push((Step::ForgetTransit { character, number }, next));
            }
        }
    }

    /// A forwarding row says where the character went, and that what led here before is over. So it
    /// stays until the transit of the one is dropped and none of the other is open. Retention is
    /// longer than a commit can be late or without an outcome.
    fn forget_forwarding(&self, state: &State, world: usize, character: usize, steps: &mut Steps) {
        let shard = &state.shards[world];
        let Profile { presence, number, .. } = shard.profiles[character];
        if presence != Presence::Gone {
            return;
        }
        let has_open = |number: u8| state.transit(character, number).stage == Stage::Open;
        let led_here = |number: &u8| self.plan.aim(character, *number) == world;
        let is_gone = state.transit(character, number).stage == Stage::Forgotten;
        let is_over = !(1..number).filter(led_here).any(has_open);
        let phase = state.processes[world][0].phase;
        let is_settled = shard.late.len() == 0 && !matches!(phase, Phase::Unknown(_) | Phase::Missing(_));
        let is_due = match self.mutant {
            Mutant::ForwardingForgottenEarly => is_settled,
            Mutant::ForgottenWhileOpen => is_gone && is_settled,
            Mutant::ForgottenWhileUnsettled => is_gone && is_over,
            _ => is_gone && is_over && is_settled,
        };
        if is_due {
            let mut next = *state;
            next.shards[world].profiles[character] = Profile::default();
            steps.push((Step::ForgetForwarding { world, character }, next));
        }
    }
}
