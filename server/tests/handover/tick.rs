//! What a tick does in memory: intents are consumed or refused, repeats are answered, transits are
//! read and placed. Nothing here is durable.

use crate::plan::{Intent, Mutant, NUMBER_MAX};
use crate::rules::{At, Rules, Steps};
use crate::state::{Deed, Stage, State, bit};
use crate::step::Step;

impl Rules<'_> {
    pub fn tick(&self, state: &State, at: At, steps: &mut Steps) {
        for character in self.plan.characters() {
            self.consume(state, at, character, steps);
            self.answer_again(state, at, character, steps);
            self.import(state, at, character, steps);
            self.place(state, at, character, steps);
        }
    }

    /// The number that is consumed next, if the client has sent it. What a client was refused it
    /// does not send again: it leaves a gap.
    fn next_seq(&self, state: &State, at: At, character: usize) -> Option<u8> {
        let (process, client) = (at.of(state), &state.clients[character]);
        let profile = &process.profiles[character];
        let is_in_reach = profile.is_here() || self.is(Mutant::ConsumedAfterDeparture);
        if !process.was_attached[character] || !is_in_reach {
            return None;
        }
        let mut seq = profile.moving.last_seq + 1;
        let end = usize::from(client.oldest_unanswered()) + self.plan.window;
        while usize::from(seq) < end && usize::from(seq) <= self.plan.scripts[character].len() {
            if client.refused & bit(seq) == 0 {
                return Some(seq);
            }
            if self.is(Mutant::AnsweredNotHeeded) {
                return None;
            }
            seq += 1;
        }
        None
    }

    fn consume(&self, state: &State, at: At, character: usize, steps: &mut Steps) {
        let Some(seq) = self.next_seq(state, at, character) else { return };
        if at.of(state).queue.is_full() {
            return;
        }
        let (by, intent) = (at.who(state), self.plan.intent(character, seq));
        let mut next = *state;
        let process = at.of_mut(&mut next);
        self.apply(&mut process.profiles[character], &mut process.ground, intent, seq);
        process.queue.push(Deed::Apply { character: character as u8, seq });
        if self.is(Mutant::TransitApart) && intent == Intent::Door {
            let left = at.of(&next).profiles[character];
            next.open_transit(character, left);
        }
        steps.push((Step::Consume { by, character, seq }, next));
        if intent == Intent::Door && state.faults.refusals > 0 {
            let mut next = *state;
            next.faults.refusals -= 1;
            let process = at.of_mut(&mut next);
            process.profiles[character].moving.last_seq = seq;
            process.queue.push(Deed::Refuse { character: character as u8, seq });
            steps.push((Step::RefuseDoor { by, character, seq }, next));
        }
    }

    /// A repeat of what was answered before: from the answers that moved with the session, else
    /// from the log of this world. What is in neither was refused.
    fn answer_again(&self, state: &State, at: At, character: usize, steps: &mut Steps) {
        let (process, client) = (at.of(state), &state.clients[character]);
        let may_send = self.has_lease(state, at) || self.is(Mutant::LeaseUnchecked);
        let moving = &process.profiles[character].moving;
        let seq = client.oldest_unanswered();
        let waits = |deed: &Deed| deed.answer().is_some_and(|(of, number, _)| (of, number) == (character, seq));
        let is_repeat = seq <= moving.last_seq && !process.queue.deeds().iter().any(waits);
        if !process.is_attached[character] || !process.profiles[character].is_here() || !is_repeat || !may_send {
            return;
        }
        let is_applied = (moving.answers | state.shards[at.world].log[character]) & bit(seq) != 0;
        let mut next = *state;
        self.note_release(&mut next, at);
        next.tell(character, seq, is_applied);
        steps.push((Step::AnswerAgain { by: at.who(state), character, seq, is_applied }, next));
    }

    /// An open transit to this world is read, because of a hint, a client or the poll. One whose
    /// number the stored profile has reached is left alone.
    fn import(&self, state: &State, at: At, character: usize, steps: &mut Steps) {
        if at.of(state).mailbox[character] != 0 {
            return;
        }
        for number in 1..=NUMBER_MAX as u8 {
            let is_open = state.transit(character, number).stage == Stage::Open;
            let is_reached = state.shards[at.world].profiles[character].number >= number;
            let is_wanted = !is_reached || self.is(Mutant::NoDedup);
            if is_open && is_wanted && self.plan.aim(character, number) == at.world {
                let mut next = *state;
                at.of_mut(&mut next).mailbox[character] = number;
                steps.push((Step::Import { by: at.who(state), character, number }, next));
            }
        }
    }

    /// What was read is placed, unless memory has its number already: it may have been read twice
    /// before the first arrival was committed.
    fn place(&self, state: &State, at: At, character: usize, steps: &mut Steps) {
        let (by, process) = (at.who(state), at.of(state));
        let number = process.mailbox[character];
        if number == 0 {
            return;
        }
        let is_compared = !self.is(Mutant::NoDedup) && !self.is(Mutant::NoDedupInTick);
        let is_known = is_compared && process.profiles[character].number >= number;
        let mut next = *state;
        at.of_mut(&mut next).mailbox[character] = 0;
        if is_known {
            steps.push((Step::PassOver { by, character, number }, next));
        } else if !process.queue.is_full() {
            let moving = state.transit(character, number).moving;
            let process = at.of_mut(&mut next);
            self.arrive(&mut process.profiles[character], moving, number);
            process.queue.push(Deed::Arrive { character: character as u8, number });
            if self.is(Mutant::AcceptBeforeCommit) {
                next.transit_mut(character, number).stage = Stage::Accepted;
            }
            steps.push((Step::Place { by, character, number }, next));
            if state.faults.refusals > 0 {
                let mut next = *state;
                next.faults.refusals -= 1;
                let process = at.of_mut(&mut next);
                process.mailbox[character] = 0;
                self.send_back(&mut process.profiles[character], moving, number);
                process.queue.push(Deed::SendBack { character: character as u8, number });
                steps.push((Step::SendBack { by, character, number }, next));
            }
        }
    }
}
