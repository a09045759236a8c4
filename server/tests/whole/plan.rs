//! What happens in one case, drawn from a seed: who does what and which faults strike when. Plain
//! data; it knows no server. A step can be left out without moving the others, which is how a
//! failing case is made smaller.

use tilemud_schema::Direction;
use tilemud_sim::flaws::Flaw;

/// Players of a case at most.
pub const PLAYERS_MAX: usize = 4;

/// How long the steps take at most, milliseconds.
const PLAY_MS: u64 = 1_400;

/// A deliberate flaw. A simulation that does not find it is worth nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutant {
    /// The server as it is.
    None,
    /// One of the server's own code.
    Product(Flaw),
    /// The store answers before it has written: what is acknowledged is not durable yet.
    AnswerBeforeWrite,
    /// The store does not look at the lease.
    LeaseIgnored,
    /// A commit without an answer is taken for one that was refused.
    UnknownTakenForRefused,
    /// The numbers that sessions have used are forgotten at a restart.
    NumbersForgotten,
    /// Ticks that players may have seen are not reserved in the store.
    NothingReserved,
    /// A released tick does not reach the fan-out now and then.
    ReleaseLost,
    /// What was said before a restart is not found in the log.
    WordsForgotten,
}

impl Mutant {
    pub const ALL: [Self; 11] = [
        Self::Product(Flaw::AckBeforeCommit),
        Self::Product(Flaw::ReleaseOutOfOrder),
        Self::Product(Flaw::DedupOff),
        Self::Product(Flaw::LeaseUnchecked),
        Self::AnswerBeforeWrite,
        Self::LeaseIgnored,
        Self::UnknownTakenForRefused,
        Self::NumbersForgotten,
        Self::NothingReserved,
        Self::ReleaseLost,
        Self::WordsForgotten,
    ];

    /// The flaw that has to be put into the server.
    pub fn in_product(self) -> Option<Flaw> {
        if let Self::Product(flaw) = self { Some(flaw) } else { None }
    }
}

#[derive(Debug, Clone)]
pub struct Plan {
    pub seed: u64,
    pub mutant: Mutant,
    pub players: usize,
    /// In order of their times.
    pub steps: Vec<Step>,
}

/// Something that happens at a time.
#[derive(Debug, Clone)]
pub struct Step {
    pub at_ms: u64,
    pub what: What,
}

/// What somebody wants; becomes an intent with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Walk(Direction),
    Say,
    Shout,
    Whisper,
    Wave,
    /// Words that are none.
    Blank,
    /// Using what nobody has.
    UseNothing,
}

/// Where a process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// At once, wherever it is.
    Now,
    /// A commit has been asked for and nothing is written.
    BeforeWrite,
    /// A commit is written in part, and the database does not take it back.
    Torn,
    /// A commit is durable and not answered.
    Written,
    /// So many released ticks have reached the fan-out since, and the next does not.
    Released(u8),
    /// A commit has failed and is not tried again yet.
    Failed,
    /// At once; and the next process when it has written half of its world snapshot, which the
    /// database does not take back.
    TornSnapshot,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Act {
        who: usize,
        deeds: Vec<Deed>,
    },
    Repeat {
        who: usize,
        back: u64,
        times: u8,
    },
    Leap {
        who: usize,
        ahead: u64,
    },
    Garbage {
        who: usize,
        kind: u8,
    },
    Resync {
        who: usize,
    },
    /// The connection is cut after so many more bytes, in one direction or the other.
    Cut {
        who: usize,
        bytes: u64,
        up: bool,
    },
    /// Nothing gets through for a while, and nobody is told.
    Freeze {
        who: usize,
        ms: u64,
    },
    /// For a while it takes only so many bytes at a time.
    ReadSlowly {
        who: usize,
        ms: u64,
        bytes: usize,
    },
    /// A second connection over the living one.
    Rejoin {
        who: usize,
    },
    /// A fresh session over the living one.
    Fresh {
        who: usize,
    },
    Logout {
        who: usize,
    },
    /// Somebody else's token.
    StolenToken {
        who: usize,
    },
    /// From now on each commit takes so long.
    Slow {
        ms: u64,
    },
    /// The next commit is written and its answer is lost.
    LoseAnswer,
    /// The next commits fail without being written.
    Fail {
        times: u8,
    },
    /// What the next commit holds is refused for good.
    Refuse,
    /// The store does not answer for a while.
    Away {
        ms: u64,
    },
    Crash {
        point: Point,
    },
    /// Another process takes the world over while this one runs.
    Thief,
    /// A drain and a start.
    Restart,
}

