//! The table of sessions as the rest of the edge uses it. [`status`](super::status) says what an
//! event does to a session, [`tokens`](super::tokens) which tokens are good.
//!
//! All methods are short and hold one lock; none waits, except [`Registry::wait_for_departure`].
//! Counting and inserting happen under the same lock, so capacity is exact under concurrent joins:
//! a user holds one place, however many sessions and connections they open or close at the time.

use std::sync::Arc;

use parking_lot::Mutex;
use tilemud_schema::rest::{Character, SessionStatus};
use tilemud_schema::{Details, ErrorCode, ReconnectGrant, ServerMessage, SessionId, UserId};
use tilemud_sim::api::{Identity, SessionKey};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::capacity::Capacity;
use super::secret::SecretHash;
use super::settings::Settings;
use super::state::Session;
use super::status::{self, End, Event, WorldStep};
use super::table::{Entry, Table, Ticket};
use super::tokens::Tokens;
use crate::error::ApiError;
use crate::limits::{PING_AFTER, SILENT_AFTER};
use crate::outbox::Outbox;
use crate::outbox::frame::OutFrame;

/// How long a full server asks people to wait.
const CAPACITY_RETRY_MS: u64 = 5_000;

/// All sessions of a world.
#[derive(Debug)]
pub struct Registry {
    settings: Settings,
    table: Mutex<Table>,
    departures: Notify,
    /// Sessions from before the start of this process may come back until then.
    restores_until: Instant,
}

/// A session to be let in.
pub(crate) struct NewSession {
    pub(crate) identity: Arc<Identity>,
    pub(crate) character: Character,
}

/// A session that has been let in.
#[derive(Debug)]
pub(crate) struct Entrant {
    pub(crate) session: Arc<Session>,
    /// The earlier session of the same user that still waited for its first connection; it has
    /// ended.
    pub(crate) superseded: Option<Arc<Session>>,
}

/// The hashes of what a bootstrap hands out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Issued {
    pub(crate) ticket: SecretHash,
    pub(crate) token: SecretHash,
}

/// A ticket that was good: what its connection may open.
pub(crate) struct Opening {
    pub(crate) session: Arc<Session>,
    /// The reconnect token handed out with the ticket.
    pub(crate) token: SecretHash,
    /// Whether the session has yet to enter the world.
    pub(crate) must_join: bool,
}

/// A connection that holds its session now.
#[derive(Debug)]
pub(crate) struct Connected {
    pub(crate) session: Arc<Session>,
    /// For [`Registry::disconnected`].
    pub(crate) connection: u64,
    /// The reconnect token that its handshake hands out.
    pub(crate) token: SecretHash,
    /// Whether the character must be put into the world.
    pub(crate) must_join: bool,
    /// The session of the same user that ended with it.
    pub(crate) replaced: Option<Arc<Session>>,
}

/// A session whose live connection has become silent, or is heard again.
#[derive(Debug)]
pub(crate) struct SilenceChange {
    pub(crate) session: Arc<Session>,
    pub(crate) connection: u64,
    /// Whether it has fallen silent.
    pub(crate) is_silent: bool,
}

/// A session that has ended.
#[derive(Debug)]
pub(crate) struct Departure {
    pub(crate) session: Arc<Session>,
    /// The status it was in.
    pub(crate) from: SessionStatus,
    /// Whether the change must be sent to the world.
    pub(crate) must_leave: bool,
}

impl Registry {
    /// An empty table. Sessions of an earlier process may come back for one reconnect window from
    /// now.
    #[must_use]
    pub fn new(settings: Settings, capacity: Capacity) -> Self {
        let restores_until = Instant::now() + settings.reconnect_window;
        Self { settings, table: Mutex::new(Table::sharing(capacity)), departures: Notify::new(), restores_until }
    }

    /// Forgets all sessions of a world that has ended, and gives their places back.
    pub(super) fn clear(&self) {
        self.table.lock().clear();
    }

    /// What the operator chose.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    #[must_use]
    pub fn live(&self) -> usize {
        self.table.lock().places()
    }

    /// A session and its status.
    pub(crate) fn find(&self, session_id: SessionId) -> Option<(Arc<Session>, SessionStatus)> {
        let table = self.table.lock();
        let entry = table.get(table.key_of(session_id)?)?;
        Some((Arc::clone(&entry.session), entry.status))
    }

