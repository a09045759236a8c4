//! The data behind the [`registry`](super::registry): entries, indexes and counts, kept consistent
//! by [`Table::apply`], the only way a session changes its status. Holds no lock and waits for
//! nothing.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tilemud_schema::rest::SessionStatus;
use tilemud_schema::{CharacterId, SessionId, UserId};
use tilemud_sim::api::SessionKey;
use tokio::time::Instant;

use super::capacity::Capacity;
use super::secret::SecretHash;
use super::state::Session;
use super::status::{self, Event, Step, Times};
use super::tokens::Tokens;

/// All sessions and what finds them.
#[derive(Debug, Default)]
pub(super) struct Table {
    entries: HashMap<SessionKey, Entry>,
    by_id: HashMap<SessionId, SessionKey>,
    users: HashMap<UserId, Sessions>,
    /// Characters of terminating sessions, each with how many there are.
    leaving: HashMap<CharacterId, u32>,
    /// Users that hold a place, each with how many of their sessions do.
    places: HashMap<UserId, u32>,
    /// What these places are part of.
    capacity: Capacity,
    /// Sessions that have ended; their stored records may still exist.
    pub(super) ended: HashSet<SessionId>,
    next_key: u64,
}

/// The sessions of one user, at most one of each kind.
#[derive(Debug, Default)]
struct Sessions {
    /// The newest that has had a connection.
    in_world: Option<SessionKey>,
    /// The newest that waits for its first connection.
    connecting: Option<SessionKey>,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) session: Arc<Session>,
    pub(super) status: SessionStatus,
    /// When the status was entered.
    pub(super) since: Instant,
    pub(super) ticket: Option<Ticket>,
    pub(super) tokens: Tokens,
    /// Number of the live connection.
    pub(super) connection: Option<u64>,
    /// Number of the newest connection it ever had.
    pub(super) last_connection: u64,
    /// While it waited for its first connection, another session of the user began to leave the
    /// world: the character loaded before that is out of date.
    pub(super) is_overtaken: bool,
}

/// What a bootstrap handed out for one connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ticket {
    pub(super) hash: SecretHash,
    pub(super) expires: Instant,
    /// The reconnect token handed out with it.
    pub(super) token: SecretHash,
}

/// What an event has done to a session.
#[derive(Debug)]
pub(super) struct Applied {
    pub(super) session: Arc<Session>,
    pub(super) from: SessionStatus,
    pub(super) step: Step,
}

impl Entry {
    /// Whether a reconnect token would bring this session back.
    pub(super) fn is_good(&self, presented: SecretHash) -> bool {
        self.status != SessionStatus::Terminating && self.tokens.is_good(presented)
    }

    pub(super) fn times(&self) -> Times {
        Times {
            since: self.since,
            last_activity: self.session.last_activity(),
            ticket_expires: self.ticket.map(|ticket| ticket.expires),
        }
    }
}

impl Table {
    /// Users that hold a place.
    pub(super) fn places(&self) -> usize {
        self.places.len()
    }

    /// With places that are part of these.
    pub(super) fn sharing(capacity: Capacity) -> Self {
        let mut table = Self::default();
        table.capacity = capacity;
        table
    }

    /// Forgets everybody.
    pub(super) fn clear(&mut self) {
        *self = Self::sharing(self.capacity.clone());
    }

    /// Makes sure of a place for the user, whose session is inserted next; false when there is none
    /// of so many.
    pub(super) fn takes_place(&self, user_id: &UserId, max: usize) -> bool {
        self.places.contains_key(user_id) || self.capacity.take(max)
    }

    pub(super) fn is_leaving(&self, character_id: CharacterId) -> bool {
        self.leaving.contains_key(&character_id)
    }

    pub(super) fn next_key(&mut self) -> SessionKey {
        self.next_key += 1;
        SessionKey(self.next_key)
    }

    pub(super) fn get(&self, key: SessionKey) -> Option<&Entry> {
        self.entries.get(&key)
    }

    pub(super) fn get_mut(&mut self, key: SessionKey) -> Option<&mut Entry> {
        self.entries.get_mut(&key)
    }

    pub(super) fn key_of(&self, session_id: SessionId) -> Option<SessionKey> {
        self.by_id.get(&session_id).copied()
    }

    /// The user's session in the world.
    pub(super) fn in_world(&self, user_id: &UserId) -> Option<SessionKey> {
        self.users.get(user_id)?.in_world
    }

