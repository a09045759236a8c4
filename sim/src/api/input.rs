//! What goes into a tick: plain data that the edges fill in.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tilemud_schema::{Arrival, CharacterId, ItemStack, Position, Seq, SessionId, Tick, UserId};

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

/// Who a session acts for; shared by everything that must name it in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The session.
    pub session_id: SessionId,
    /// Its user.
    pub user_id: UserId,
    /// The character it plays.
    pub character_id: CharacterId,
}

/// The durable part of a character, as stored and as put into the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CharacterState {
    /// What people call it.
    pub display_name: Arc<str>,
    /// The sprite it is drawn with.
    pub look: Arc<str>,
    /// Where it stands; `None` for a new character, which is put on a free tile by the spawn point.
    pub position: Option<Position>,
    /// Health points.
    pub health: i32,
    /// Named numbers.
    pub stats: Arc<BTreeMap<Arc<str>, i32>>,
    /// What it carries, sorted by kind.
    pub inventory: Arc<Vec<ItemStack>>,
}

impl CharacterState {
    /// What the log says of a character that comes into the world like this.
    #[must_use]
    pub fn arrival(&self, identity: &Identity) -> Arrival {
        Arrival {
            session_id: identity.session_id,
            user_id: identity.user_id.clone(),
            character_id: identity.character_id,
            display_name: self.display_name.clone(),
            look: self.look.clone(),
            position: self.position,
            health: self.health,
            stats: self.stats.clone(),
            inventory: self.inventory.clone(),
        }
    }

    /// The character as the log says it came into the world.
    #[must_use]
    pub fn arrived(arrival: &Arrival) -> (Identity, Self) {
        let identity = Identity {
            session_id: arrival.session_id,
            user_id: arrival.user_id.clone(),
            character_id: arrival.character_id,
        };
        let state = Self {
            display_name: arrival.display_name.clone(),
            look: arrival.look.clone(),
            position: arrival.position,
            health: arrival.health,
            stats: arrival.stats.clone(),
            inventory: arrival.inventory.clone(),
        };
        (identity, state)
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
        /// Its character.
        character: Box<CharacterState>,
        /// The last sequence number already consumed (0 for a fresh session).
        last_seq: Seq,
    },
    /// A connection (the first or a later one) wants the session's state. Answered by a
    /// [`PrivateDelta`](super::PrivateDelta) with `attached` set, in the same tick.
    Attach {
        /// Handle of the session.
        session: SessionKey,
        /// Number of the connection among those of the session: a later one's is greater.
        connection: u64,
        /// Newest tick the client holds; `None` asks for everything.
        last_tick: Option<Tick>,
        /// Oldest intent the client has no answer to; everything below it is taken as consumed.
        oldest_unanswered_seq: Option<Seq>,
        /// The number that the next new intent will get: below it, everything that the client does not send again on this
        /// connection was answered, so leaving such a number out is no gap.
        next_seq: Option<Seq>,
    },
    /// A numbered intent. One of an earlier connection than the attached one that would be out of order is dropped: it comes
    /// again on that, and what is left out before it is only known there.
    Intent(PendingIntent),
    /// The connection of a session is lost, or gives signs of life again. Nothing when a later one has attached.
    Presence {
        /// Handle of the session.
        session: SessionKey,
        /// Number of the connection.
        connection: u64,
        /// Whether others see the character as away. An attach shows it as back.
        away: bool,
    },
    /// Whether more can be kept of what is whispered to a session.
    Hearing {
        /// Handle of the session.
        session: SessionKey,
        /// What is whispered to it is refused with TARGET_AWAY.
        is_full: bool,
    },
    /// The client wants a full state delta. It comes at once, or when a second has passed since the last one, for all wishes
    /// of that second together.
    Resync {
        /// Handle of the session.
        session: SessionKey,
    },
    /// Takes the session's character out of the world. Answered by [`TickOutput::departed`](super::TickOutput::departed).
    Leave {
        /// Handle of the session.
        session: SessionKey,
    },
}
