//! Bootstrap: from a verified user to a session with a ticket (T008, T034, T041).

use std::net::IpAddr;
use std::sync::Arc;

use rand::RngExt as _;
use tilemud_persist::store::{CharacterProfile, NewCharacter, SessionRecord, Store, StoreError};
use tilemud_schema::rest::Character;
use tilemud_schema::{CharacterId, CharacterState, ErrorCode, ReconnectGrant, SessionId, Timestamp, UserId};
use tilemud_sim::api::Identity;
use tilemud_vitals::clock;
use tokio::time::Instant;
use uuid::Uuid;

use super::realm::Realm;
use super::registry::{Entrant, Issued, NewSession};
use super::secret::{Secret, SecretHash};
use super::state::Session;
use super::tokens::Tokens;
use crate::error::ApiError;
use crate::journal;
use crate::visitors::{Class, Visitors};

/// Health of a new character.
const NEW_HEALTH: i32 = 100;

/// Player looks there are; named `traveller_1` and so on.
const LOOKS: u32 = 8;

/// Names to try for somebody who gives none.
const MADE_UP_NAMES_MAX: usize = 16;

/// A character that never entered the world is marked as in use again after this time without a
/// bootstrap.
const NEWCOMER_RENEWED_MS: i64 = 24 * 3_600 * 1_000;

/// How long a stored session may be kept for its player; the process decides earlier, see
/// [`Registry`](super::Registry).
const RECORD_LIFETIME_MS: i64 = 30 * 24 * 3_600 * 1_000;

/// What a bootstrap answers with.
pub(crate) struct Admission {
    pub(crate) session: Arc<Session>,
    pub(crate) ticket: String,
    pub(crate) ticket_expires_at: Timestamp,
    pub(crate) reconnect: ReconnectGrant,
}

/// Admits a user from this address: to the same session with a good reconnect token, else to a
/// fresh one.
///
/// # Errors
/// CAPACITY_FULL, NAME_TAKEN, INTENT_INVALID (name), RATE_LIMITED (new characters), UNAVAILABLE.
pub(crate) async fn admit(
    realm: &Realm,
    visitors: &Visitors,
    user_id: UserId,
    address: IpAddr,
    display_name: Option<&str>,
    reconnect_token: Option<&str>,
) -> Result<Admission, ApiError> {
    if let Some(presented) = reconnect_token {
        realm.metrics.sessions.reconnect_attempt(realm.returning.counts(&user_id, Instant::now()));
        if let Some(admission) = resume(realm, &user_id, SecretHash::of(presented)).await? {
            return Ok(admission);
        }
    }
    let (ticket, token) = (Secret::new(), Secret::new());
    let (profile, live) =
        newest(realm, &user_id, || character_of(realm, visitors, &user_id, address, display_name)).await?;
    let character = as_of_now(realm, &profile, live.as_deref());
    let identity = Identity { session_id: SessionId(Uuid::now_v7()), user_id, character_id: profile.character_id };
    let new = NewSession { identity: Arc::new(identity), character };
    let issued = Issued { ticket: ticket.hash(), token: token.hash() };
    let Entrant { session, superseded } = realm.registry.insert(new, issued, Instant::now())?;
    journal::superseded(superseded.as_deref().map(|session| &*session.identity));
    journal::bootstrap(&session.identity, false);
    // Nothing is stored yet: a session that never had a connection has nothing to come back to.
    Ok(admission(realm, session, ticket, token))
}

/// The session that a token is good for, with its ticket, if there is one.
async fn resume(realm: &Realm, user_id: &UserId, presented: SecretHash) -> Result<Option<Admission>, ApiError> {
    let session = match realm.registry.find_token(user_id, presented) {
        Some(session) => session,
        None => match restore(realm, user_id, presented).await? {
            Some(session) => session,
            None => return Ok(None),
        },
    };
    let (ticket, token) = (Secret::new(), Secret::new());
    let issued = Issued { ticket: ticket.hash(), token: token.hash() };
    let locked = session.tokens_lock.lock().await;
    let Some(tokens) = realm.registry.present(session.key, presented, issued, Instant::now()) else { return Ok(None) };
    if session.is_stored() {
        realm.store_tokens(&session, &tokens).await?;
    }
    drop(locked);
    journal::bootstrap(&session.identity, true);
    Ok(Some(admission(realm, session, ticket, token)))
}

