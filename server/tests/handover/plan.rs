//! What one search is of: the characters and what they want, how often each fault may strike, and
//! which rule of the protocol is switched off. Plain data; it knows no state.

use Intent::{Door, Drop, Step, Take};

/// Characters of a search at most.
pub const CHARACTERS_MAX: usize = 2;

pub const WORLDS: usize = 2;

/// Hand-over numbers of one character. Number 1 is its birth.
pub const NUMBER_MAX: usize = 5;

/// Intents of one character.
pub const SEQ_MAX: usize = 6;

/// What a client wants, under the number that is its place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// Changes nothing that others could see twice.
    Step,
    /// Takes the thing that lies on the ground of the world, if one does.
    Take,
    /// Puts a thing from the bag on the ground, if there is one.
    Drop,
    /// Leaves for the other world.
    Door,
}

/// How often each fault may strike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Faults {
    /// An owner ends without a word.
    pub crashes: u8,
    /// A world is taken over while its owner lives, and that one goes on later.
    pub takeovers: u8,
    /// A commit is not answered, whether it is written or not.
    pub lost_answers: u8,
    /// A door has no reservation, an arrival is sent back, or a tick is refused for good.
    pub refusals: u8,
    /// A client loses its connection.
    pub cuts: u8,
}

#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub name: &'static str,
    /// What each character's client wants, in order. Empty: there is no such character.
    pub scripts: [&'static [Intent]; CHARACTERS_MAX],
    /// The world in which each character is at first.
    pub home: [usize; CHARACTERS_MAX],
    /// Whether the characters are yet to be born: the directory has a transit to their first world.
    pub are_born: bool,
    /// Things on the ground of each world at first.
    pub ground: [u8; WORLDS],
    /// Intents that a client has under way at once.
    pub window: usize,
    pub faults: Faults,
}

const NO_FAULTS: Faults = Faults { crashes: 0, takeovers: 0, lost_answers: 0, refusals: 0, cuts: 0 };

/// One character that starts in the first world.
const ALONE: Plan =
    Plan { name: "", scripts: [&[], &[]], home: [0, 0], are_born: false, ground: [1, 0], window: 1, faults: NO_FAULTS };

/// One character in each world.
const PAIR: Plan = Plan { home: [0, 1], ..ALONE };

impl Plan {
    /// Those of every run. Each mutant is found in one of them.
    pub const SHORT: [Self; 4] = [
        Self {
            name: "there and back, answers lost",
            scripts: [&[Door, Door, Step], &[]],
            faults: Faults { lost_answers: 1, cuts: 1, ..NO_FAULTS },
            ..ALONE
        },
        Self {
            name: "one way, refused",
            scripts: [&[Door, Step], &[]],
            window: 2,
            faults: Faults { crashes: 1, refusals: 1, cuts: 1, ..NO_FAULTS },
            ..ALONE
        },
        Self {
            name: "one comes to another, taken over",
            scripts: [&[Door], &[Take]],
            faults: Faults { takeovers: 1, lost_answers: 1, ..NO_FAULTS },
            ..PAIR
        },
        Self {
            name: "a birth",
            scripts: [&[Door], &[]],
            are_born: true,
            faults: Faults { crashes: 1, lost_answers: 1, ..NO_FAULTS },
            ..ALONE
        },
    ];

    /// Those of the long run.
    pub const LONG: [Self; 4] = [
        Self {
            name: "two that pass each other",
            scripts: [&[Take, Door], &[Door]],
            faults: Faults { crashes: 1, takeovers: 1, lost_answers: 1, ..NO_FAULTS },
            ..PAIR
        },
        Self {
            name: "two round trips with a thing",
            scripts: [&[Take, Door, Door, Drop, Door, Door], &[]],
            faults: Faults { crashes: 1, takeovers: 1, ..NO_FAULTS },
            ..ALONE
        },
        Self {
            name: "one way, every fault",
            scripts: [&[Door], &[]],
            faults: Faults { crashes: 1, takeovers: 1, lost_answers: 1, refusals: 1, cuts: 1 },
            ..ALONE
        },
        Self {
            name: "a birth, taken over twice",
            scripts: [&[Take, Door, Drop], &[]],
            are_born: true,
            window: 2,
            faults: Faults { takeovers: 2, lost_answers: 1, ..NO_FAULTS },
            ..ALONE
        },
    ];

    /// The characters there are.
    pub fn characters(&self) -> std::ops::Range<usize> {
        0..self.scripts.iter().take_while(|script| !script.is_empty()).count()
    }