    /// The session of a user that is in the world, if any.
    pub(crate) fn find_user(&self, user_id: &UserId) -> Option<Arc<Session>> {
        let table = self.table.lock();
        let entry = table.get(table.in_world(user_id)?)?;
        Some(Arc::clone(&entry.session))
    }

    /// The session by its handle.
    pub(crate) fn get(&self, key: SessionKey) -> Option<Arc<Session>> {
        self.table.lock().get(key).map(|entry| Arc::clone(&entry.session))
    }

    /// The user's session for which a reconnect token is good.
    pub(crate) fn find_token(&self, user_id: &UserId, presented: SecretHash) -> Option<Arc<Session>> {
        let table = self.table.lock();
        let candidates = [table.in_world(user_id), table.connecting(user_id)];
        candidates.into_iter().flatten().find_map(|key| {
            let entry = table.get(key).filter(|entry| entry.is_good(presented))?;
            Some(Arc::clone(&entry.session))
        })
    }

    /// Presents a reconnect token of a session and hands out a ticket and the next token; an
    /// earlier ticket is void. The tokens to store, or `None` when the token is not good, or not
    /// any more.
    pub(crate) fn present(
        &self,
        key: SessionKey,
        presented: SecretHash,
        issued: Issued,
        now: Instant,
    ) -> Option<Tokens> {
        let mut table = self.table.lock();
        let entry = table.get_mut(key).filter(|entry| entry.status != SessionStatus::Terminating)?;
        if !entry.tokens.present(presented, issued.token) {
            return None;
        }
        entry.ticket = Some(self.ticket(issued, now));
        Some(entry.tokens.clone())
    }

    /// Lets a fresh session in, in status connecting.
    ///
    /// # Errors
    /// CAPACITY_FULL. A user who holds a place already does not need a second one.
    pub(crate) fn insert(&self, new: NewSession, issued: Issued, now: Instant) -> Result<Entrant, ApiError> {
        let mut table = self.table.lock();
        self.take_place(&table, &new.identity.user_id)?;
        let session = Arc::new(Session::new(table.next_key(), new.identity, new.character, now));
        let ticket = Some(self.ticket(issued, now));
        let superseded = table.insert(Arc::clone(&session), Tokens::new(issued.token), ticket, now);
        Ok(Entrant { session, superseded })
    }

    /// Whether sessions from before the start may still come back.
    pub(crate) fn may_restore(&self, now: Instant) -> bool {
        now < self.restores_until
    }

    /// Restores a session from before the start, in status connecting, for a token of its stored
    /// record. `None` when it has ended meanwhile or the time for it is over.
    ///
    /// # Errors
    /// As [`Registry::insert`].
    pub(crate) fn restore(
        &self,
        new: NewSession,
        presented: SecretHash,
        now: Instant,
    ) -> Result<Option<Entrant>, ApiError> {
        let mut table = self.table.lock();
        let session_id = new.identity.session_id;
        if !self.may_restore(now) || table.ended.contains(&session_id) {
            return Ok(None);
        }
        if let Some(known) = table.key_of(session_id).and_then(|key| table.get(key)) {
            // Somebody else with the same token was faster; the table knows which tokens are good
            // now.
            return Ok(Some(Entrant { session: Arc::clone(&known.session), superseded: None }));
        }
        self.take_place(&table, &new.identity.user_id)?;
        let session = Arc::new(Session::new(table.next_key(), new.identity, new.character, now));
        let superseded = table.insert(Arc::clone(&session), Tokens::new(presented), None, now);
        Ok(Some(Entrant { session, superseded }))
    }

    /// The session that a ticket is good for; the ticket stays good.
    pub(crate) fn ticket_holder(
        &self,
        session_id: SessionId,
        presented: SecretHash,
        now: Instant,
    ) -> Option<Arc<Session>> {
        let table = self.table.lock();
        let entry = table.get(table.key_of(session_id)?)?;
        let is_good = entry.ticket.is_some_and(|ticket| ticket.hash == presented && now < ticket.expires);
        is_good.then(|| Arc::clone(&entry.session))
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
    ) -> Result<Opening, ApiError> {
        let mut table = self.table.lock();
        let key = table.key_of(session_id).ok_or(ErrorCode::SessionNotFound)?;
        let entry = table.get_mut(key).ok_or(ErrorCode::SessionNotFound)?;
        let ticket = entry.ticket.take_if(|ticket| ticket.hash == presented).ok_or(ErrorCode::TicketInvalid)?;
        if now >= ticket.expires {
            return Err(ErrorCode::TicketInvalid.into());
        }
        let must_join = entry.status == SessionStatus::Connecting;
        Ok(Opening { session: Arc::clone(&entry.session), token: ticket.token, must_join })
    }

