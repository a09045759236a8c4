//! What happens in one case: who does what in which order, drawn by proptest. Plain data; it knows
//! no server.
//!
//! A script says nothing of time. Whether an intent is still on its way when its connection goes,
//! whether two things meet in one tick: that is left to the machine, and the model must hold
//! however it turns out.

use proptest::prelude::*;
use proptest::sample::Index;
use tilemud_schema::Direction;

/// Players of a case at most.
pub const PLAYERS_MAX: usize = 3;

#[derive(Debug, Clone)]
pub struct Script {
    /// How many play, at least 2.
    pub players: usize,
    /// What they do, one after the other.
    pub steps: Vec<Step>,
}

/// What somebody wants; becomes an intent with a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// One tile.
    Walk(Direction),
    /// To those near.
    Say,
    Shout,
    /// To the next player.
    Whisper,
    /// Words that are none: refused by their shape.
    Blank,
    Wave,
    /// Using what nobody has: refused by the rules.
    UseNothing,
}

/// Where a reconnect breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Never,
    /// With the ticket in hand.
    AfterBootstrap,
    /// With the hello on its way.
    AfterHello,
    /// With the handshake answer read and the state not.
    AfterAnswer,
}

/// One thing that happens. `who` counts modulo the players.
#[derive(Debug, Clone)]
pub enum Step {
    /// Intents, without waiting for answers; kept for later while there is no connection.
    Send { who: usize, deeds: Vec<Deed> },
    /// More chat at once than the limit allows.
    Chatter { who: usize },
    /// Intents in another order than their numbers'.
    Scramble { who: usize, deeds: Vec<Deed>, keys: Vec<u8> },
    /// An earlier intent again, answered or not.
    Repeat { who: usize, which: Index, times: usize },
    /// A number far ahead.
    Leap { who: usize, ahead: u64, deed: Deed },
    /// Reads until everything is answered.
    Settle { who: usize },
    /// Reads what is there.
    Listen { who: usize },
    /// Asks for everything.
    Resync { who: usize },
    /// The connection goes, with whatever is in it.
    Drop { who: usize },
    /// Comes back with the token, over a living connection if there is one.
    Reconnect { who: usize, cut: Cut, eager: bool, forgetful: bool },
    /// The same user joins afresh while the older connection lives; the older one goes on trying.
    Rival { who: usize, late: Vec<Deed> },
    /// Logs out; at the same time or after it joins afresh.
    Logout { who: usize, at_once: bool },
    /// A token that was used or replaced before.
    UsedToken { who: usize, which: Index },
    /// Another user's token.
    StolenToken { who: usize },
    /// The same token twice at the same time.
    TokenTwice { who: usize },
    /// Commits are held while intents arrive.
    Hold { who: usize, deeds: Vec<Deed> },
    /// The store is away while intents arrive, before and after that is noticed.
    Outage { who: usize, deeds: Vec<Deed>, refused: Vec<Deed> },
    /// The server stops by itself and starts again.
    Restart { reading: [bool; PLAYERS_MAX] },
    /// The server ends with uncommitted ticks, or with committed ones whose answers never left;
    /// then it starts again.
    Crash { deeds: Vec<(usize, Deed)>, written: bool, reading: [bool; PLAYERS_MAX] },
}

/// Scripts for a server in this process.
pub fn scripts() -> impl Strategy<Value = Script> {
    let restarts = prop_oneof![
        any::<[bool; PLAYERS_MAX]>().prop_map(|reading| Step::Restart { reading }),
        (vec((who(), deed()), 0..8), any::<bool>(), any::<[bool; PLAYERS_MAX]>())
            .prop_map(|(deeds, written, reading)| Step::Crash { deeds, written, reading }),
    ];
    script(prop_oneof![40 => play(), 30 => connections(), 5 => gates(), 5 => restarts], 4..32)
}

