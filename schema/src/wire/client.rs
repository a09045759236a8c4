//! Client to server.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize};

use super::action::Action;
use super::error::{Details, ErrorCode};
use super::position::Position;
use crate::limits::{
    ACTION_STEPS_MAX, CHAT_CHARS_MAX, DISPLAY_NAME_CHARS_MAX, DISPLAY_NAME_TYPED_CHARS_MAX, ITEM_KIND_BYTES_MAX,
};
use crate::{IntentLimit, Seq, SessionId, Tick};

client_messages! {
    messages {
        /// Must be first, within 5 s of the upgrade.
        "hello" Hello(hello: Hello);
    }
    intents {
        /// Walk one tile.
        "intent.move" Move {
            /// Where to.
            direction: Direction,
        }
        outcome {
            /// The tile stood on afterwards.
            to: Position,
        }
        logged as "move", limited as "move" to 20 "Moves";

        /// Speak.
        "intent.chat" Chat {
            /// Who hears it.
            channel: ChatChannel,
            /// 1 to 280 characters.
            text: Arc<str>,
            /// Display name of the listener of a whisper.
            to: Option<Arc<str>>,
        }
        outcome {}
        logged as "chat", limited as "chat" to 5 "Chat messages";

        /// Do one or more things at once.
        "intent.action" Action {
            // Of more than that, one too many is read, so that it can be told.
            /// 1 to 16 steps, all or nothing (FR-011).
            #[serde(deserialize_with = "few_steps")]
            steps: Vec<Action>,
        }
        outcome {}
        logged as "ability", limited as "action" to 10 "Actions";
    }
    messages {
        /// Counts as activity (FR-017) and is answered with the same nonce.
        "heartbeat" Heartbeat {
            /// Echoed in the answer.
            nonce: u64,
        };
        /// Asks for a full state delta (FR-005).
        "resync" Resync {};
        /// Ends the session.
        "logout" Logout {};
    }
    intents {
        /// Make a gesture that everybody in view sees.
        "intent.emote" Emote {
            /// Which one.
            emote: Emote,
        }
        outcome {}
        logged as "emote", limited as "emote" to 2 "Emotes";
    }
}

/// Opens a realtime session with the ticket of a bootstrap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The session of the bootstrap answer.
    pub session_id: SessionId,
    /// Its single-use ticket.
    pub ticket: String,
    /// Must equal the server's version exactly (FR-009).
    pub client_version: String,
    /// Newest tick applied, when resuming.
    #[serde(default)]
    pub last_tick: Option<Tick>,
    /// Oldest intent without an answer, when resuming; everything below it was answered.
    #[serde(default)]
    pub oldest_unanswered_seq: Option<Seq>,
    /// The number the next new intent will get, when resuming: below it, everything that is not
    /// sent again was answered.
    #[serde(default)]
    pub next_seq: Option<Seq>,
}

/// One step in one of the four directions. North is up: y gets smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// y - 1
    North,
    /// y + 1
    South,
    /// x + 1
    East,
    /// x - 1
    West,
}

impl Direction {
    /// All four, in a fixed order.
    pub const ALL: [Self; 4] = [Self::North, Self::South, Self::East, Self::West];

    /// The step in tiles, `(dx, dy)`.
    #[must_use]
    pub const fn step(self) -> (i32, i32) {
        match self {
            Self::North => (0, -1),
            Self::South => (0, 1),
            Self::East => (1, 0),
            Self::West => (-1, 0),
        }
    }

    /// The way from a tile to one beside it; `None` to any other.
    #[must_use]
    pub fn between(from: Position, to: Position) -> Option<Self> {
        let way = (to.x.checked_sub(from.x)?, to.y.checked_sub(from.y)?);
        Self::ALL.into_iter().find(|direction| direction.step() == way)
    }
}

