//! The table of sessions and every move of their status:
//! connecting -> active -> reconnecting -> active; any of them -> terminating -> gone.
//!
//! All methods are short and hold one lock; none waits. Counting and inserting happen under the
//! same lock, so capacity is exact under concurrent joins.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tilemud_schema::rest::{Character, SessionStatus};
use tilemud_schema::{CharacterId, CloseCode, Details, ErrorCode, ReconnectGrant, SessionId, UserId};
use tilemud_sim::api::{Identity, SessionKey};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::{SecretHash, Session};
use crate::connection::outbox::Outbox;
use crate::error::ApiError;

/// How long a full server asks people to wait.
const CAPACITY_RETRY_MS: u64 = 5_000;

/// All sessions of the process.
#[derive(Debug)]
pub struct Registry {
    settings: Settings,
    table: Mutex<Table>,
    departures: Notify,
}

/// What the operator chose.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Sessions at most.
    pub max_sessions: usize,
    /// FR-017.
    pub inactivity_timeout: Duration,
    /// How long a lost connection may take to come back.
    pub reconnect_window: Duration,
    /// How long a ticket is good.
    pub ticket_ttl: Duration,
}

#[derive(Debug, Default)]
struct Table {
    entries: HashMap<SessionKey, Entry>,
    by_id: HashMap<SessionId, SessionKey>,
    /// The newest session of a user that has had a connection.
    by_user: HashMap<UserId, SessionKey>,
    /// The newest session of a user that waits for its first connection.
    connecting: HashMap<UserId, SessionKey>,
    /// Sessions that count against the capacity: all but those that terminate.
    live: usize,
    next_key: u64,
    next_connection: u64,
}

#[derive(Debug)]
struct Entry {
    session: Arc<Session>,
    status: SessionStatus,
    /// When the status was entered.
    since: Instant,
    ticket: Option<Ticket>,
    token: SecretHash,
    /// Number of the live connection.
    connection: Option<u64>,
    in_world: bool,
}

#[derive(Debug)]
struct Ticket {
    hash: SecretHash,
    expires: Instant,
}

/// A session to be let in.
pub(crate) struct NewSession {
    pub(crate) identity: Arc<Identity>,
    pub(crate) character: Character,
    pub(crate) ticket: SecretHash,
    pub(crate) token: SecretHash,
}

/// A connection that holds its session now.
#[derive(Debug)]
pub(crate) struct Connected {
    pub(crate) session: Arc<Session>,
    /// For [`Registry::disconnected`].
    pub(crate) connection: u64,
    /// Whether the character must be put into the world.
    pub(crate) must_join: bool,
}

/// A session that leaves the world.
#[derive(Debug)]
pub(crate) struct Departure {
    pub(crate) session: Arc<Session>,
    /// Whether the world must be told.
    pub(crate) in_world: bool,
}

