//! The durable store as the rest of the server sees it: the calls, what goes in and out, and how they fail. The stores
//! themselves are in `postgres` and `sqlite`.

mod world;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tilemud_schema::{
    ActionEvent, ActionId, CharacterId, ChatChannel, ItemStack, LoggedTick, Position, Seq, SessionId, Tick, TickRecord,
    Timestamp, UserId,
};

use crate::advice::Advice;

pub(crate) use self::world::newcomers_kept_from;
pub use self::world::{
    ClockJump, ClockSigns, CommitReport, HandChange, LEASE_LASTS, LeaseRequest, LeaseState, NEWCOMER_DAYS_KEPT,
    RetentionReport, SNAPSHOT_DAYS_KEPT, SNAPSHOTS_KEPT, StoredSnapshot, Superseded,
};

/// CharacterProfile: the durable projection of a character.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CharacterProfile {
    /// Its id.
    pub character_id: CharacterId,
    /// Its owner.
    pub user_id: UserId,
    /// Unique by its looks (FR-031), but for names older than that rule.
    pub display_name: Arc<str>,
    /// Sprite.
    pub look: Arc<str>,
    /// Where it stands; `None` until it first entered the world.
    pub position: Option<Position>,
    /// Health points.
    pub health: i32,
    /// What it carries, sorted by kind.
    pub inventory: Arc<Vec<ItemStack>>,
    /// Named numbers.
    pub stats: Arc<BTreeMap<Arc<str>, i32>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Concurrency check.
    pub updated_at: Timestamp,
}

/// What a character that does not exist yet starts with.
#[derive(Debug, Clone)]
pub struct NewCharacter {
    /// Its id.
    pub character_id: CharacterId,
    /// Its owner.
    pub user_id: UserId,
    /// 1 to 24 characters.
    pub display_name: Arc<str>,
    /// Sprite.
    pub look: Arc<str>,
    /// Health points.
    pub health: i32,
    /// What it carries.
    pub inventory: Arc<Vec<ItemStack>>,
    /// Named numbers.
    pub stats: Arc<BTreeMap<Arc<str>, i32>>,
}

/// Who is called what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCharacter {
    /// Its id.
    pub character_id: CharacterId,
    /// Its owner.
    pub user_id: UserId,
    /// As it is shown.
    pub display_name: Arc<str>,
}

/// An issuer of tokens whose users have played in a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownIssuer {
    /// As in the `iss` of its tokens.
    pub issuer: String,
    /// The issuer that its users sign in at now, if it has moved.
    pub linked_to: Option<String>,
}

/// New values of a profile, written as the newest of all it had; `None` is unchanged.
#[derive(Debug, Clone)]
pub struct ProfileWrite {
    /// Whose.
    pub character_id: CharacterId,
    /// Where it stands.
    pub position: Position,
    /// Health points.
    pub health: i32,
    /// Named numbers.
    pub stats: Option<Arc<BTreeMap<Arc<str>, i32>>>,
    /// What it carries.
    pub inventory: Option<Arc<Vec<ItemStack>>>,
    /// Watermark: the tick up to which the log is contained in these values.
    pub tick: Tick,
}

/// One transaction of the persistence stage: all of it is durable, or none.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The world may have released ticks up to this one; one that starts on this store begins after it.
    pub tick: Tick,
    /// Stamped on every row; the time of writing when it is `None`.
    pub persisted_at: Option<Timestamp>,
    /// In order of (tick, tick_order).
    pub events: Vec<ActionEvent>,
    /// At most one per character.
    pub profiles: Vec<ProfileWrite>,
    /// One per durable tick of the batch, in order; the events of such a tick are all in the same batch.
    pub records: Vec<TickRecord>,
}

impl Batch {
    /// How many of the events are of this tick.
    pub(crate) fn events_of(&self, tick: Tick) -> usize {
        let before = self.events.partition_point(|event| event.tick < tick);
        self.events[before..].partition_point(|event| event.tick == tick)
    }
}

/// A session as stored, so that it can be resumed after a restart (FR-008, FR-016).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Its id.
    pub session_id: SessionId,
    /// Its user.
    pub user_id: UserId,
    /// The character it plays.
    pub character_id: CharacterId,
    /// SHA-256 of the reconnect token; the token itself is never stored.
    pub token_hash: [u8; 32],
    /// The token before it, still good because the newer one may not have arrived.
    pub previous_token_hash: Option<[u8; 32]>,
    /// The token is good until then.
    pub token_expires_at: Timestamp,
    /// When the session began.
    pub started_at: Timestamp,
}

/// A line as it stands in the log, with the name of who said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedWords {
    /// In which tick it was said.
    pub tick: Tick,
    /// The name of who said it, as it is now.
    pub from: Arc<str>,
    /// How it was said.
    pub channel: ChatChannel,
    /// What was said.
    pub text: Arc<str>,
    /// To whom a whisper went, as the speaker wrote it.
    pub to: Option<Arc<str>>,
}

/// How many lines there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordCount {
    /// Said to all.
    pub to_all: u64,
    /// Whispered, to anybody.
    pub whispered: u64,
}