/// A gesture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each says what it is")]
pub enum Emote {
    Wave,
    Bow,
    Dance,
    Sit,
    Laugh,
    Point,
    Cheer,
    Cry,
}

impl Emote {
    /// All of them, in a fixed order.
    pub const ALL: [Self; 8] =
        [Self::Wave, Self::Bow, Self::Dance, Self::Sit, Self::Laugh, Self::Point, Self::Cheer, Self::Cry];
}

/// Who hears a chat message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatChannel {
    /// Everyone within earshot.
    Say,
    /// Everyone in this world.
    Zone,
    /// One player, named by `to`.
    Whisper,
}

/// Reads a list of any length and keeps no more of it than is needed to see that it is too long.
/// How long it claims to be is believed as little as the rest.
fn few_steps<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Action>, D::Error> {
    struct Few;

    impl<'de> Visitor<'de> for Few {
        type Value = Vec<Action>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of steps")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Action>, A::Error> {
            let mut steps = Vec::new();
            while let Some(step) = list.next_element()? {
                if steps.len() <= ACTION_STEPS_MAX {
                    steps.push(step);
                }
            }
            Ok(steps)
        }
    }

    deserializer.deserialize_seq(Few)
}

impl Intent {
    /// Checks what needs no world: lengths, counts, characters.
    ///
    /// # Errors
    /// [`ErrorCode::IntentInvalid`] with the field at fault.
    pub fn check(&self) -> Result<(), (ErrorCode, Details)> {
        let invalid = |field: &str, reason: String| {
            Err((ErrorCode::IntentInvalid, Details::Field { field: field.to_owned(), reason }))
        };
        match self {
            Self::Move { .. } | Self::Emote { .. } => Ok(()),
            Self::Chat { channel, text, to } => {
                let chars = text.chars().count();
                if text.trim().is_empty() || chars > CHAT_CHARS_MAX {
                    return invalid("text", format!("1 to {CHAT_CHARS_MAX} characters are allowed, got {chars}"));
                }
                if text.chars().any(|c| c.is_control()) {
                    return invalid("text", "control characters are not allowed".to_owned());
                }
                match (channel, to) {
                    (ChatChannel::Whisper, None) => invalid("to", "a whisper needs a listener".to_owned()),
                    (ChatChannel::Whisper, Some(name)) if !may_be_a_name(name) => {
                        invalid("to", format!("a name has 1 to {DISPLAY_NAME_CHARS_MAX} characters that can be seen"))
                    }
                    (ChatChannel::Say | ChatChannel::Zone, Some(_)) => {
                        invalid("to", "only a whisper has a listener".to_owned())
                    }
                    _ => Ok(()),
                }
            }
            Self::Action { steps } => {
                if steps.is_empty() || steps.len() > ACTION_STEPS_MAX {
                    let got = if steps.is_empty() { "none" } else { "more" };
                    return invalid("steps", format!("1 to {ACTION_STEPS_MAX} steps are allowed, got {got}"));
                }
                for step in steps {
                    let kind = match step {
                        Action::Drop { item, .. }
                        | Action::Use { item, .. }
                        | Action::Give { item, .. }
                        | Action::Place { item, .. } => item,
                        Action::Take { .. } | Action::Open { .. } | Action::Close { .. } | Action::Remove { .. } => {
                            continue;
                        }
                    };
                    if kind.is_empty() || kind.len() > ITEM_KIND_BYTES_MAX || kind.chars().any(char::is_control) {
                        return invalid("item", format!("an item kind has 1 to {ITEM_KIND_BYTES_MAX} printable bytes"));
                    }
                }
                Ok(())
            }
        }
    }
}

/// Whether a text is worth being looked up as a name: what may be one is the server's to say
/// (FR-031), because that takes tables that a client does not carry. A name typed in decomposed
/// form has more characters than the name.
fn may_be_a_name(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= DISPLAY_NAME_TYPED_CHARS_MAX
        && !text.chars().any(char::is_control)
}
