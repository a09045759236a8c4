//! Bootstrap: from a verified user to a session with a ticket (T008, T034, T041).

use std::sync::Arc;

use rand::RngExt as _;
use tilemud_persist::store::{CharacterProfile, NewCharacter, SessionRecord, StoreError};
use tilemud_schema::limits::DISPLAY_NAME_CHARS_MAX;
use tilemud_schema::rest::Character;
use tilemud_schema::{CharacterId, ErrorCode, ReconnectGrant, SessionId, Timestamp, UserId, is_display_name};
use tilemud_sim::api::Identity;
use tokio::time::Instant;
use uuid::Uuid;

use super::{NewSession, Secret, SecretHash, Session};
use crate::clock;
use crate::edge::Edge;
use crate::error::ApiError;

/// Health of a new character.
const NEW_HEALTH: i32 = 100;

/// Player looks there are; named `traveller_1` and so on.
const LOOKS: u32 = 8;

/// Names to try for somebody who gives none.
const MADE_UP_NAMES_MAX: usize = 16;

/// What a bootstrap answers with.
pub(crate) struct Admission {
    pub(crate) session: Arc<Session>,
    pub(crate) ticket: String,
    pub(crate) ticket_expires_at: Timestamp,
    pub(crate) reconnect: ReconnectGrant,
}

/// Lets a user in: the same session again with a good reconnect token, else a fresh one.
///
/// # Errors
/// CAPACITY_FULL, NAME_TAKEN, INTENT_INVALID (name), UNAVAILABLE.
pub(crate) async fn admit(
    edge: &Edge,
    user_id: UserId,
    display_name: Option<&str>,
    reconnect_token: Option<&str>,
) -> Result<Admission, ApiError> {
    let (ticket, token) = (Secret::new(), Secret::new());
    let now = Instant::now();
    if let Some(presented) = reconnect_token {
        edge.metrics.reconnect_attempt();
        let presented = SecretHash::of(presented);
        if let Some(session) = edge.registry.resume(&user_id, presented, ticket.hash(), token.hash(), now) {
            return finish(edge, session, ticket, token).await;
        }
        if let Some(record) = edge.store.find_session(&presented.0).await?
            && record.user_id == user_id
            && record.token_expires_at > clock::now()
            && edge.registry.find(record.session_id).is_none()
            && let Some(profile) = edge.store.load_character(record.character_id).await?
        {
            let last_seq = edge.store.last_seq(record.session_id).await?;
            let identity = Identity { session_id: record.session_id, user_id, character_id: record.character_id };
            let session = insert(edge, identity, &profile, &ticket, &token)?;
            session.wire.lock().resumed = true;
            session.note_seq(last_seq);
            return finish(edge, session, ticket, token).await;
        }
    }
    let profile = character_of(edge, &user_id, display_name).await?;
    let identity = Identity { session_id: SessionId(Uuid::now_v7()), user_id, character_id: profile.character_id };
    let session = insert(edge, identity, &profile, &ticket, &token)?;
    finish(edge, session, ticket, token).await
}

fn insert(
    edge: &Edge,
    identity: Identity,
    profile: &CharacterProfile,
    ticket: &Secret,
    token: &Secret,
) -> Result<Arc<Session>, ApiError> {
    // Somebody who is in the world already has newer durable state than the projection.
    let in_world = edge.registry.find_user(&identity.user_id);
    let character = in_world.map_or_else(|| to_character(profile, edge), |session| session.character());
    edge.registry.insert(
        NewSession { identity: Arc::new(identity), character, ticket: ticket.hash(), token: token.hash() },
        Instant::now(),
    )
}

async fn finish(edge: &Edge, session: Arc<Session>, ticket: Secret, token: Secret) -> Result<Admission, ApiError> {
    let reconnect = edge.save_token(&session, token).await?;
    let ttl = edge.registry.settings().ticket_ttl;
    let ticket_expires_at = clock::now().plus_millis(i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX));
    Ok(Admission { session, ticket: ticket.reveal(), ticket_expires_at, reconnect })
}

impl Edge {
    /// Makes a reconnect token durable, as a hash, and hands it out.
    pub(crate) async fn save_token(&self, session: &Session, token: Secret) -> Result<ReconnectGrant, ApiError> {
        // Good while the session lives and may come back: both windows.
        let settings = self.registry.settings();
        let lifetime = settings.inactivity_timeout + settings.reconnect_window;
        let now = clock::now();
        let expires_at = now.plus_millis(i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX));
        self.store
            .save_session(&SessionRecord {
                session_id: session.identity.session_id,
                user_id: session.identity.user_id.clone(),
                character_id: session.identity.character_id,
                token_hash: token.hash().0,
                previous_token_hash: None,
                token_expires_at: expires_at,
                started_at: now,
            })
            .await?;
        Ok(ReconnectGrant { token: token.reveal(), expires_at })
    }
}

/// A stored character as its owner sees it.
pub(crate) fn to_character(profile: &CharacterProfile, edge: &Edge) -> Character {
    Character {
        character_id: profile.character_id,
        display_name: profile.display_name.clone(),
        position: profile.position.unwrap_or_else(|| edge.world.spawn.choose(profile.character_id)),
        health: profile.health,
        stats: (*profile.stats).clone(),
        inventory: (*profile.inventory).clone(),
    }
}

async fn character_of(edge: &Edge, user_id: &UserId, name: Option<&str>) -> Result<CharacterProfile, ApiError> {
    if let Some(profile) = edge.store.find_character(user_id).await? {
        return Ok(profile);
    }
    let character_id = CharacterId(Uuid::now_v7());
    let look = rand::rng().random_range(1..=LOOKS);
    let mut new = NewCharacter {
        character_id,
        user_id: user_id.clone(),
        display_name: "".into(),
        look: format!("traveller_{look}").into(),
        health: NEW_HEALTH,
        inventory: Arc::default(),
        stats: Arc::default(),
    };
    if let Some(name) = name {
        new.display_name = checked_name(name)?.into();
        return Ok(edge.store.create_character(&new).await?);
    }
    for _ in 0..MADE_UP_NAMES_MAX {
        new.display_name = format!("Traveller {}", rand::rng().random_range(1_000..1_000_000)).into();
        match edge.store.create_character(&new).await {
            Err(StoreError::NameTaken) => {}
            created => return Ok(created?),
        }
    }
    Err(ErrorCode::NameTaken.into())
}

fn checked_name(name: &str) -> Result<&str, ApiError> {
    let name = name.trim();
    if is_display_name(name) {
        return Ok(name);
    }
    let reason = format!("1 to {DISPLAY_NAME_CHARS_MAX} characters without control characters are allowed");
    Err(ApiError::field(ErrorCode::IntentInvalid, "display_name", reason))
}