/// Scripts for a server that is a process of its own: no gate in front of its store.
pub fn process_scripts() -> impl Strategy<Value = Script> {
    let restarts = prop_oneof![
        1 => any::<[bool; PLAYERS_MAX]>().prop_map(|reading| Step::Restart { reading }),
        3 => (vec((who(), deed()), 0..12), any::<[bool; PLAYERS_MAX]>())
            .prop_map(|(deeds, reading)| Step::Crash { deeds, written: false, reading }),
    ];
    script(prop_oneof![40 => play(), 30 => connections(), 10 => restarts], 10..40)
}

fn script(step: impl Strategy<Value = Step> + 'static, len: std::ops::Range<usize>) -> impl Strategy<Value = Script> {
    (2..=PLAYERS_MAX, proptest::collection::vec(step, len)).prop_map(|(players, steps)| Script { players, steps })
}

fn play() -> impl Strategy<Value = Step> {
    prop_oneof![
        10 => (who(), vec(deed(), 1..6)).prop_map(|(who, deeds)| Step::Send { who, deeds }),
        1 => who().prop_map(|who| Step::Chatter { who }),
        3 => (who(), vec(deed(), 2..5), vec(any::<u8>(), 5..=5))
            .prop_map(|(who, deeds, keys)| Step::Scramble { who, deeds, keys }),
        4 => (who(), any::<Index>(), 1_usize..4).prop_map(|(who, which, times)| Step::Repeat { who, which, times }),
        1 => (who(), prop_oneof![1_u64..4, Just(1_000_000), Just(u64::MAX)], deed())
            .prop_map(|(who, ahead, deed)| Step::Leap { who, ahead, deed }),
        4 => who().prop_map(|who| Step::Settle { who }),
        4 => who().prop_map(|who| Step::Listen { who }),
        1 => who().prop_map(|who| Step::Resync { who }),
    ]
}

fn connections() -> impl Strategy<Value = Step> {
    let cut = prop_oneof![
        6 => Just(Cut::Never),
        1 => Just(Cut::AfterBootstrap),
        1 => Just(Cut::AfterHello),
        1 => Just(Cut::AfterAnswer),
    ];
    prop_oneof![
        6 => who().prop_map(|who| Step::Drop { who }),
        10 => (who(), cut, any::<bool>(), proptest::bool::weighted(0.1))
            .prop_map(|(who, cut, eager, forgetful)| Step::Reconnect { who, cut, eager, forgetful }),
        2 => (who(), vec(deed(), 0..4)).prop_map(|(who, late)| Step::Rival { who, late }),
        2 => (who(), any::<bool>()).prop_map(|(who, at_once)| Step::Logout { who, at_once }),
        1 => (who(), any::<Index>()).prop_map(|(who, which)| Step::UsedToken { who, which }),
        1 => who().prop_map(|who| Step::StolenToken { who }),
        1 => who().prop_map(|who| Step::TokenTwice { who }),
    ]
}

fn gates() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (who(), vec(deed(), 0..4)).prop_map(|(who, deeds)| Step::Hold { who, deeds }),
        1 => (who(), vec(deed(), 1..4), vec(deed(), 1..4))
            .prop_map(|(who, deeds, refused)| Step::Outage { who, deeds, refused }),
    ]
}

fn who() -> impl Strategy<Value = usize> {
    0..PLAYERS_MAX
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        12 => proptest::sample::select(&Direction::ALL[..]).prop_map(Deed::Walk),
        2 => Just(Deed::Say),
        2 => Just(Deed::Shout),
        1 => Just(Deed::Whisper),
        1 => Just(Deed::Wave),
        1 => Just(Deed::Blank),
        1 => Just(Deed::UseNothing),
    ]
}

fn vec<S: Strategy>(
    element: S,
    len: impl Into<proptest::collection::SizeRange>,
) -> impl Strategy<Value = Vec<S::Value>> {
    proptest::collection::vec(element, len)
}