    /// The user's session that waits for its first connection.
    pub(super) fn connecting(&self, user_id: &UserId) -> Option<SessionKey> {
        self.users.get(user_id)?.connecting
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (SessionKey, &Entry)> {
        self.entries.iter().map(|(key, entry)| (*key, entry))
    }

    /// Adds a session in status connecting. Returns the earlier one in that status, which it
    /// replaces.
    pub(super) fn insert(
        &mut self,
        session: Arc<Session>,
        tokens: Tokens,
        ticket: Option<Ticket>,
        now: Instant,
    ) -> Option<Arc<Session>> {
        let key = session.key;
        let user_id = session.identity.user_id.clone();
        let earlier = self.users.entry(user_id.clone()).or_default().connecting.replace(key);
        *self.places.entry(user_id).or_default() += 1;
        let superseded = earlier.and_then(|earlier| self.remove(earlier));
        if let Some(session) = &superseded {
            session.wire.lock().superseded = true;
        }
        self.by_id.insert(session.identity.session_id, key);
        let status = SessionStatus::Connecting;
        let (connection, last_connection, is_overtaken) = (None, 0, false);
        let entry = Entry { session, status, since: now, ticket, tokens, connection, last_connection, is_overtaken };
        self.entries.insert(key, entry);
        superseded
    }

    /// Makes a session the one of its user in the world. Returns the key of the previous one.
    pub(super) fn take_world(&mut self, session: &Session) -> Option<SessionKey> {
        let sessions = self.users.entry(session.identity.user_id.clone()).or_default();
        if sessions.connecting == Some(session.key) {
            sessions.connecting = None;
        }
        sessions.in_world.replace(session.key).filter(|earlier| *earlier != session.key)
    }

    /// Applies an event to a session: status, counts and indexes change, and its connection is
    /// notified. The caller does the rest of the step. `None` when the event is ignored in its
    /// status.
    pub(super) fn apply(&mut self, key: SessionKey, event: Event, now: Instant) -> Option<Applied> {
        let entry = self.entries.get_mut(&key)?;
        let (from, step) = (entry.status, status::step(entry.status, event)?);
        let session = Arc::clone(&entry.session);
        if let Some(code) = step.close
            && let Some(outbox) = session.wire.lock().outbox.take()
        {
            outbox.close(code);
        }
        match step.to {
            None => {
                self.remove(key);
            }
            Some(to) => {
                entry.status = to;
                entry.since = now;
                if to == SessionStatus::Terminating {
                    entry.ticket = None;
                    *self.leaving.entry(session.identity.character_id).or_default() += 1;
                    let connecting = self.users.get(&session.identity.user_id).and_then(|sessions| sessions.connecting);
                    if let Some(waiting) = connecting.and_then(|key| self.entries.get_mut(&key)) {
                        waiting.is_overtaken = true;
                    }
                    self.ended.insert(session.identity.session_id);
                }
                if status::holds_place(from) && !status::holds_place(to) {
                    self.leave_place(&session.identity.user_id);
                }
            }
        }
        Some(Applied { session, from, step })
    }

    fn remove(&mut self, key: SessionKey) -> Option<Arc<Session>> {
        let entry = self.entries.remove(&key)?;
        let identity = &entry.session.identity;
        if self.by_id.get(&identity.session_id) == Some(&key) {
            self.by_id.remove(&identity.session_id);
        }
        if let Some(sessions) = self.users.get_mut(&identity.user_id) {
            for slot in [&mut sessions.in_world, &mut sessions.connecting] {
                slot.take_if(|held| *held == key);
            }
            if sessions.in_world.is_none() && sessions.connecting.is_none() {
                self.users.remove(&identity.user_id);
            }
        }
        if entry.status == SessionStatus::Terminating {
            take_one(&mut self.leaving, &identity.character_id);
        }
        if status::holds_place(entry.status) {
            self.leave_place(&entry.session.identity.user_id);
        }
        Some(entry.session)
    }

    fn leave_place(&mut self, user_id: &UserId) {
        if take_one(&mut self.places, user_id) {
            self.capacity.give_back(1);
        }
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        self.capacity.give_back(self.places.len());
    }
}

/// Decrements a count and removes it at 0, which is then told.
fn take_one<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, u32>, key: &K) -> bool {
    let Some(count) = counts.get_mut(key) else { return false };
    *count -= 1;
    let is_last = *count == 0;
    if is_last {
        counts.remove(key);
    }
    is_last
}
