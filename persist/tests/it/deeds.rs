//! Characters, what they do, and the batches it is written in. What these tests share about them;
//! no assertions.

use std::collections::BTreeMap;
use std::sync::Arc;

use tilemud_persist::Store;
use tilemud_persist::store::{Batch, CharacterProfile, NewCharacter, ProfileWrite};
use tilemud_schema::{
    ActionEvent, ActionId, CharacterId, CharacterState, ChatChannel, Direction, Intent, IntentOutcome, ItemStack,
    Performed, Position, SessionId, Stats, Timestamp, UserId,
};
use uuid::Uuid;

pub const NOON: Timestamp = Timestamp::from_micros(1_795_435_200_123_456);

pub fn character(user: &str, name: &str) -> NewCharacter {
    NewCharacter {
        character_id: CharacterId(Uuid::now_v7()),
        user_id: UserId(user.into()),
        state: CharacterState {
            display_name: name.into(),
            look: "ranger".into(),
            health: 100,
            inventory: Arc::new(vec![ItemStack { item: "torch".into(), quantity: 2 }]),
            stats: named("strength", 7),
            ..CharacterState::default()
        },
    }
}

pub fn named(name: &str, number: i32) -> Stats {
    Stats { named: Arc::new(BTreeMap::from([(name.into(), number)])), ..Stats::default() }
}

pub async fn hero(store: &dyn Store) -> CharacterProfile {
    store.create_character(&character("user-hero", "Hero")).await.unwrap()
}

/// The log of one session in the making.
#[derive(Clone)]
pub struct Log {
    pub who: CharacterProfile,
    pub session_id: SessionId,
}

impl Log {
    pub fn of(who: &CharacterProfile) -> Self {
        Self { who: who.clone(), session_id: SessionId(Uuid::now_v7()) }
    }

    pub fn event(&self, seq: u64, tick: u64, performed: Performed) -> ActionEvent {
        ActionEvent {
            action_id: ActionId(Uuid::now_v7()),
            session_id: self.session_id,
            user_id: self.who.user_id.clone(),
            character_id: self.who.character_id,
            sequence_number: seq,
            performed,
            persisted_at: NOON,
            tick,
            tick_order: u32::try_from(seq).unwrap(),
        }
    }

    pub fn step(&self, seq: u64, tick: u64, x: i32) -> ActionEvent {
        self.event(
            seq,
            tick,
            Performed {
                intent: Intent::Move { direction: Direction::East },
                outcome: IntentOutcome::Move { to: Position { x, y: -4 } },
            },
        )
    }

    pub fn chat(&self, seq: u64, tick: u64) -> ActionEvent {
        self.event(
            seq,
            tick,
            Performed {
                intent: Intent::Chat { channel: ChatChannel::Say, text: "h\u{e9} \"you\"".into(), to: None },
                outcome: IntentOutcome::Chat {},
            },
        )
    }
}

pub fn batch(tick: u64, events: Vec<ActionEvent>) -> Batch {
    Batch { tick, persisted_at: Some(NOON), events, ..Batch::default() }
}

pub fn standing_at(who: &CharacterProfile, tick: u64, x: i32) -> ProfileWrite {
    let state = CharacterState { position: Some(Position { x, y: 2 }), health: 90, ..who.state.clone() };
    ProfileWrite { character_id: who.character_id, state, tick }
}

pub fn position_of(profile: Option<CharacterProfile>) -> Option<Position> {
    profile.unwrap().state.position
}
