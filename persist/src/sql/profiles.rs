//! Characters and issuers.

use std::sync::Arc;

use async_trait::async_trait;
use tilemud_schema::{CharacterId, UserId};
use tokio::sync::oneshot::error::TryRecvError;
use tokio::time::{Instant, timeout_at};

use super::creations::{New, Waiting};
use super::rows::{Columns, issuer, named, profile};
use super::{Sql, Value};
use crate::column::now;
use crate::connections::{PERMIT_TIMEOUT, unavailable};
use crate::failure::Shared;
use crate::store::{
    CharacterProfile, HandChange, Issuers, KnownIssuer, NamedCharacter, NewCharacter, Profiles, StoreError,
};
use crate::written::{Written, has_lost_position, in_row};

const BY_USER: &str = "SELECT * FROM character_profiles WHERE world_id = $1 AND user_id = $2";
const BY_ID: &str = "SELECT * FROM character_profiles WHERE world_id = $1 AND character_id = $2";
const ALL: &str = "SELECT * FROM character_profiles WHERE world_id = $1 ORDER BY character_id";

/// All names, the oldest character first.
pub(crate) const NAMES: &str = "
    SELECT character_id, user_id, display_name FROM character_profiles WHERE world_id = $1
    ORDER BY created_at, character_id";

const RENEW: &str = "
    UPDATE character_profiles SET updated_at = $3
    WHERE world_id = $1 AND character_id = $2 AND position_x IS NULL";

async fn read(
    store: &impl Sql,
    statement: &'static str,
    value: Value<'_>,
) -> Result<Option<CharacterProfile>, StoreError> {
    let profile = store.row(statement, &[value]).await?.as_ref().map(profile).transpose()?;
    profile.iter().for_each(|profile| store.versions().note_read(profile));
    Ok(profile)
}

/// The id of a row that may be unreadable.
fn shown_id(row: &impl Columns) -> String {
    let id = row.id("character_id").map(|id| id.to_string());
    id.or_else(|_| row.text("character_id").map(|text| text.to_string())).unwrap_or_else(|_| "?".to_owned())
}

/// Writes a character with the keys of its name, or nothing when the user or the name is taken;
/// which of them, the caller finds out. A call that is dropped while it writes leaves the others
/// their turn: to write a character twice is harmless.
async fn insert(store: &impl Sql, character: &NewCharacter) -> Result<(), StoreError> {
    let creations = store.creations();
    let new = Arc::new(New::of(character)?);
    let mut answered = creations.queue(&new)?;
    let deadline = Instant::now() + PERMIT_TIMEOUT;
    loop {
        let turn = tokio::select! {
            biased;
            answer = &mut answered => match answer {
                Ok(answer) => return answer,
                // Who wrote it was dropped; what came of it is not known, and it is written again.
                Err(_) => {
                    answered = creations.queue(&new)?;
                    continue;
                }
            },
            turn = timeout_at(deadline, creations.turn.lock()) => turn.map_err(unavailable)?,
        };
        // Between the two it may have been answered.
        match answered.try_recv() {
            Ok(answer) => return answer,
            Err(TryRecvError::Closed) => answered = creations.queue(&new)?,
            Err(TryRecvError::Empty) => {}
        }
        write(store, creations.next()).await;
        drop(turn);
    }
}

/// Writes some together and answers each.
async fn write(store: &impl Sql, group: Vec<Waiting>) {
    let characters: Vec<&New> = group.iter().map(|waiting| &*waiting.new).collect();
    let together = match store.insert_characters(&characters).await {
        Ok(true) => Some(Ok(())),
        // Somebody else took a name meanwhile, or one of them is refused for good: each is judged
        // by itself.
        Ok(false) | Err(StoreError::Rejected(_)) => None,
        Err(error) => Some(Err(Arc::new(error))),
    };
    for waiting in group {
        let outcome = match &together {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) => Err(Shared::error(error)),
            None => store.insert_characters(&[&waiting.new]).await.map(drop),
        };
        let _ = waiting.answer.send(outcome);
    }
}

#[async_trait]
impl<S: Sql> Profiles for S {
    async fn find_character(&self, user_id: &UserId) -> Result<Option<CharacterProfile>, StoreError> {
        read(self, BY_USER, Value::Text(&user_id.0)).await
    }

    async fn load_character(&self, character_id: CharacterId) -> Result<Option<CharacterProfile>, StoreError> {
        read(self, BY_ID, Value::Id(character_id.0)).await
    }

    async fn create_character(&self, character: &NewCharacter) -> Result<CharacterProfile, StoreError> {
        insert(self, character).await?;
        self.find_character(&character.user_id).await?.ok_or(StoreError::NameTaken)
    }

    async fn renew_newcomer(&self, character_id: CharacterId) -> Result<bool, StoreError> {
        Ok(self.change(RENEW, &[Value::Id(character_id.0), Value::Time(now())]).await? == 1)
    }

    async fn names(&self) -> Result<Vec<NamedCharacter>, StoreError> {
        self.rows(NAMES, &[]).await?.iter().map(named).collect()
    }

    async fn changed_by_hand(&self) -> Result<Vec<HandChange>, StoreError> {
        let mut changes = Vec::new();
        for row in self.rows(ALL, &[]).await? {
            let profile = profile(&row).map_err(|error| in_row(&shown_id(&row), error))?;
            let written = Written {
                body: row.maybe_number("written_body")?,
                inventory: row.maybe_number("written_inventory")?,
                stats: row.maybe_number("written_stats")?,
                document: row.maybe_number("written_state")?,
            };
            let (x, y) = (row.maybe_small("position_x")?, row.maybe_small("position_y")?);
            let has_lost = has_lost_position(x, y, row.number("projected_tick")?);
            changes.extend(written.differs(profile, &row.text("display_name_folded")?, has_lost));
        }
        Ok(changes)
    }
}

#[async_trait]
impl<S: Sql> Issuers for S {
    async fn issuers(&self) -> Result<Vec<KnownIssuer>, StoreError> {
        let list = "SELECT issuer, linked_to FROM world_issuers WHERE world_id = $1 ORDER BY noted_at, issuer";
        self.rows(list, &[]).await?.iter().map(issuer).collect()
    }

    async fn note_issuer(&self, issuer: &KnownIssuer) -> Result<(), StoreError> {
        let note = "INSERT INTO world_issuers (world_id, issuer, linked_to, noted_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (world_id, issuer) DO UPDATE SET linked_to = excluded.linked_to";
        let linked_to = Value::MaybeText(issuer.linked_to.as_deref());
        self.change(note, &[Value::Text(&issuer.issuer), linked_to, Value::Time(now())]).await.map(drop)
    }
}