/// The original record of an applied intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredAction {
    /// Its row.
    pub action_id: ActionId,
    /// When it was committed.
    pub persisted_at: Timestamp,
}

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Cannot be reached, or answered that it cannot work now: the same call may succeed later.
    #[error("the durable store is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Another character has this display name.
    #[error("the display name is taken")]
    NameTaken,
    /// The store refuses this for good.
    #[error("the durable store refused the write")]
    Rejected(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Another process holds the lease of this world.
    #[error("the world is being run by another process: {holder}")]
    Held {
        /// As it named itself.
        holder: String,
    },
    /// The lease of this store has gone to another process, or was given back. Nothing was written, nor ever will be.
    #[error("another process has taken this world over")]
    Fenced,
    /// What this store writes to is no longer what is found under its address: the database was deleted, replaced or
    /// restored meanwhile. Nothing is written any more, nor ever will be.
    #[error("the durable store has been taken away: {what}")]
    Gone {
        /// What has become of it; for logs and operators.
        what: String,
    },
    /// What is found under the address cannot be used as it is, and trying again does not help.
    #[error("{what}")]
    Unfit {
        /// Of what kind it is.
        reason: Unfit,
        /// Where, what and what to do; for logs and operators.
        what: String,
    },
    /// What was set leads to nothing that can be used; waiting does not help.
    #[error("{0}")]
    SetWrong(#[source] Advice),
    /// The address of the database is not one this program can use.
    #[error("the database URL cannot be used: {what}")]
    UnsupportedUrl {
        /// What is wrong with it; never the address itself, which may hold a password.
        what: String,
    },
    /// What is stored cannot be read back.
    #[error("stored data is not readable: {what}")]
    Corrupt {
        /// Which value of which row.
        what: String,
    },
}

/// What makes a database unfit to be a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// There is none, and none was to be made.
    Missing,
    /// It is something else.
    Foreign,
    /// A newer version of this program has made it.
    Newer,
    /// It is damaged.
    Damaged,
}

/// A durable store of one world. Shared by all tasks; [`Store::commit`] is only called by the
/// persistence stage, one call at a time.
#[async_trait]
pub trait Store: Send + Sync {
    /// Writes a batch with synchronous durability: when it returns `Ok`, a power cut loses nothing of it.
    /// Idempotent by `action_id` and tick: a batch that was already committed commits again without effect. Renews the lease.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the outcome is unknown and may be tried again, [`StoreError::Rejected`] when not,
    /// [`StoreError::Fenced`] when this world has a lease and it is not this store's. But for the first, nothing is written.
    ///
    /// # Cancel safety
    /// Not cancel safe: a dropped call may or may not have committed.
    async fn commit(&self, batch: &Batch) -> Result<CommitReport, StoreError>;

    /// Whether a batch with events or records, whose commit had no clear outcome, is committed. Waits for an attempt that
    /// is still under way in the database. After a `false`, committing again is what is to be done, and is harmless
    /// whatever comes of earlier attempts. A batch of profiles alone is `false`: it cannot be recognised.
    ///
    /// # Errors
    /// As for [`Store::commit`].
    async fn settled(&self, batch: &Batch) -> Result<bool, StoreError>;

    /// The newest [`Batch::tick`] ever committed, 0 for a new store.
    async fn last_tick(&self) -> Result<Tick, StoreError>;

    /// The tick of the newest [`TickRecord`], 0 when there is none.
    async fn committed_tick(&self) -> Result<Tick, StoreError>;

    /// The next recorded ticks after `after`, in order, each with all its events in order: at least one if there is one,
    /// and no more than it takes to reach `events_max` events, nor more ticks than that.
    async fn read_log(&self, after: Tick, events_max: usize) -> Result<Vec<LoggedTick>, StoreError>;

    /// The newest `lines_max` lines said to all or whispered to anybody in the ticks after `after`, in order.
    async fn read_words(&self, after: Tick, lines_max: usize) -> Result<Vec<LoggedWords>, StoreError>;

    /// How many lines [`Self::read_words`] would give without a bound.
    async fn count_words(&self, after: Tick) -> Result<WordCount, StoreError>;

    /// The tick of the record before the newest `records` ones, at least one, and 0 when there are no more than those.
    async fn tick_before(&self, records: usize) -> Result<Tick, StoreError>;

    /// Stores a snapshot, replacing one of the same tick, and forgets all but the newest [`SNAPSHOTS_KEPT`] and the
    /// first of each of the newest [`SNAPSHOT_DAYS_KEPT`] days. Commits do not wait for it.
    ///
    /// # Errors
    /// As for [`Store::commit`].
    async fn save_snapshot(&self, snapshot: &StoredSnapshot) -> Result<(), StoreError>;

    /// The snapshot with the highest tick.
    async fn newest_snapshot(&self) -> Result<Option<StoredSnapshot>, StoreError>;

    /// The snapshot of a tick, if it is still there.
    async fn snapshot(&self, tick: Tick) -> Result<Option<StoredSnapshot>, StoreError>;