    pub fn intent(&self, character: usize, seq: u8) -> Intent {
        self.scripts[character][usize::from(seq) - 1]
    }

    /// A bit for every intent of a character.
    pub fn whole_script(&self, character: usize) -> u8 {
        (1 << self.scripts[character].len()) - 1
    }

    /// The world to which the hand-over with this number leads.
    pub fn aim(&self, character: usize, number: u8) -> usize {
        self.home[character] ^ usize::from((number - 1) & 1)
    }

    pub fn things(&self) -> u8 {
        self.ground.iter().sum()
    }

    /// Whether a state has room for all that can happen.
    pub fn fits(&self) -> bool {
        let numbers = |script: &&[Intent]| {
            1 + script.iter().filter(|intent| **intent == Door).count() + usize::from(self.faults.refusals)
        };
        self.scripts.iter().all(|script| script.len() <= SEQ_MAX)
            && self.scripts.iter().all(|script| numbers(script) <= NUMBER_MAX)
            && self.faults.crashes + self.faults.takeovers < 14
            && self.things() < 4
    }
}

/// A rule that is switched off. A search that does not find what comes of it is worth nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutant {
    /// The protocol as it is meant.
    None,
    /// A commit does not look at the epoch of the lease.
    NoFence,
    /// Neither the tick nor the commit of an arrival compares the hand-over number.
    NoDedup,
    /// The commit of an arrival compares the number, the tick does not.
    NoDedupInTick,
    /// The tick compares the number, the commit of an arrival does not.
    NoDedupInCommit,
    /// Answers leave before the commit of their tick.
    AckBeforeCommit,
    /// Frames leave without a look at the lease.
    LeaseUnchecked,
    /// A transit is marked as accepted when it is placed, before that tick is committed.
    AcceptBeforeCommit,
    /// A transit is accepted before the directory knows of the arrival.
    AcceptBeforeDirectory,
    /// The directory takes a lower number than the one it knows.
    DirectoryGoesBack,
    /// The transit is not part of the departing tick's commit, but written as soon as the tick ran.
    TransitApart,
    /// The removal of the character from its world is not part of the departing tick's commit.
    DepartureApart,
    /// A transit is dropped before it is accepted.
    TransitForgottenEarly,
    /// A forwarding row is dropped before its transit is accepted.
    ForwardingForgottenEarly,
    /// A forwarding row is dropped while a transit that once led here is not accepted yet.
    ForgottenWhileOpen,
    /// A forwarding row is dropped while a commit of the world is late or without an outcome.
    ForgottenWhileUnsettled,
    /// The last used number does not move with the character.
    SessionLeftBehind,
    /// The last answers do not move with the character.
    AnswersLeftBehind,
    /// A commit without an answer is taken for one that was not made; its tick runs as a fresh one.
    UnknownTakenForRefused,
    /// A commit without an answer is taken for one that was made.
    UnknownTakenForCommitted,
    /// The repeat of one's own arrival is refused like a second arrival.
    OwnRepeatRefused,
    /// Intents behind the one that left through a door are still consumed by the world that was
    /// left.
    ConsumedAfterDeparture,
    /// A world that goes back forgets which numbers it has consumed and answered since.
    NumbersForgotten,
    /// A client that comes back while its departure is under way is put in from the stored profile.
    StaleJoin,
    /// What a client says of answers it holds is not heeded when it attaches.
    AnsweredNotHeeded,
}

impl Mutant {
    pub const ALL: [Self; 24] = [
        Self::NoFence,
        Self::NoDedup,
        Self::NoDedupInTick,
        Self::NoDedupInCommit,
        Self::AckBeforeCommit,
        Self::LeaseUnchecked,
        Self::AcceptBeforeCommit,
        Self::AcceptBeforeDirectory,
        Self::DirectoryGoesBack,
        Self::TransitApart,
        Self::DepartureApart,
        Self::TransitForgottenEarly,
        Self::ForwardingForgottenEarly,
        Self::ForgottenWhileOpen,
        Self::ForgottenWhileUnsettled,
        Self::SessionLeftBehind,
        Self::AnswersLeftBehind,
        Self::UnknownTakenForRefused,
        Self::UnknownTakenForCommitted,
        Self::OwnRepeatRefused,
        Self::ConsumedAfterDeparture,
        Self::NumbersForgotten,
        Self::StaleJoin,
        Self::AnsweredNotHeeded,
    ];
}
