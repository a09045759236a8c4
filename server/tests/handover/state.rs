//! One state of everything: the two worlds' rows in their shards, the transits, the processes, the
//! clients, the directory, and the faults that are left. Values only; what changes them are the
//! rules.

use crate::plan::{CHARACTERS_MAX, Faults, NUMBER_MAX, Plan, WORLDS};

/// Ticks with something in them that may wait in a process. Full: nothing is consumed.
pub const QUEUE_MAX: usize = 2;

/// Processes of a world at once: its newest owner, and one before it that is still alive.
pub const PROCESSES_MAX: usize = 2;

/// What moves with a character: its own state, and its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Moving {
    pub bag: u8,
    /// What its state has come of: a bit for each intent.
    pub deeds: u8,
    /// The last number that was consumed.
    pub last_seq: u8,
    /// The answers that are kept: a bit for each intent that was applied.
    pub answers: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Presence {
    #[default]
    Unknown,
    Here,
    /// A forwarding row; with two worlds there is one place it can name.
    Gone,
}

/// A character in one world: its profile and its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Profile {
    pub presence: Presence,
    /// The number of the hand-over that led here, or away from here.
    pub number: u8,
    pub moving: Moving,
}

impl Profile {
    pub fn is_here(&self) -> bool {
        self.presence == Presence::Here
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Stage {
    #[default]
    None,
    Open,
    Accepted,
    Forgotten,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Transit {
    pub stage: Stage,
    pub moving: Moving,
}

/// What one tick does about one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Deed {
    #[default]
    None,
    /// An intent takes effect.
    Apply { character: u8, seq: u8 },
    /// An intent is refused; there is nothing to commit.
    Refuse { character: u8, seq: u8 },
    /// A character arrives by the transit of this number.
    Arrive { character: u8, number: u8 },
    /// It arrives and is sent back at once, by the transit of the next number.
    SendBack { character: u8, number: u8 },
}

impl Deed {
    /// Whether it is part of a commit.
    pub fn is_durable(self) -> bool {
        !matches!(self, Self::None | Self::Refuse { .. })
    }

    /// The intent that it answers once it is released, and whether that took effect.
    pub fn answer(self) -> Option<(usize, u8, bool)> {
        match self {
            Self::Apply { character, seq } => Some((character.into(), seq, true)),
            Self::Refuse { character, seq } => Some((character.into(), seq, false)),
            Self::None | Self::Arrive { .. } | Self::SendBack { .. } => None,
        }
    }
}

/// Ticks in order, each with one deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Queue {
    deeds: [Deed; QUEUE_MAX],
    len: u8,
}

impl Queue {
    pub fn len(&self) -> u8 {
        self.len
    }

    pub fn is_full(&self) -> bool {
        usize::from(self.len) == QUEUE_MAX
    }

    pub fn push(&mut self, deed: Deed) {
        self.deeds[usize::from(self.len)] = deed;
        self.len += 1;
    }

    pub fn deeds(&self) -> &[Deed] {
        &self.deeds[..usize::from(self.len)]
    }

    pub fn front(&self, count: u8) -> Self {
        let mut front = Self::default();
        self.deeds[..usize::from(count)].iter().for_each(|deed| front.push(*deed));
        front
    }

    /// The queue without the first `count`.
    pub fn behind(&self, count: u8) -> Self {
        let mut behind = Self::default();
        self.deeds()[usize::from(count)..].iter().for_each(|deed| behind.push(*deed));
        behind
    }
}

/// A world's rows in its shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Shard {
    /// The lease: who took it last may write.
    pub epoch: u8,
    /// Things on the ground.
    pub ground: u8,
    pub profiles: [Profile; CHARACTERS_MAX],
    /// The log: a bit for each intent that took effect in this world.
    pub log: [u8; CHARACTERS_MAX],
    /// A commit that was sent and given up by its sender, and may be carried out yet.
    pub late: Queue,
    /// The epoch under which it was sent.
    pub late_epoch: u8,
}

impl Shard {
    pub fn forget_late(&mut self) {
        (self.late, self.late_epoch) = (Queue::default(), 0);
    }
}