/// A session from before the start of this process, as the store knows it. The cache may say where
/// to look, so that all reads run at once; its answer is used only where the store confirms it.
async fn restore(realm: &Realm, user_id: &UserId, presented: SecretHash) -> Result<Option<Arc<Session>>, ApiError> {
    if !realm.registry.may_restore(Instant::now()) {
        return Ok(None);
    }
    let read = async |session_id, character_id| {
        let character = newest(realm, user_id, || realm.store.load_character(character_id));
        tokio::try_join!(character, realm.store.last_seq(session_id))
    };
    let find = realm.store.find_session(&presented.0);
    let (record, hinted) = match realm.tokens.find(user_id, presented).await {
        Some(hint) => {
            let (record, known) = tokio::join!(find, read(hint.session_id, hint.character_id));
            (record?, Some((hint.session_id, hint.character_id, known)))
        }
        None => (find.await?, None),
    };
    let Some(record) = record.filter(|record| record.user_id == *user_id && record.token_expires_at > clock::now())
    else {
        return Ok(None);
    };
    let is_of = |session_id, character_id| (session_id, character_id) == (record.session_id, record.character_id);
    let ((profile, live), last_seq) = match hinted {
        Some((session_id, character_id, known)) if is_of(session_id, character_id) => known?,
        _ => read(record.session_id, record.character_id).await?,
    };
    let Some(profile) = profile else { return Ok(None) };
    let identity =
        Identity { session_id: record.session_id, user_id: user_id.clone(), character_id: record.character_id };
    let new = NewSession { identity: Arc::new(identity), character: as_of_now(realm, &profile, live.as_deref()) };
    let restored = realm.registry.restore(new, presented, Instant::now())?;
    if let Some(Entrant { session, superseded }) = &restored {
        journal::superseded(superseded.as_deref().map(|session| &*session.identity));
        session.wire.lock().resumed = true;
        session.note_stored((SecretHash(record.token_hash), record.previous_token_hash.map(SecretHash)));
        session.note_seq(last_seq);
    }
    Ok(restored.map(|entrant| entrant.session))
}

/// Reads a user's character as of the last commit, and its session in the world, if there is one.
/// While a character is in the world, its stored profile is up to a second behind; once it has
/// left, it is exact.
pub(crate) async fn newest<T, E, F: Future<Output = Result<T, E>> + Send>(
    realm: &Realm,
    user_id: &UserId,
    read: impl Fn() -> F,
) -> Result<(T, Option<Arc<Session>>), E> {
    let before = realm.registry.find_user(user_id);
    let stored = read().await?;
    let live = realm.registry.find_user(user_id);
    let has_left_meanwhile = before.is_some() && live.is_none();
    Ok((if has_left_meanwhile { read().await? } else { stored }, live))
}

/// The character as of the last commit, from what [`newest`] gave.
pub(crate) fn as_of_now(realm: &Realm, profile: &CharacterProfile, live: Option<&Session>) -> Character {
    live.map_or_else(|| to_character(profile, realm), Session::character)
}

fn admission(realm: &Realm, session: Arc<Session>, ticket: Secret, token: Secret) -> Admission {
    let ttl = realm.registry.settings().ticket_ttl;
    let ticket_expires_at = clock::now().plus_millis(i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX));
    Admission { session, ticket: ticket.reveal(), ticket_expires_at, reconnect: realm.grant(token) }
}

impl Realm {
    /// A reconnect token as its owner gets it.
    pub(crate) fn grant(&self, token: Secret) -> ReconnectGrant {
        ReconnectGrant { token: token.reveal(), expires_at: self.tokens.expiry(), issued_at: Some(clock::now()) }
    }