impl Registry {
    /// An empty table.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, table: Mutex::default(), departures: Notify::new() }
    }

    /// What the operator chose.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Sessions that count against the capacity.
    #[must_use]
    pub fn live(&self) -> usize {
        self.table.lock().live
    }

    /// A session and its status.
    pub(crate) fn find(&self, session_id: SessionId) -> Option<(Arc<Session>, SessionStatus)> {
        let table = self.table.lock();
        let entry = table.entries.get(table.by_id.get(&session_id)?)?;
        Some((Arc::clone(&entry.session), entry.status))
    }

    /// The session of a user that is in the world, if any.
    pub(crate) fn find_user(&self, user_id: &UserId) -> Option<Arc<Session>> {
        let table = self.table.lock();
        let entry = table.entries.get(table.by_user.get(user_id)?)?;
        Some(Arc::clone(&entry.session))
    }

    /// The session by its handle.
    pub(crate) fn get(&self, key: SessionKey) -> Option<Arc<Session>> {
        self.table.lock().entries.get(&key).map(|entry| Arc::clone(&entry.session))
    }

    /// The session a reconnect token belongs to, if it is this user's and the token is its current
    /// one. The token is used up and replaced.
    pub(crate) fn resume(
        &self,
        user_id: &UserId,
        presented: SecretHash,
        ticket: SecretHash,
        token: SecretHash,
        now: Instant,
    ) -> Option<Arc<Session>> {
        let mut table = self.table.lock();
        let key = *table.by_user.get(user_id)?;
        let entry = table.entries.get_mut(&key)?;
        if entry.token != presented || entry.status == SessionStatus::Terminating {
            return None;
        }
        entry.token = token;
        entry.ticket = Some(Ticket { hash: ticket, expires: now + self.settings.ticket_ttl });
        Some(Arc::clone(&entry.session))
    }

    /// Lets a session in, in status connecting.
    ///
    /// # Errors
    /// CAPACITY_FULL. A user who is in already does not need a second place.
    pub(crate) fn insert(&self, new: NewSession, now: Instant) -> Result<Arc<Session>, ApiError> {
        let mut table = self.table.lock();
        // A user holds one place however often they bootstrap.
        if let Some(earlier) = table.connecting.remove(&new.identity.user_id)
            && table.entries.get(&earlier).is_some_and(|entry| entry.status == SessionStatus::Connecting)
        {
            table.remove(earlier);
        }
        let replaces_live = table
            .by_user
            .get(&new.identity.user_id)
            .and_then(|key| table.entries.get(key))
            .is_some_and(|entry| entry.status != SessionStatus::Terminating);
        if table.live >= self.settings.max_sessions + usize::from(replaces_live) {
            let details = Details::Retry { retry_after_ms: CAPACITY_RETRY_MS };
            return Err(ApiError::with_details(ErrorCode::CapacityFull, details));
        }
        table.next_key += 1;
        let key = SessionKey(table.next_key);
        let session = Arc::new(Session::new(key, new.identity, new.character, now));
        table.by_id.insert(session.identity.session_id, key);
        table.connecting.insert(session.identity.user_id.clone(), key);
        table.live += 1;
        table.entries.insert(
            key,
            Entry {
                session: Arc::clone(&session),
                status: SessionStatus::Connecting,
                since: now,
                ticket: Some(Ticket { hash: new.ticket, expires: now + self.settings.ticket_ttl }),
                token: new.token,
                connection: None,
                in_world: false,
            },
        );
        Ok(session)
    }

    /// Uses up a ticket.
    ///
    /// # Errors
    /// SESSION_NOT_FOUND, TICKET_INVALID.
    pub(crate) fn take_ticket(
        &self,
        session_id: SessionId,
        presented: SecretHash,
        now: Instant,
    ) -> Result<Arc<Session>, ApiError> {
        let mut table = self.table.lock();
        let key = table.by_id.get(&session_id).copied().ok_or(ErrorCode::SessionNotFound)?;
        let entry = table.entries.get_mut(&key).ok_or(ErrorCode::SessionNotFound)?;
        match &entry.ticket {
            Some(ticket) if ticket.hash == presented && now < ticket.expires => {
                entry.ticket = None;
                Ok(Arc::clone(&entry.session))
            }
            _ => Err(ErrorCode::TicketInvalid.into()),
        }
    }

    /// Makes a connection the one of its session: status active. An older connection of the session
    /// and any other session of the user are told that they are replaced.
    pub(crate) fn connect(
        &self,
        session: &Arc<Session>,
        token: SecretHash,
        grant: ReconnectGrant,
        outbox: &Arc<Outbox>,
        now: Instant,
    ) -> Result<Connected, ApiError> {
        let mut table = self.table.lock();
        table.next_connection += 1;
        let connection = table.next_connection;
        let user_id = &session.identity.user_id;
        let earlier = table.by_user.get(user_id).copied().filter(|key| *key != session.key);
        if let Some(earlier) = earlier
            && let Some(entry) = table.entries.get_mut(&earlier)
            && entry.status != SessionStatus::Terminating
        {
            entry.status = SessionStatus::Terminating;
            entry.since = now;
            close(&entry.session, CloseCode::Replaced);
            let in_world = entry.in_world;
            table.live -= 1;
            if !in_world {
                table.remove(earlier);
            }
        }
        let entry = table.entries.get_mut(&session.key).ok_or(ErrorCode::SessionNotFound)?;
        if entry.status == SessionStatus::Terminating {
            return Err(ErrorCode::SessionNotFound.into());
        }
        let resumed = entry.in_world;
        let must_join = !entry.in_world;
        close(&entry.session, CloseCode::Replaced);
        entry.status = SessionStatus::Active;
        entry.since = now;
        entry.token = token;
        entry.connection = Some(connection);
        entry.in_world = true;
        {
            let mut wire = session.wire.lock();
            wire.outbox = Some(Arc::clone(outbox));
            wire.grant = Some(grant);
            wire.resumed |= resumed;
        }
        session.touch(now);
        table.by_user.insert(user_id.clone(), session.key);
        Ok(Connected { session: Arc::clone(session), connection, must_join })
    }

    /// A connection is gone: its session may come back within the window.
    pub(crate) fn disconnected(&self, key: SessionKey, connection: u64, now: Instant) {
        let mut table = self.table.lock();
        let Some(entry) = table.entries.get_mut(&key) else { return };
        if entry.connection != Some(connection) {
            return;
        }
        entry.connection = None;
        entry.session.wire.lock().outbox = None;
        if entry.status == SessionStatus::Active {
            entry.status = SessionStatus::Reconnecting;
            entry.since = now;
        }
    }

    /// Ends a session: status terminating until the world has let go of it.
    pub(crate) fn end(&self, key: SessionKey, code: CloseCode, now: Instant) -> Option<Departure> {
        let mut table = self.table.lock();
        let entry = table.entries.get_mut(&key)?;
        if entry.status == SessionStatus::Terminating {
            return None;
        }
        entry.status = SessionStatus::Terminating;
        entry.since = now;
        close(&entry.session, code);
        let departure = Departure { session: Arc::clone(&entry.session), in_world: entry.in_world };
        table.live -= 1;
        if !departure.in_world {
            table.remove(key);
        }
        Some(departure)
    }

    /// The world has let go of a session and its final state is durable: it is gone.
    pub(crate) fn departed(&self, key: SessionKey) {
        self.table.lock().remove(key);
        self.departures.notify_waiters();
    }

    /// Waits until no terminating session holds this character.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(crate) async fn wait_for_departure(&self, character_id: CharacterId) {
        loop {
            let departed = self.departures.notified();
            let held = self.table.lock().entries.values().any(|entry| {
                entry.status == SessionStatus::Terminating && entry.session.identity.character_id == character_id
            });
            if !held {
                return;
            }
            departed.await;
        }
    }

    /// Sessions whose time is up, with the reason; each has been ended.
    pub(crate) fn expire(&self, now: Instant) -> Vec<(Departure, CloseCode)> {
        let due: Vec<(SessionKey, CloseCode)> = {
            let table = self.table.lock();
            let settings = &self.settings;
            let mut due: Vec<_> = table
                .entries
                .iter()
                .filter_map(|(key, entry)| {
                    let expired = match entry.status {
                        SessionStatus::Connecting => now - entry.since >= settings.ticket_ttl,
                        SessionStatus::Active => now - entry.session.last_activity() >= settings.inactivity_timeout,
                        SessionStatus::Reconnecting => now - entry.since >= settings.reconnect_window,
                        SessionStatus::Terminating => false,
                    };
                    expired.then_some((*key, CloseCode::Inactivity))
                })
                .collect();
            due.sort_unstable_by_key(|(key, _)| *key);
            due
        };
        due.into_iter().filter_map(|(key, code)| Some((self.end(key, code, now)?, code))).collect()
    }

    /// Every session that is not terminating, in order of arrival.
    pub(crate) fn all(&self) -> Vec<Arc<Session>> {
        let table = self.table.lock();
        let mut all: Vec<_> = table
            .entries
            .values()
            .filter(|entry| entry.status != SessionStatus::Terminating)
            .map(|entry| Arc::clone(&entry.session))
            .collect();
        all.sort_unstable_by_key(|session| session.key);
        all
    }
}

impl Table {
    fn remove(&mut self, key: SessionKey) {
        let Some(entry) = self.entries.remove(&key) else { return };
        let identity = &entry.session.identity;
        if self.by_id.get(&identity.session_id) == Some(&key) {
            self.by_id.remove(&identity.session_id);
        }
        for index in [&mut self.by_user, &mut self.connecting] {
            if index.get(&identity.user_id) == Some(&key) {
                index.remove(&identity.user_id);
            }
        }
        if entry.status != SessionStatus::Terminating {
            self.live -= 1;
        }
    }
}

/// Says goodbye to the live connection of a session, if there is one.
fn close(session: &Session, code: CloseCode) {
    if let Some(outbox) = session.wire.lock().outbox.take() {
        outbox.close(code);
    }
}