    /// Makes a connection the live one of its session: status active. An older connection of the
    /// session and any other session of the user end as replaced. `None` when the character loaded
    /// since [`Registry::wait_for_departure`] is out of date, because another session has begun to
    /// leave the world with it: wait and load anew.
    ///
    /// # Errors
    /// SESSION_NOT_FOUND when the session has ended meanwhile.
    pub(crate) fn connect(
        &self,
        opening: &Opening,
        next_token: SecretHash,
        grant: ReconnectGrant,
        outbox: &Arc<Outbox>,
        now: Instant,
    ) -> Result<Option<Connected>, ApiError> {
        let session = &opening.session;
        let mut table = self.table.lock();
        if table.get(session.key).is_some_and(|entry| entry.status == SessionStatus::Connecting && entry.is_overtaken) {
            return Ok(None);
        }
        let applied = table.apply(session.key, Event::Connected, now).ok_or(ErrorCode::SessionNotFound)?;
        let earlier = table.take_world(session);
        let replaced = earlier.and_then(|earlier| table.apply(earlier, Event::Ended(End::Replaced), now));
        let replaced = replaced.map(|applied| applied.session);
        let entry = table.get_mut(session.key).ok_or(ErrorCode::SessionNotFound)?;
        entry.tokens.rotate(opening.token, next_token);
        entry.last_connection += 1;
        let connection = entry.last_connection;
        entry.connection = Some(connection);
        let must_join = applied.step.world == Some(WorldStep::Join);
        {
            let mut wire = session.wire.lock();
            wire.outbox = Some(Arc::clone(outbox));
            wire.grant = Some(grant);
            wire.resumed |= !must_join;
        }
        session.touch(now);
        Ok(Some(Connected { session: Arc::clone(session), connection, token: next_token, must_join, replaced }))
    }

    /// The player has shown that the token of a connection's handshake arrived.
    pub(crate) fn confirm_token(&self, connected: &Connected) {
        let mut table = self.table.lock();
        if let Some(entry) = table.get_mut(connected.session.key) {
            entry.tokens.confirm(connected.token);
        }
    }

    /// A connection is gone: its session may come back within the window. Whether it was the
    /// session's live one.
    pub(crate) fn disconnected(&self, key: SessionKey, connection: u64, now: Instant) -> bool {
        let mut table = self.table.lock();
        let Some(entry) = table.get_mut(key).filter(|entry| entry.connection == Some(connection)) else { return false };
        entry.connection = None;
        entry.session.wire.lock().outbox = None;
        table.apply(key, Event::Disconnected, now).is_some()
    }

    /// All who were heard of late count as just heard: while the process stood still, nobody could
    /// be.
    pub(crate) fn hear_all(&self, now: Instant) {
        for (_, entry) in self.table.lock().entries() {
            let was_heard = entry.status == SessionStatus::Active;
            if was_heard && let Some(outbox) = &entry.session.wire.lock().outbox {
                outbox.liveness().note_heard(now);
            }
        }
    }