    /// The ticks of all snapshots that are there, ascending.
    async fn snapshot_ticks(&self) -> Result<Vec<Tick>, StoreError>;

    /// Makes this store the one writer of its world, if nobody else is. All writes of earlier holders fail from now on.
    ///
    /// # Errors
    /// [`StoreError::Held`] when there is another holder and it is not superseded. Whether one is still there is not for the
    /// store to say, because it would have to trust a clock; who asks watches it for [`LEASE_LASTS`].
    async fn acquire_lease(&self, request: &LeaseRequest) -> Result<(), StoreError>;

    /// Who holds the lease, still there or not; `None` when it was given back or there never was one.
    async fn lease(&self) -> Result<Option<LeaseState>, StoreError>;

    /// Says that the holder is alive; for times without commits. A durable write on the connection of the commits, so it
    /// also shows whether the next commit would work.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when this store does not hold the lease.
    async fn renew_lease(&self) -> Result<(), StoreError>;

    /// Gives the lease back, if this store holds it. It cannot write any more afterwards.
    async fn release_lease(&self) -> Result<(), StoreError>;

    /// Deletes what is older than `keep_days` (SPEC: ActionEvent, 30 days), expired sessions included and characters that never entered ([`NEWCOMER_DAYS_KEPT`]), and prepares
    /// room for the days to come. Never deletes what a recovery from the newest snapshot needs; without a snapshot that
    /// is all of the log. Snapshots from which the log has become incomplete are deleted with it. Runs beside commits without failing them or making them wait long.
    async fn retain(&self, now: Timestamp, keep_days: u16) -> Result<RetentionReport, StoreError>;

    /// What [`Store::retain`] would delete.
    async fn retention_plan(&self, now: Timestamp, keep_days: u16) -> Result<RetentionReport, StoreError>;

    /// What the store says about time.
    async fn clock_signs(&self) -> Result<ClockSigns, StoreError>;

    /// Notes a jump of the clock.
    async fn note_clock_jump(&self, jump: ClockJump) -> Result<(), StoreError>;

    /// Forgets the jumps: the clock is right.
    async fn forget_clock_jumps(&self) -> Result<(), StoreError>;

    /// The worlds in the database, by name, at most a hundred.
    async fn worlds(&self) -> Result<Vec<String>, StoreError>;

    /// The profiles with values that this program has not written, and those of which it does not know.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] names the row that cannot be read.
    async fn changed_by_hand(&self) -> Result<Vec<HandChange>, StoreError>;

    /// The character of a user, if there is one.
    async fn find_character(&self, user_id: &UserId) -> Result<Option<CharacterProfile>, StoreError>;

    /// A character by its id.
    async fn load_character(&self, character_id: CharacterId) -> Result<Option<CharacterProfile>, StoreError>;

    /// Makes a character. If the user got one meanwhile, that one is returned.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`] when another user's character has the name, or one that looks like it.
    async fn create_character(&self, character: &NewCharacter) -> Result<CharacterProfile, StoreError>;

    /// Notes that a character which never entered the world is asked for, so that it is not forgotten meanwhile. False when there
    /// is none, or it has entered.
    async fn renew_newcomer(&self, character_id: CharacterId) -> Result<bool, StoreError>;

    /// Who is called what, the oldest character first.
    async fn names(&self) -> Result<Vec<NamedCharacter>, StoreError>;

    /// The issuers whose users have played here, in the order they were noted.
    async fn issuers(&self) -> Result<Vec<KnownIssuer>, StoreError>;

    /// Remembers an issuer, or where it has moved.
    async fn note_issuer(&self, issuer: &KnownIssuer) -> Result<(), StoreError>;

    /// Writes a session, replacing an earlier record with the same id (token rotation).
    async fn save_session(&self, session: &SessionRecord) -> Result<(), StoreError>;

    /// Writes several sessions in order, all of them or none, with one wait for the disk.
    async fn save_sessions(&self, sessions: &[SessionRecord]) -> Result<(), StoreError>;

    /// The session with this reconnect token, the newest or the one before, expired or not.
    async fn find_session(&self, token_hash: &[u8; 32]) -> Result<Option<SessionRecord>, StoreError>;

    /// Forgets a session.
    async fn end_session(&self, session_id: SessionId) -> Result<(), StoreError>;

    /// The last sequence number of a session in the log, 0 when there is none.
    async fn last_seq(&self, session_id: SessionId) -> Result<Seq, StoreError>;

    /// The original record of an intent, if it was applied.
    async fn find_action(&self, session_id: SessionId, seq: Seq) -> Result<Option<StoredAction>, StoreError>;

    /// One cheap round trip.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Keeps the database in order and makes sure that it is still the one that was opened; to be called about once a second
    /// by who holds the lease.
    ///
    /// # Errors
    /// [`StoreError::Gone`] and [`StoreError::Unfit`] when it is lost.
    async fn look_after(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Ends the use of the store: waits for the calls under way, closes what is open and leaves the database so that its files
    /// can be copied. Later calls fail.
    async fn close(&self) {}
}