/// A generator of numbers that is the same on every machine and for ever (splitmix64, Steele et al.
/// 2014).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut dice = Self(seed ^ stream.wrapping_mul(0xa076_1d64_78bd_642f));
        dice.next();
        dice
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Once in so many times.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

impl Plan {
    /// The case of a seed.
    pub fn of(seed: u64, mutant: Mutant) -> Self {
        let mut dice = Dice::new(seed, 1);
        let players = 2 + dice.below(PLAYERS_MAX as u64 - 1) as usize;
        let count = 12 + dice.below(30);
        // Some cases are calm at the store, some at the network, so that deep states are reached
        // too.
        let weights = [8 + dice.below(8), dice.below(8), dice.below(6), dice.below(3)];
        let mut steps: Vec<Step> =
            (0..count).map(|_| Step { at_ms: dice.below(PLAY_MS), what: what(&mut dice, players, weights) }).collect();
        steps.sort_by_key(|step| step.at_ms);
        Self { seed, mutant, players, steps }
    }

    /// The same with these steps only.
    pub fn with_steps(&self, kept: &[usize]) -> Self {
        let steps = kept.iter().filter_map(|index| self.steps.get(*index).cloned()).collect();
        Self { steps, ..self.clone() }
    }
}

fn what(dice: &mut Dice, players: usize, [play, network, store, process]: [u64; 4]) -> What {
    let who = dice.below(players as u64) as usize;
    let mut pick = dice.below(play + network + store + process);
    if pick < play {
        return match dice.below(12) {
            0 => What::Repeat { who, back: dice.below(6), times: 1 + dice.below(3) as u8 },
            1 => What::Leap { who, ahead: 1 + dice.below(4) },
            2 => What::Resync { who },
            _ => What::Act { who, deeds: (0..1 + dice.below(4)).map(|_| deed(dice)).collect() },
        };
    }
    pick -= play;
    if pick < network {
        return match dice.below(14) {
            0..=3 => What::Cut { who, bytes: dice.below(400), up: dice.once_in(2) },
            4..=5 => What::Freeze { who, ms: 100 + dice.below(3_000) },
            6..=7 => What::Rejoin { who },
            8 => What::Fresh { who },
            9 => What::Logout { who },
            10 => What::StolenToken { who },
            11..=12 => What::ReadSlowly { who, ms: 300 + dice.below(5_000), bytes: 1 + dice.below(60) as usize },
            _ => What::Garbage { who, kind: dice.below(6) as u8 },
        };
    }
    pick -= network;
    if pick < store {
        return match dice.below(8) {
            0 => What::Slow { ms: dice.below(120) },
            1..=2 => What::LoseAnswer,
            3 => What::Fail { times: 1 + dice.below(3) as u8 },
            4..=5 => What::Refuse,
            _ => What::Away { ms: 50 + dice.below(700) },
        };
    }
    match dice.below(6) {
        0 => What::Thief,
        1 => What::Restart,
        _ => {
            let point = match dice.below(9) {
                0 => Point::Now,
                8 => Point::TornSnapshot,
                1 => Point::BeforeWrite,
                2 => Point::Torn,
                3 => Point::Failed,
                4..=5 => Point::Written,
                _ => Point::Released(dice.below(4) as u8),
            };
            What::Crash { point }
        }
    }
}

fn deed(dice: &mut Dice) -> Deed {
    match dice.below(16) {
        0..=7 => Deed::Walk(Direction::ALL[dice.below(4) as usize]),
        8 => Deed::Wave,
        9..=10 => Deed::Say,
        11..=12 => Deed::Shout,
        13 => Deed::Whisper,
        14 => Deed::Blank,
        _ => Deed::UseNothing,
    }
}
