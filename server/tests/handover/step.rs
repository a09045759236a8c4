//! The steps from one state to the next: what each is called in a trace, and which of them are
//! faults. A step changes everything it says at once; whatever lies between two steps may happen
//! in any order.

use std::fmt;

use crate::plan::Plan;

/// A process, by its world and the epoch under which it took the lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    pub world: usize,
    pub epoch: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Attach { by: Who, character: usize },
    Consume { by: Who, character: usize, seq: u8 },
    RefuseDoor { by: Who, character: usize, seq: u8 },
    AnswerAgain { by: Who, character: usize, seq: u8, is_applied: bool },
    Commit { by: Who, ticks: u8 },
    LoseAnswer { by: Who, ticks: u8 },
    LoseCommit { by: Who, ticks: u8 },
    RefuseCommit { by: Who, is_for_good: bool },
    Settle { by: Who, is_stored: bool },
    Release { by: Who, ticks: u8 },
    Import { by: Who, character: usize, number: u8 },
    Place { by: Who, character: usize, number: u8 },
    SendBack { by: Who, character: usize, number: u8 },
    PassOver { by: Who, character: usize, number: u8 },
    LateCommit { world: usize },
    TellDirectory { character: usize, number: u8 },
    Accept { character: usize, number: u8 },
    ForgetTransit { character: usize, number: u8 },
    ForgetForwarding { world: usize, character: usize },
    EndFenced { by: Who },
    Start { by: Who },
    Crash { by: Who },
    TakeOver { by: Who },
    Cut { character: usize },
}

impl Step {
    /// How many kinds there are.
    pub const KINDS: usize = 24;

    /// Whether it is something that goes wrong. The others happen in the end.
    pub fn is_fault(self) -> bool {
        match self {
            Self::RefuseCommit { is_for_good, .. } => is_for_good,
            Self::LoseAnswer { .. } | Self::LoseCommit { .. } | Self::RefuseDoor { .. } | Self::SendBack { .. } => true,
            Self::Crash { .. } | Self::TakeOver { .. } | Self::Cut { .. } => true,
            _ => false,
        }
    }

    /// The step in words.
    pub fn told(self, plan: &Plan) -> String {
        let intent = |character, seq| format!("{:?} ({})", plan.intent(character, seq), seq);
        match self {
            Self::Attach { by, character } => format!("{by}: the client of {} attaches", name(character)),
            Self::Consume { by, character, seq } => {
                format!("{by}: a tick applies {} of {}", intent(character, seq), name(character))
            }
            Self::RefuseDoor { by, character, seq } => {
                format!("{by}: no reservation for {} of {}, it is refused", intent(character, seq), name(character))
            }
            Self::AnswerAgain { by, character, seq, is_applied } => {
                let answer = if is_applied { "applied" } else { "refused" };
                format!("{by}: a repeat of {} of {} is answered: {answer}", intent(character, seq), name(character))
            }
            Self::Commit { by, ticks } => format!("{by}: commits {ticks}"),
            Self::LoseAnswer { by, ticks } => format!("{by}: commits {ticks}, and the answer is lost"),
            Self::LoseCommit { by, ticks } => format!("{by}: gives up a commit of {ticks} that is still on its way"),
            Self::RefuseCommit { by, is_for_good: true } => {
                format!("{by}: what it commits cannot be written, and the world goes back")
            }
            Self::RefuseCommit { by, is_for_good: false } => {
                format!("{by}: what it commits is there already, and the world goes back")
            }
            Self::Settle { by, is_stored: true } => format!("{by}: finds its commit stored"),
            Self::Settle { by, is_stored: false } => format!("{by}: goes on as if its commit was not stored"),
            Self::Release { by, ticks } => format!("{by}: releases {ticks}"),
            Self::Import { by, character, number } => format!("{by}: reads transit {number} of {}", name(character)),
            Self::Place { by, character, number } => {
                format!("{by}: a tick places {} by transit {number}", name(character))
            }
            Self::SendBack { by, character, number } => {
                format!("{by}: a tick sends {} back, who comes by transit {number}", name(character))
            }
            Self::PassOver { by, character, number } => {
                format!("{by}: transit {number} of {} is known already", name(character))
            }
            Self::LateCommit { world } => format!("{}: the late commit comes to the shard", letter(world)),
            Self::TellDirectory { character, number } => {
                format!("the directory is told of hand-over {number} of {}", name(character))
            }
            Self::Accept { character, number } => format!("transit {number} of {} is accepted", name(character)),
            Self::ForgetTransit { character, number } => {
                format!("transit {number} of {} is dropped", name(character))
            }
            Self::ForgetForwarding { world, character } => {
                format!("{}: the forwarding row of {} is dropped", letter(world), name(character))
            }
            Self::EndFenced { by } => format!("{by}: finds itself fenced and ends"),
            Self::Start { by } => format!("{by}: takes the ended world and starts"),
            Self::Crash { by } => format!("{by}: crashes"),
            Self::TakeOver { by } => format!("{by}: takes the world over; the owner before it goes on"),
            Self::Cut { character } => format!("the client of {} loses its connection", name(character)),
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, epoch {}", letter(self.world), self.epoch)
    }
}

fn letter(world: usize) -> &'static str {
    ["A", "B"][world]
}

fn name(character: usize) -> &'static str {
    ["Ann", "Bob"][character]
}
