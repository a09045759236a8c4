//! From the tick to the frame: a commit writes all of its ticks or nothing, one without an answer
//! is read back, and only what is committed is released. Also a commit that its sender has given up
//! and that comes to the shard late.

use crate::plan::{Intent, Mutant};
use crate::rules::{At, Rules, Steps};
use crate::state::{Deed, Phase, Queue, Shard, State, Wrong, bit};
use crate::step::Step;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    First,
    /// One before it had no answer: what is stored of it stays as it is.
    Again,
}

/// The batch cannot be written as it is.
#[derive(Debug)]
struct Refused;

impl Rules<'_> {
    /// Sends ticks to the store, or finds out what became of those that were sent.
    pub fn commit(&self, state: &State, at: At, steps: &mut Steps) {
        let (by, process) = (at.who(state), at.of(state));
        let may_write = self.has_lease(state, at) || self.is(Mutant::NoFence);
        match process.phase {
            Phase::Applied => {
                for ticks in 1..=process.queue.len() {
                    if !process.queue.front(ticks).deeds().iter().any(|deed| deed.is_durable()) {
                        let mut next = *state;
                        at.of_mut(&mut next).phase = Phase::Committed(ticks);
                        steps.push((Step::Commit { by, ticks }, next));
                    } else if may_write {
                        self.send(state, at, ticks, Attempt::First, steps);
                    }
                }
            }
            Phase::Missing(ticks) if may_write => self.send(state, at, ticks, Attempt::Again, steps),
            Phase::Unknown(ticks) if may_write => {
                let (is_stored, phase) = match self.mutant {
                    Mutant::UnknownTakenForCommitted => (true, Phase::Committed(ticks)),
                    Mutant::UnknownTakenForRefused => (false, Phase::Applied),
                    _ if is_stored(state, at.world, &process.queue.front(ticks)) => (true, Phase::Committed(ticks)),
                    _ => (false, Phase::Missing(ticks)),
                };
                let mut next = *state;
                at.of_mut(&mut next).phase = phase;
                steps.push((Step::Settle { by, is_stored }, next));
            }
            Phase::Missing(_) | Phase::Unknown(_) | Phase::Committed(_) => {}
        }
    }

    fn send(&self, state: &State, at: At, ticks: u8, attempt: Attempt, steps: &mut Steps) {
        let (by, process) = (at.who(state), at.of(state));
        let batch = process.queue.front(ticks);
        let mut written = *state;
        if self.write(&mut written, at.world, &batch, attempt).is_err() {
            let mut next = *state;
            self.roll_back(&mut next, at);
            steps.push((Step::RefuseCommit { by, is_for_good: false }, next));
            return;
        }
        let mut next = written;
        at.of_mut(&mut next).phase = Phase::Committed(ticks);
        steps.push((Step::Commit { by, ticks }, next));

        let is_late_free = state.shards[at.world].late.len() == 0;
        if state.faults.lost_answers > 0 {
            let mut next = written;
            next.faults.lost_answers -= 1;
            at.of_mut(&mut next).phase = Phase::Unknown(ticks);
            steps.push((Step::LoseAnswer { by, ticks }, next));
        }
        if state.faults.lost_answers > 0 && is_late_free {
            let mut next = *state;
            next.faults.lost_answers -= 1;
            at.of_mut(&mut next).phase = Phase::Unknown(ticks);
            let shard = &mut next.shards[at.world];
            (shard.late, shard.late_epoch) = (batch, process.epoch);
            steps.push((Step::LoseCommit { by, ticks }, next));
        }
        // A world goes back only when an intent is at fault. What cannot be written in one attempt
        // cannot be in another, so none is under way.
        let has_intent = batch.deeds().iter().any(|deed| matches!(deed, Deed::Apply { .. }));
        let is_whole = ticks == process.queue.len() || attempt == Attempt::Again;
        let is_free = is_late_free && !is_stored(state, at.world, &batch);
        if state.faults.refusals > 0 && has_intent && is_whole && is_free {
            let mut next = *state;
            next.faults.refusals -= 1;
            self.roll_back(&mut next, at);
            steps.push((Step::RefuseCommit { by, is_for_good: true }, next));
        }
    }

    /// Writes all of a batch, or nothing that counts: what it leaves in `state` when it is refused
    /// is to be thrown away.
    fn write(&self, state: &mut State, world: usize, batch: &Queue, attempt: Attempt) -> Result<(), Refused> {
        if attempt == Attempt::Again && is_stored(state, world, batch) {
            let has_arrival = batch.deeds().iter().any(|deed| matches!(deed, Deed::Arrive { .. }));
            return if has_arrival && self.is(Mutant::OwnRepeatRefused) { Err(Refused) } else { Ok(()) };
        }
        for deed in batch.deeds() {
            match *deed {
                Deed::None | Deed::Refuse { .. } => {}
                Deed::Apply { character, seq } => self.log(state, world, character.into(), seq),
                Deed::Arrive { character, number } | Deed::SendBack { character, number } => {
                    let character = usize::from(character);
                    let moving = state.transit(character, number).moving;
                    let profile = &mut state.shards[world].profiles[character];
                    if profile.number >= number && !self.is(Mutant::NoDedup) && !self.is(Mutant::NoDedupInCommit) {
                        return Err(Refused);
                    }
                    if matches!(deed, Deed::SendBack { .. }) {
                        self.send_back(profile, moving, number);
                        let left = *profile;
                        state.open_transit(character, left);
                    } else {
                        self.arrive(profile, moving, number);
                    }
                }
            }
        }
        Ok(())
    }

    /// An intent becomes an event, and with a door the character a transit.
    fn log(&self, state: &mut State, world: usize, character: usize, seq: u8) {
        let performed = state.performed(character);
        if performed & bit(seq) != 0 {
            state.note(Wrong::PerformedTwice);
        } else if performed > bit(seq) {
            state.note(Wrong::PerformedOutOfOrder);
        }
        let shard = &mut state.shards[world];
        let mut profile = shard.profiles[character];
        if !profile.is_here() {
            return state.note(Wrong::PerformedWhereItIsNot);
        }
        let intent = self.plan.intent(character, seq);
        self.apply(&mut profile, &mut shard.ground, intent, seq);
        shard.log[character] |= bit(seq);
        if intent != Intent::Door || !self.is(Mutant::DepartureApart) {
            shard.profiles[character] = profile;
        }
        if intent == Intent::Door {
            state.open_transit(character, profile);
        }
    }

    /// The world goes back to what is stored. Intents since then are refused, and their numbers
    /// stay consumed; who had arrived since then is out again, and so is the connection.
    fn roll_back(&self, state: &mut State, at: At) {
        let shard = state.shards[at.world];
        let process = at.of_mut(state);
        let (queue, memory) = (process.queue, process.profiles);
        (process.profiles, process.ground) = (shard.profiles, shard.ground);
        (process.queue, process.phase) = (Queue::default(), Phase::Applied);
        for (character, profile) in process.profiles.iter_mut().enumerate() {
            if profile.is_here() && !self.is(Mutant::NumbersForgotten) {
                profile.moving.last_seq = memory[character].moving.last_seq;
            }
        }
        for deed in queue.deeds() {
            let Some((character, seq, _)) = deed.answer() else { continue };
            if process.profiles[character].is_here() {
                process.queue.push(Deed::Refuse { character: character as u8, seq });
            } else {
                process.detach(character);
            }
        }
    }

    /// Hands committed ticks to the clients that are connected here.
    pub fn release(&self, state: &State, at: At, steps: &mut Steps) {
        let (by, process) = (at.who(state), at.of(state));
        let ticks = match process.phase {
            Phase::Committed(ticks) => ticks,
            Phase::Applied if self.is(Mutant::AckBeforeCommit) => process.queue.len(),
            _ => return,
        };
        if ticks == 0 || !self.has_lease(state, at) && !self.is(Mutant::LeaseUnchecked) {
            return;
        }
        let mut next = *state;
        self.note_release(&mut next, at);
        for deed in process.queue.front(ticks).deeds() {
            let Some((character, seq, is_applied)) = deed.answer() else { continue };
            let process = at.of_mut(&mut next);
            let is_attached = process.is_attached[character];
            if is_applied && self.plan.intent(character, seq) == Intent::Door {
                // With the answer comes where to go on; this connection takes nothing any more.
                process.detach(character);
            }
            if is_attached {
                next.tell(character, seq, is_applied);
            }
        }
        if process.phase != Phase::Applied {
            let process = at.of_mut(&mut next);
            process.queue = process.queue.behind(ticks);
            process.phase = Phase::Applied;
        }
        steps.push((Step::Release { by, ticks }, next));
    }

    /// Frames leave, which only an owner may let out.
    pub fn note_release(&self, state: &mut State, at: At) {
        if !self.has_lease(state, at) {
            state.note(Wrong::ReleasedWithoutLease);
        }
    }

    /// A commit comes to the shard after its sender gave it up. It was a first attempt: the keys of
    /// the log and the numbers of profiles refuse it if it was written meanwhile.
    pub fn late_commit(&self, state: &State, world: usize, steps: &mut Steps) {
        let shard = &state.shards[world];
        let may_write = shard.late_epoch == shard.epoch || self.is(Mutant::NoFence);
        if shard.late.len() == 0 || !may_write {
            return;
        }
        let is_in_log = shard.late.deeds().iter().any(|deed| match *deed {
            Deed::Apply { character, seq } => shard.log[usize::from(character)] & bit(seq) != 0,
            _ => false,
        });
        let mut next = *state;
        if !is_in_log && self.write(&mut next, world, &shard.late, Attempt::First).is_err() {
            next = *state;
        }
        next.shards[world].forget_late();
        steps.push((Step::LateCommit { world }, next));
    }
}

/// Whether all of a batch is in the shard.
fn is_stored(state: &State, world: usize, batch: &Queue) -> bool {
    let Shard { log, profiles, .. } = &state.shards[world];
    batch.deeds().iter().all(|deed| match *deed {
        Deed::None | Deed::Refuse { .. } => true,
        Deed::Apply { character, seq } => log[usize::from(character)] & bit(seq) != 0,
        Deed::Arrive { character, number } => profiles[usize::from(character)].number >= number,
        Deed::SendBack { character, number } => profiles[usize::from(character)].number > number,
    })
}
