//! What must hold in every state, and what the end looks like.

use std::fmt;

use crate::plan::{NUMBER_MAX, Plan, WORLDS};
use crate::state::{Moving, Phase, Presence, Stage, State, Wrong};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Violation {
    /// A step has done it.
    Step(Wrong),
    /// A character is in so many worlds and open transits together, by the stored rows.
    Places(usize),
    /// The state of a character does not come of the actions that the log has.
    StateAndLog,
    /// There are so many things in worlds, bags and open transits.
    Things(u8),
    /// A client holds an acknowledgement, and no log has the action.
    AcknowledgedNotInLog,
    /// A client was told that an action was refused, and a log has it.
    RefusedInLog,
    /// The directory and the forwarding rows do not lead to a character.
    NotFound,
    /// Nothing that can happen without a fault leads to an end where all is answered.
    Stuck,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step(Wrong::PerformedTwice) => write!(f, "an action is performed twice"),
            Self::Step(Wrong::PerformedOutOfOrder) => {
                write!(f, "an action is performed after one with a higher number")
            }
            Self::Step(Wrong::PerformedWhereItIsNot) => {
                write!(f, "an action is performed in a world where its character is not")
            }
            Self::Step(Wrong::AnsweredTwoWays) => write!(f, "an intent is answered in two ways"),
            Self::Step(Wrong::ReleasedWithoutLease) => write!(f, "an owner that was fenced sends frames"),
            Self::Places(count) => write!(f, "a character is in {count} places"),
            Self::StateAndLog => write!(f, "the state of a character does not come of its actions"),
            Self::Things(count) => write!(f, "there are {count} things"),
            Self::AcknowledgedNotInLog => write!(f, "what was acknowledged is not in the log"),
            Self::RefusedInLog => write!(f, "what was answered with a refusal is in the log"),
            Self::NotFound => write!(f, "the directory does not lead to a character"),
            Self::Stuck => write!(f, "without another fault it comes to no end"),
        }
    }
}

pub fn judge(state: &State, plan: &Plan) -> Result<(), Violation> {
    if let Some(wrong) = state.wrong {
        return Err(Violation::Step(wrong));
    }
    let mut things = state.shards[0].ground + state.shards[1].ground;
    for character in plan.characters() {
        let moving = only_place(state, plan, character)?;
        things += moving.bag;
        let (performed, client) = (state.performed(character), &state.clients[character]);
        if moving.deeds != performed {
            return Err(Violation::StateAndLog);
        }
        if client.answered & !client.refused & !performed != 0 {
            return Err(Violation::AcknowledgedNotInLog);
        }
        if client.refused & performed != 0 {
            return Err(Violation::RefusedInLog);
        }
        if !is_found(state, plan, character) {
            return Err(Violation::NotFound);
        }
    }
    if things == plan.things() { Ok(()) } else { Err(Violation::Things(things)) }
}

/// Whether a transit is open and its world has not reached its number.
fn is_on_its_way(state: &State, plan: &Plan, character: usize, number: u8) -> bool {
    let aim = plan.aim(character, number);
    state.transit(character, number).stage == Stage::Open && state.shards[aim].profiles[character].number < number
}

/// The one place that has a character, by the stored rows.
fn only_place(state: &State, plan: &Plan, character: usize) -> Result<Moving, Violation> {
    let (mut count, mut found) = (0, Moving::default());
    for shard in &state.shards {
        if shard.profiles[character].is_here() {
            (count, found) = (count + 1, shard.profiles[character].moving);
        }
    }
    for number in 1..=NUMBER_MAX as u8 {
        if is_on_its_way(state, plan, character, number) {
            (count, found) = (count + 1, state.transit(character, number).moving);
        }
    }
    if count == 1 { Ok(found) } else { Err(Violation::Places(count)) }
}

/// Follows the directory and the forwarding rows, as a client does that knows nothing else. It
/// keeps the highest number that it has seen: a world that knows only lower ones is where it has to
/// wait.
fn is_found(state: &State, plan: &Plan, character: usize) -> bool {
    let mut seen = state.directory[character].max(1);
    loop {
        let world = plan.aim(character, seen);
        let profile = &state.shards[world].profiles[character];
        match profile.presence {
            Presence::Here if profile.number >= seen => return true,
            Presence::Gone if profile.number > seen => seen = profile.number,
            _ => {
                let led_here = |number: &u8| plan.aim(character, *number) == world;
                let mut awaited = (seen..=NUMBER_MAX as u8).filter(led_here);
                return awaited.any(|number| is_on_its_way(state, plan, character, number));
            }
        }
    }
}

/// Whether everything has come to its end: all is answered, everyone is in a world, each world has
/// its owner and nothing waits.
pub fn is_at_rest(state: &State, plan: &Plan) -> bool {
    let is_done = |character: usize| {
        state.clients[character].answered == plan.whole_script(character)
            && state.shards.iter().any(|shard| shard.profiles[character].is_here())
            && state.transits[character].iter().all(|transit| matches!(transit.stage, Stage::None | Stage::Forgotten))
    };
    let is_quiet = |world: usize| {
        let [owner, before] = &state.processes[world];
        let is_idle = owner.phase == Phase::Applied && owner.queue.len() == 0 && owner.mailbox == [0; 2];
        owner.epoch == state.shards[world].epoch && !before.is_alive() && is_idle
    };
    (0..WORLDS).all(is_quiet) && plan.characters().all(is_done)
}