/// What has become of the first ticks in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Phase {
    /// None of them was sent to the store.
    #[default]
    Applied,
    /// So many were sent in one commit, and there was no answer.
    Unknown(u8),
    /// So many were sent, had no answer, and were not stored when that was read back.
    Missing(u8),
    /// So many are committed and not released yet.
    Committed(u8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Process {
    /// The lease as it took it; 0: there is no process.
    pub epoch: u8,
    pub phase: Phase,
    pub queue: Queue,
    /// The world in memory, after all that is in the queue.
    pub profiles: [Profile; CHARACTERS_MAX],
    pub ground: u8,
    /// The number of a transit that was read and waits for the next tick; 0: none.
    pub mailbox: [u8; CHARACTERS_MAX],
    /// Whose connection is here.
    pub is_attached: [bool; CHARACTERS_MAX],
    /// Whose intents may lie in a socket here, connected or not.
    pub was_attached: [bool; CHARACTERS_MAX],
}

impl Process {
    pub fn is_alive(&self) -> bool {
        self.epoch > 0
    }

    /// The connection is closed, and what lies in its socket is not read.
    pub fn detach(&mut self, character: usize) {
        self.is_attached[character] = false;
        self.was_attached[character] = false;
    }

    /// What starts when it has taken the lease: the world as it is stored.
    pub fn recovered(shard: &Shard) -> Self {
        Self { epoch: shard.epoch, profiles: shard.profiles, ground: shard.ground, ..Self::default() }
    }
}

/// What the client of a character has been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Client {
    /// A bit for each intent that was answered.
    pub answered: u8,
    /// Those of them that were refused.
    pub refused: u8,
}

impl Client {
    pub fn has_answer(&self, seq: u8) -> bool {
        self.answered & bit(seq) != 0
    }

    /// The first number without an answer.
    pub fn oldest_unanswered(&self) -> u8 {
        self.answered.trailing_ones() as u8 + 1
    }
}

/// What went wrong in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wrong {
    PerformedTwice,
    PerformedOutOfOrder,
    PerformedWhereItIsNot,
    AnsweredTwoWays,
    ReleasedWithoutLease,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct State {
    pub shards: [Shard; WORLDS],
    /// Of each world: its newest owner first, then one that was taken over and still runs.
    pub processes: [[Process; PROCESSES_MAX]; WORLDS],
    /// By character and hand-over number, from 1.
    pub transits: [[Transit; NUMBER_MAX]; CHARACTERS_MAX],
    pub clients: [Client; CHARACTERS_MAX],
    /// The newest number of each character that the directory was told of; 0: not born yet.
    pub directory: [u8; CHARACTERS_MAX],
    pub faults: Faults,
    pub wrong: Option<Wrong>,
}

pub fn bit(seq: u8) -> u8 {
    1 << (seq - 1)
}

impl State {
    pub fn first(plan: &Plan) -> Self {
        assert!(plan.fits(), "{plan:?} has more than a state can hold");
        let mut state = Self { faults: plan.faults, ..Self::default() };
        for (shard, ground) in state.shards.iter_mut().zip(plan.ground) {
            (shard.epoch, shard.ground) = (1, ground);
        }
        for character in plan.characters() {
            let birth = &mut state.transits[character][0];
            if plan.are_born {
                birth.stage = Stage::Open;
            } else {
                birth.stage = Stage::Forgotten;
                let profile = &mut state.shards[plan.home[character]].profiles[character];
                (profile.presence, profile.number) = (Presence::Here, 1);
                state.directory[character] = 1;
            }
        }
        for world in 0..WORLDS {
            state.processes[world][0] = Process::recovered(&state.shards[world]);
        }
        state
    }

    pub fn transit(&self, character: usize, number: u8) -> &Transit {
        &self.transits[character][usize::from(number) - 1]
    }

    pub fn transit_mut(&mut self, character: usize, number: u8) -> &mut Transit {
        &mut self.transits[character][usize::from(number) - 1]
    }

    /// A character leaves with what its profile says.
    pub fn open_transit(&mut self, character: usize, left: Profile) {
        *self.transit_mut(character, left.number) = Transit { stage: Stage::Open, moving: left.moving };
    }

    /// All intents of a character that are in the log of one world or the other.
    pub fn performed(&self, character: usize) -> u8 {
        self.shards[0].log[character] | self.shards[1].log[character]
    }

    pub fn is_attached(&self, character: usize) -> bool {
        self.processes.iter().flatten().any(|process| process.is_attached[character])
    }

    /// A client is told what became of an intent; the first answer stands.
    pub fn tell(&mut self, character: usize, seq: u8, is_applied: bool) {
        let client = &mut self.clients[character];
        if !client.has_answer(seq) {
            client.answered |= bit(seq);
            client.refused |= if is_applied { 0 } else { bit(seq) };
        } else if is_applied == (client.refused & bit(seq) != 0) {
            self.note(Wrong::AnsweredTwoWays);
        }
    }

    /// The first thing that went wrong is kept.
    pub fn note(&mut self, wrong: Wrong) {
        self.wrong.get_or_insert(wrong);
    }
}