    /// Looks at the signs of life of all live connections (FR-008): those that must be asked for
    /// one, and those that have fallen silent or are heard again. A silent connection stays, in
    /// case it is only slow, but its session is reconnecting.
    pub(crate) fn look_after(&self, now: Instant) -> (Vec<Arc<Outbox>>, Vec<SilenceChange>) {
        let mut table = self.table.lock();
        let (mut to_ask, mut changes) = (Vec::new(), Vec::new());
        for (key, entry) in table.entries() {
            let wire = entry.session.wire.lock();
            let (Some(connection), Some(outbox)) = (entry.connection, &wire.outbox) else { continue };
            let is_silent = outbox.liveness().silence(now) >= SILENT_AFTER;
            if is_silent == (entry.status == SessionStatus::Active) {
                changes.push((key, connection, is_silent));
            }
            if outbox.liveness().wants_ping(now, PING_AFTER) {
                to_ask.push((key, Arc::clone(outbox)));
            }
        }
        changes.sort_unstable();
        to_ask.sort_unstable_by_key(|(key, _)| *key);
        let to_ask = to_ask.into_iter().map(|(_, outbox)| outbox);
        let changes = changes.into_iter().filter_map(|(key, connection, is_silent)| {
            let event = if is_silent { Event::FellSilent } else { Event::SpokeAgain };
            let session = table.apply(key, event, now)?.session;
            Some(SilenceChange { session, connection, is_silent })
        });
        (to_ask.collect(), changes.collect())
    }

    /// Ends a session; while it is in the world it is terminating until the world has let go of it.
    pub(crate) fn end(&self, key: SessionKey, end: End, now: Instant) -> Option<Departure> {
        self.table.lock().end(key, end, now)
    }

    /// A session has left the world and its final state is durable: it is removed. Returns the
    /// session, if nothing had ended it before.
    pub(crate) fn departed(&self, key: SessionKey) -> Option<Arc<Session>> {
        let applied = self.table.lock().apply(key, Event::Departed, Instant::now());
        self.departures.notify_waiters();
        applied.filter(|applied| applied.from != SessionStatus::Terminating).map(|applied| applied.session)
    }

    /// Waits until no terminating session holds the character of this one. A load after that gets
    /// the newest state, unless [`Registry::connect`] says otherwise.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(crate) async fn wait_for_departure(&self, session: &Session) {
        loop {
            let departed = self.departures.notified();
            {
                let mut table = self.table.lock();
                if !table.is_leaving(session.identity.character_id) {
                    if let Some(entry) = table.get_mut(session.key) {
                        entry.is_overtaken = false;
                    }
                    return;
                }
            }
            departed.await;
        }
    }

    /// Sessions whose time is up; each has been ended.
    pub(crate) fn expire(&self, now: Instant) -> Vec<Departure> {
        let mut table = self.table.lock();
        if !self.may_restore(now) {
            table.ended.clear();
        }
        let is_due = |entry: &Entry| {
            status::deadline(entry.status, entry.times(), &self.settings).is_some_and(|deadline| deadline <= now)
        };
        let mut due: Vec<_> = table.entries().filter(|(_, entry)| is_due(entry)).map(|(key, _)| key).collect();
        due.sort_unstable();
        due.into_iter().filter_map(|key| table.end(key, End::TimeUp, now)).collect()
    }

    /// Queues a frame for every connection.
    pub fn broadcast(&self, message: &ServerMessage) {
        for session in self.all() {
            if let Some(outbox) = session.wire.lock().outbox.clone() {
                outbox.send(OutFrame::message(outbox.encoding, message));
            }
        }
    }

    /// Every session that is not terminating, in order of arrival.
    pub(crate) fn all(&self) -> Vec<Arc<Session>> {
        let table = self.table.lock();
        let mut all: Vec<_> = table
            .entries()
            .filter(|(_, entry)| entry.status != SessionStatus::Terminating)
            .map(|(_, entry)| Arc::clone(&entry.session))
            .collect();
        all.sort_unstable_by_key(|session| session.key);
        all
    }

    fn ticket(&self, issued: Issued, now: Instant) -> Ticket {
        Ticket { hash: issued.ticket, expires: now + self.settings.ticket_ttl, token: issued.token }
    }

    fn take_place(&self, table: &Table, user_id: &UserId) -> Result<(), ApiError> {
        if table.takes_place(user_id, self.settings.max_sessions) {
            return Ok(());
        }
        let details = Details::Retry { retry_after_ms: CAPACITY_RETRY_MS };
        Err(ApiError::with_details(ErrorCode::CapacityFull, details))
    }
}

impl Table {
    fn end(&mut self, key: SessionKey, end: End, now: Instant) -> Option<Departure> {
        let applied = self.apply(key, Event::Ended(end), now)?;
        let must_leave = applied.step.world == Some(WorldStep::Leave);
        Some(Departure { session: applied.session, from: applied.from, must_leave })
    }
}

#[cfg(test)]
mod tests;