    /// Stores the tokens of a session durably, as hashes, and then in the cache. To be called with
    /// its tokens locked.
    pub(crate) async fn store_tokens(&self, session: &Session, tokens: &Tokens) -> Result<(), ApiError> {
        let (newest, before) = tokens.to_store();
        let now = clock::now();
        let record = SessionRecord {
            session_id: session.identity.session_id,
            user_id: session.identity.user_id.clone(),
            character_id: session.identity.character_id,
            token_hash: newest.0,
            previous_token_hash: before.map(|before| before.0),
            token_expires_at: now.plus_millis(RECORD_LIFETIME_MS),
            started_at: now,
        };
        self.session_writer.save(record).await?;
        let before = session.note_stored((newest, before));
        self.tokens.keep(session, before);
        Ok(())
    }
}

/// A stored character as its owner sees it.
fn to_character(profile: &CharacterProfile, realm: &Realm) -> Character {
    let CharacterProfile { character_id, state, .. } = profile.clone();
    Character { character_id, state: realm.shown(character_id, state) }
}

async fn character_of(
    realm: &Realm,
    visitors: &Visitors,
    user_id: &UserId,
    address: IpAddr,
    name: Option<&str>,
) -> Result<CharacterProfile, ApiError> {
    if let Some(profile) = realm.store.find_character(user_id).await? {
        let is_old = clock::now() > profile.updated_at.plus_millis(NEWCOMER_RENEWED_MS);
        if profile.state.position.is_some() || !is_old {
            return Ok(profile);
        }
        // Else it could be forgotten while its player is on the way in. When it just was, there
        // will be a new one.
        realm.store.renew_newcomer(profile.character_id).await?;
        if let Some(profile) = realm.store.find_character(user_id).await? {
            return Ok(profile);
        }
    }
    let name = name.map(|name| checked_name(realm, name)).transpose()?;
    let taken = visitors.take(Class::NewCharacter, address)?;
    let (store, user_id) = (Arc::clone(&realm.store), user_id.clone());
    // To its end, also when its player goes away: only then is it known whether it counts.
    let made = tokio::spawn(async move {
        let character_id = CharacterId(Uuid::now_v7());
        let made = make_character(&*store, character_id, user_id, name).await;
        // Somebody who asks several times at once gets one.
        if !made.as_ref().is_ok_and(|made| made.character_id == character_id) {
            taken.give_back();
        }
        made
    });
    made.await.map_err(|error| ApiError::caused(ErrorCode::Internal, error))?
}

/// Makes the character of a user who has none, under this name or one that is made up.
async fn make_character(
    store: &dyn Store,
    character_id: CharacterId,
    user_id: UserId,
    name: Option<String>,
) -> Result<CharacterProfile, ApiError> {
    let look = rand::rng().random_range(1..=LOOKS);
    let mut new = NewCharacter {
        character_id,
        user_id,
        state: CharacterState {
            look: format!("traveller_{look}").into(),
            health: NEW_HEALTH,
            ..CharacterState::default()
        },
    };
    if let Some(name) = name {
        new.state.display_name = name.into();
        return Ok(store.create_character(&new).await?);
    }
    for _ in 0..MADE_UP_NAMES_MAX {
        new.state.display_name = format!("Traveller {}", rand::rng().random_range(1_000..1_000_000)).into();
        match store.create_character(&new).await {
            Err(StoreError::NameTaken) => {}
            created => return Ok(created?),
        }
    }
    Err(ErrorCode::NameTaken.into())
}

/// The name that a text stands for (FR-031).
fn checked_name(realm: &Realm, text: &str) -> Result<String, ApiError> {
    let refused = |reason| ApiError::field(ErrorCode::IntentInvalid, "display_name", reason);
    let name = tilemud_names::checked(text).map_err(|fault| refused(fault.to_string()))?;
    if realm.reserved_names.holds(&name) {
        return Err(refused("this name is kept for those who run the game".to_owned()));
    }
    Ok(name)
}
