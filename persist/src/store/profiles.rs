//! Characters as they are stored.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tilemud_schema::{CharacterId, CharacterState, Tick, Timestamp, UserId};

use super::error::StoreError;

/// CharacterProfile: the durable projection of a character.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CharacterProfile {
    pub character_id: CharacterId,
    pub user_id: UserId,
    /// The rest of its state. No two names look alike (FR-031), except names older than that rule;
    /// there is no position until it first entered the world.
    #[serde(flatten)]
    pub state: CharacterState,
    /// When it was made.
    pub created_at: Timestamp,
    /// Concurrency check.
    pub updated_at: Timestamp,
}

/// The initial values of a new character.
#[derive(Debug, Clone)]
pub struct NewCharacter {
    pub character_id: CharacterId,
    pub user_id: UserId,
    /// Its initial state, with a name of 1 to 24 characters and without a position.
    pub state: CharacterState,
}

/// Who is called what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCharacter {
    pub character_id: CharacterId,
    pub user_id: UserId,
    /// As it is shown.
    pub display_name: Arc<str>,
}

/// New values of a profile, with a newer version than any before.
#[derive(Debug, Clone)]
pub struct ProfileWrite {
    pub character_id: CharacterId,
    /// Its state; name and look stay as they are stored.
    pub state: CharacterState,
    /// Watermark: the tick up to which the log is contained in these values.
    pub tick: Tick,
}

/// A profile with values that this program has not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandChange {
    /// As it is stored now.
    pub profile: CharacterProfile,
    /// Its position or health.
    pub body: bool,
    /// It has no position, or half of one, although it was in the world.
    pub lost_position: bool,
    /// What it carries.
    pub inventory: bool,
    pub stats: bool,
    /// What has no column of its own.
    pub document: bool,
    /// Its name is not the one that it is found by.
    pub name: bool,
    /// There is no record of what this program wrote: the row is older than such records, or
    /// another program made it.
    pub is_unknown: bool,
}

/// The characters of a world.
#[async_trait]
pub trait Profiles: Send + Sync {
    /// The character of a user, if there is one.
    async fn find_character(&self, user_id: &UserId) -> Result<Option<CharacterProfile>, StoreError>;

    /// A character by its id.
    async fn load_character(&self, character_id: CharacterId) -> Result<Option<CharacterProfile>, StoreError>;

    /// Makes a character. If the user got one meanwhile, that one is returned. Those that are asked
    /// for at the same time are written together, each as if it were alone and in the order in
    /// which they were asked for.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`] when another user's character has the name, or one that looks like
    /// it.
    async fn create_character(&self, character: &NewCharacter) -> Result<CharacterProfile, StoreError>;

    /// Notes a bootstrap of a character that never entered the world, so that it is not deleted
    /// meanwhile. False when there is none, or it has entered.
    async fn renew_newcomer(&self, character_id: CharacterId) -> Result<bool, StoreError>;

    /// Who is called what, the oldest character first.
    async fn names(&self) -> Result<Vec<NamedCharacter>, StoreError>;

    /// The profiles with values that this program did not write, and those without a record of what
    /// it wrote.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] names the row that cannot be read.
    async fn changed_by_hand(&self) -> Result<Vec<HandChange>, StoreError>;
}
