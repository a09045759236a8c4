//! What goes into a tick: plain data that the edges fill in.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tilemud_schema::{Arrival, CharacterId, CharacterState, Seq, SessionId, Tick, UserId};

use super::intent::{PendingIntent, SessionKey};

/// A chunk of the map; all sessions whose character stands in the same one see the same chunks
/// and so share one delta. Row-major over the chunk grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellId(pub u32);

impl Default for CellId {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

/// User and character of a session. Shared by everything that must name it in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The session.
    pub session_id: SessionId,
    /// Its user.
    pub user_id: UserId,
    /// The character it plays.
    pub character_id: CharacterId,
}

impl Identity {
    /// What the log says when its character comes into the world like this.
    #[must_use]
    pub fn arrival(&self, state: &CharacterState) -> Arrival {
        let Self { session_id, user_id, character_id } = self.clone();
        Arrival { session_id, user_id, character_id, state: state.clone() }
    }

    /// Who came into the world, by the log.
    #[must_use]
    pub fn of(arrival: &Arrival) -> Self {
        let Arrival { session_id, user_id, character_id, .. } = arrival.clone();
        Self { session_id, user_id, character_id }
    }
}

/// One thing for the next tick. Applied in the order given, except that the intents of a tick are
/// ordered by (session, seq).
#[derive(Debug, Clone)]
pub enum Input {
    /// Puts a character into the world for a session that is not in it yet.
    Join {
        /// Handle of the session.
        session: SessionKey,
        /// Who it is.
        identity: Arc<Identity>,
        /// Its character, as stored; one without a position is put on a free tile by the spawn
        /// point.
        character: Box<CharacterState>,
        /// The last sequence number already consumed (0 for a fresh session).
        last_seq: Seq,
    },
    /// A connection (the first or a later one) wants the session's state. Answered by a
    /// [`SessionDelta`](super::SessionDelta) with `attached` set, in the same tick.
    Attach {
        /// Handle of the session.
        session: SessionKey,
        /// Number of the connection within the session. A later connection has a greater one.
        connection: u64,
        /// Newest tick the client holds; `None` asks for everything.
        last_tick: Option<Tick>,
        /// Oldest intent the client has no answer to; everything below it is taken as consumed.
        oldest_unanswered_seq: Option<Seq>,
        /// The number that the next new intent will get. Of the intents below it, the client sends
        /// again on this connection those that were not answered; a number that it leaves out is no
        /// gap.
        next_seq: Option<Seq>,
    },
    /// A numbered intent. When it is out of order and of an earlier connection than the attached
    /// one, it is dropped: the client sends it again on the attached one, which knows what is left
    /// out before it.
    Intent(PendingIntent),
    /// The connection of a session is lost, or is heard again. Has no effect once a later
    /// connection has attached.
    Presence {
        /// Handle of the session.
        session: SessionKey,
        /// Number of the connection.
        connection: u64,
        /// Whether others see the character as away. An attach shows it as back.
        away: bool,
    },
    /// Whether the mail of a session has room for more whispers.
    Hearing {
        /// Handle of the session.
        session: SessionKey,
        /// Full: whispers to it are refused with TARGET_AWAY.
        is_full: bool,
    },
    /// The client requests a full state delta. It comes at once, or a second after the last one;
    /// requests within that second get one delta together.
    Resync {
        /// Handle of the session.
        session: SessionKey,
    },
    /// Takes the session's character out of the world. Answered by
    /// [`TickOutput::departed`](super::TickOutput::departed).
    Leave {
        /// Handle of the session.
        session: SessionKey,
    },
}
