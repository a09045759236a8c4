//! The durable action log: one row per thing a player did (ActionEvent of the specification).

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::envelope::Message;
use crate::wire::client::{read_row, write_row};
use crate::{ActionId, CharacterId, CharacterState, Intent, IntentOutcome, Seq, SessionId, Tick, Timestamp, UserId};

/// One row of the log. `tick` and `tick_order` give its place in the order of the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionEvent {
    /// Its id.
    pub action_id: ActionId,
    /// Who did it, in which session.
    pub session_id: SessionId,
    /// Whose session.
    pub user_id: UserId,
    /// With which character.
    pub character_id: CharacterId,
    /// Which intent of the session.
    pub sequence_number: Seq,
    /// What was done.
    pub performed: Performed,
    /// When the commit was made.
    pub persisted_at: Timestamp,
    /// The tick it took effect in.
    pub tick: Tick,
    /// Its place within the tick, from 0.
    pub tick_order: u32,
}

/// An intent that took effect, and what came of it: all that a replay needs to do it again and to
/// compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Performed {
    /// What was wanted.
    pub intent: Intent,
    /// What came of it.
    pub outcome: IntentOutcome,
}

impl Performed {
    /// As in the column `action_type`, which tells how to read the payload.
    #[must_use]
    pub const fn action_type(&self) -> &'static str {
        self.intent.class().action_type()
    }

    /// Reads a row. Fields are only ever added to payloads, so that old rows stay readable.
    ///
    /// # Errors
    /// When the payload is not of that type.
    pub fn read(action_type: &str, payload: &str) -> serde_json::Result<Self> {
        read_row(Message::of(action_type, payload)).map(|(intent, outcome)| Self { intent, outcome })
    }
}

/// The payload: the fields of the intent and of its outcome in one JSON object.
impl Serialize for Performed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_row(&self.intent, &self.outcome, serializer)
    }
}

/// What a tick did beside its numbered intents, and the hashes of the world after it. Written for
/// every tick with something durable in it; together with the tick's ActionEvents it is all a
/// replay needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TickRecord {
    /// Which tick.
    pub tick: Tick,
    /// The state of the world after it.
    pub hashes: WorldHashes,
    /// Characters that came into the world, in order; before any intent of the tick.
    pub arrivals: Vec<Arrival>,
    /// Characters that left it, in order; after all intents of the tick.
    pub departures: Vec<CharacterId>,
    /// Set when the world went on with another map in this tick; nothing else happened in it.
    pub map_change: Option<MapChange>,
}

/// The map of a world was edited: what it was until a tick, and what it is from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapChange {
    /// The map until then.
    pub from: MapId,
    /// The map since.
    pub to: MapId,
}

/// A map by its content: the SHA-256 of what the rules read of it.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MapId(pub [u8; 32]);

impl fmt::Display for MapId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for MapId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for MapId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "not 64 hexadecimal digits";
        let digits = text.as_bytes();
        if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(WRONG);
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| WRONG)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for MapId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for MapId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
        } else {
            <[u8; 32]>::deserialize(deserializer).map(Self)
        }
    }
}

/// Hashes over the parts of the world's state, so that a replay that goes wrong can say where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WorldHashes {
    /// Characters of players and all that is theirs.
    pub characters: u64,
    /// NPCs, items and doors, with their timers and random streams.
    pub objects: u64,
    /// Tiles that are not as on the map.
    pub tiles: u64,
}

/// A character on its way into the world, as it was loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// In which session.
    pub session_id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// Its id.
    pub character_id: CharacterId,
    /// All of it; without a position for a new one, for which the world chooses.
    #[serde(flatten)]
    pub state: CharacterState,
}

/// A tick as read back from the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoggedTick {
    /// The record of the tick.
    pub record: TickRecord,
    /// Its ActionEvents, in order.
    pub events: Vec<LoggedEvent>,
    /// How many events were committed with the record.
    pub events_recorded: usize,
}

impl LoggedTick {
    /// A tick whose events are all there.
    #[must_use]
    pub const fn whole(record: TickRecord, events: Vec<LoggedEvent>) -> Self {
        let events_recorded = events.len();
        Self { record, events, events_recorded }
    }
}

/// The part of an ActionEvent that a replay needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedEvent {
    /// Which session did it.
    pub session_id: SessionId,
    /// Which intent.
    pub sequence_number: Seq,
    /// What was done.
    pub performed: Performed,
}
