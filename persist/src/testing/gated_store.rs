//! A store around another one, whose commits a test holds back, lets through one by one, or lets
//! fail, and whose loading of characters it holds back. All waiting is on events, none on time.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use tilemud_schema::{CharacterId, LoggedTick, MapId, Seq, SessionId, Tick, Timestamp, UserId};
use tokio::sync::watch;

use crate::store::{
    Batch, CharacterProfile, ClockJump, ClockSigns, CommitLog, CommitReport, HandChange, History, Issuers, KnownIssuer,
    Lease, LeaseRequest, LeaseState, LoggedWords, Maintenance, Maps, NamedCharacter, NewCharacter, Profiles, Retention,
    RetentionReport, SessionRecord, Sessions, Snapshots, Store, StoreError, StoredAction, StoredMap, StoredSnapshot,
    WordCount,
};

/// How a commit fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitFailure {
    /// Nothing is written; the same commit may succeed later.
    Unavailable,
    /// Nothing is written, now or ever.
    Rejected,
    /// Nothing is written: another server has taken the world over.
    Fenced,
    Panic,
    /// Everything is written, and the answer is lost: the caller sees [`StoreError::Unavailable`].
    AnswerLost,
}

#[derive(Debug, Clone, Copy)]
struct Progress {
    open: bool,
    passes: u64,
    down: bool,
    arrived: u64,
    committed: u64,
    loads_held: bool,
    loads: u64,
}

/// The store. The gate is open at first; everything passes on to the inner store.
pub struct GatedStore {
    inner: Arc<dyn Store>,
    progress: watch::Sender<Progress>,
    failures: Mutex<VecDeque<CommitFailure>>,
    refused: Mutex<Option<CharacterId>>,
}

impl GatedStore {
    /// A gate in front of `inner`.
    #[must_use]
    pub fn new(inner: Arc<dyn Store>) -> Arc<Self> {
        let progress =
            Progress { open: true, passes: 0, down: false, arrived: 0, committed: 0, loads_held: false, loads: 0 };
        Arc::new(Self {
            inner,
            progress: watch::Sender::new(progress),
            failures: Mutex::default(),
            refused: Mutex::default(),
        })
    }

    /// From now on commits wait at the gate.
    pub fn close(&self) {
        self.progress.send_modify(|progress| progress.open = false);
    }

    /// Lets all commits through, waiting ones and later ones.
    pub fn open(&self) {
        self.progress.send_modify(|progress| (progress.open, progress.passes) = (true, 0));
    }

    /// Lets `count` commits through a closed gate, waiting ones first.
    pub fn let_through(&self, count: u64) {
        self.progress.send_modify(|progress| progress.passes += count);
    }

    /// Lets the next `count` commits that pass the gate fail; added to the failures ordered before.
    pub fn fail_next(&self, count: usize, failure: CommitFailure) {
        self.failures.lock().extend(std::iter::repeat_n(failure, count));
    }

    /// From now on every batch with an action of this character is rejected, as by a rule of the
    /// database that it breaks.
    pub fn refuse_actions_of(&self, character_id: Option<CharacterId>) {
        *self.refused.lock() = character_id;
    }

    /// Every call of every kind fails with [`StoreError::Unavailable`] from now on, the waiting
    /// commits included.
    pub fn go_down(&self) {
        self.progress.send_modify(|progress| progress.down = true);
    }

    /// Ends [`Self::go_down`].
    pub fn come_back(&self) {
        self.progress.send_modify(|progress| progress.down = false);
    }

    /// From now on loading a character by its id waits.
    pub fn hold_loads(&self) {
        self.progress.send_modify(|progress| progress.loads_held = true);
    }

    /// Ends [`Self::hold_loads`].
    pub fn let_loads_through(&self) {
        self.progress.send_modify(|progress| progress.loads_held = false);
    }

    /// How many characters have been asked for by id so far.
    #[must_use]
    pub fn loads(&self) -> u64 {
        self.progress.borrow().loads
    }

    /// How many commits have been asked for so far, each repetition counted.
    #[must_use]
    pub fn arrived(&self) -> u64 {
        self.progress.borrow().arrived
    }

    /// How many commits have been written so far, [`CommitFailure::AnswerLost`] included.
    #[must_use]
    pub fn committed(&self) -> u64 {
        self.progress.borrow().committed
    }

    /// Waits until `count` commits have been asked for in all.
    pub async fn wait_for_arrivals(&self, count: u64) {
        self.wait_for(|progress| progress.arrived >= count).await;
    }

    /// Waits until `count` commits have been written in all.
    pub async fn wait_for_commits(&self, count: u64) {
        self.wait_for(|progress| progress.committed >= count).await;
    }

    async fn wait_for(&self, condition: impl FnMut(&Progress) -> bool) {
        self.progress.subscribe().wait_for(condition).await.expect("the sender lives as long as self");
    }

    async fn pass_gate(&self) {
        loop {
            self.wait_for(|progress| progress.open || progress.down || progress.passes > 0).await;
            let mut passed = false;
            self.progress.send_modify(|progress| {
                if progress.open || progress.down {
                    passed = true;
                } else if progress.passes > 0 {
                    progress.passes -= 1;
                    passed = true;
                }
            });
            if passed {
                return;
            }
        }
    }

    fn inner(&self) -> Result<&dyn Store, StoreError> {
        if self.progress.borrow().down {
            Err(StoreError::Unavailable("the test store is down".into()))
        } else {
            Ok(&*self.inner)
        }
    }
}

#[async_trait]
impl CommitLog for GatedStore {
    async fn commit(&self, batch: &Batch) -> Result<CommitReport, StoreError> {
        self.progress.send_modify(|progress| progress.arrived += 1);
        self.pass_gate().await;
        let inner = self.inner()?;
        let refused = *self.refused.lock();
        if batch.events.iter().any(|event| Some(event.character_id) == refused) {
            return Err(StoreError::Rejected("as the test ordered".into()));
        }
        let failure = self.failures.lock().pop_front();
        let report = match failure {
            Some(CommitFailure::Unavailable) => return Err(StoreError::Unavailable("as the test ordered".into())),
            Some(CommitFailure::Rejected) => return Err(StoreError::Rejected("as the test ordered".into())),
            Some(CommitFailure::Fenced) => return Err(StoreError::Fenced),
            Some(CommitFailure::Panic) => panic!("as the test ordered"),
            Some(CommitFailure::AnswerLost) | None => inner.commit(batch).await?,
        };
        self.progress.send_modify(|progress| progress.committed += 1);
        match failure {
            None => Ok(report),
            Some(_) => Err(StoreError::Unavailable("answer lost, as the test ordered".into())),
        }
    }

    async fn settled(&self, batch: &Batch) -> Result<bool, StoreError> {
        let inner = self.inner();
        if inner.is_err() {
            // The question before a repetition: it does not get as far as the repetition itself.
            self.progress.send_modify(|progress| progress.arrived += 1);
        }
        inner?.settled(batch).await
    }

    async fn last_tick(&self) -> Result<Tick, StoreError> {
        self.inner()?.last_tick().await
    }

    async fn committed_tick(&self) -> Result<Tick, StoreError> {
        self.inner()?.committed_tick().await
    }

    async fn last_seq(&self, session_id: SessionId) -> Result<Seq, StoreError> {
        self.inner()?.last_seq(session_id).await
    }

    async fn find_action(&self, session_id: SessionId, seq: Seq) -> Result<Option<StoredAction>, StoreError> {
        self.inner()?.find_action(session_id, seq).await
    }
}

#[async_trait]
impl History for GatedStore {
    async fn read_log(&self, after: Tick, events_max: usize) -> Result<Vec<LoggedTick>, StoreError> {
        self.inner()?.read_log(after, events_max).await
    }

    async fn read_words(&self, after: Tick, lines_max: usize) -> Result<Vec<LoggedWords>, StoreError> {
        self.inner()?.read_words(after, lines_max).await
    }

    async fn count_words(&self, after: Tick) -> Result<WordCount, StoreError> {
        self.inner()?.count_words(after).await
    }

    async fn tick_before(&self, records: usize) -> Result<Tick, StoreError> {
        self.inner()?.tick_before(records).await
    }

    async fn arrival(&self, session_id: SessionId, after: Tick) -> Result<Option<Tick>, StoreError> {
        self.inner()?.arrival(session_id, after).await
    }
}

#[async_trait]
impl Snapshots for GatedStore {
    async fn save_snapshot(&self, snapshot: &StoredSnapshot) -> Result<(), StoreError> {
        self.inner()?.save_snapshot(snapshot).await
    }

    async fn newest_snapshot(&self) -> Result<Option<StoredSnapshot>, StoreError> {
        self.inner()?.newest_snapshot().await
    }

    async fn snapshot(&self, tick: Tick) -> Result<Option<StoredSnapshot>, StoreError> {
        self.inner()?.snapshot(tick).await
    }

    async fn snapshot_ticks(&self) -> Result<Vec<Tick>, StoreError> {
        self.inner()?.snapshot_ticks().await
    }
}

#[async_trait]
impl Maps for GatedStore {
    async fn save_map(&self, map: &StoredMap) -> Result<(), StoreError> {
        self.inner()?.save_map(map).await
    }

    async fn renew_map(&self, id: MapId, now: Timestamp) -> Result<bool, StoreError> {
        self.inner()?.renew_map(id, now).await
    }

    async fn map(&self, id: MapId) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner()?.map(id).await
    }

    async fn unneeded_maps(&self, need: &[MapId], stored_before: Timestamp) -> Result<Vec<MapId>, StoreError> {
        self.inner()?.unneeded_maps(need, stored_before).await
    }

    async fn forget_maps(&self, maps: &[MapId], stored_before: Timestamp) -> Result<u64, StoreError> {
        self.inner()?.forget_maps(maps, stored_before).await
    }
}

#[async_trait]
impl Lease for GatedStore {
    async fn acquire_lease(&self, request: &LeaseRequest) -> Result<(), StoreError> {
        self.inner()?.acquire_lease(request).await
    }

    async fn lease(&self) -> Result<Option<LeaseState>, StoreError> {
        self.inner()?.lease().await
    }

    async fn renew_lease(&self) -> Result<(), StoreError> {
        self.inner()?.renew_lease().await
    }

    async fn release_lease(&self) -> Result<(), StoreError> {
        self.inner()?.release_lease().await
    }
}

#[async_trait]
impl Profiles for GatedStore {
    async fn find_character(&self, user_id: &UserId) -> Result<Option<CharacterProfile>, StoreError> {
        self.inner()?.find_character(user_id).await
    }

    async fn load_character(&self, character_id: CharacterId) -> Result<Option<CharacterProfile>, StoreError> {
        self.progress.send_modify(|progress| progress.loads += 1);
        self.wait_for(|progress| progress.down || !progress.loads_held).await;
        self.inner()?.load_character(character_id).await
    }

    async fn create_character(&self, character: &NewCharacter) -> Result<CharacterProfile, StoreError> {
        self.inner()?.create_character(character).await
    }

    async fn renew_newcomer(&self, character_id: CharacterId) -> Result<bool, StoreError> {
        self.inner()?.renew_newcomer(character_id).await
    }

    async fn names(&self) -> Result<Vec<NamedCharacter>, StoreError> {
        self.inner()?.names().await
    }

    async fn changed_by_hand(&self) -> Result<Vec<HandChange>, StoreError> {
        self.inner()?.changed_by_hand().await
    }
}

#[async_trait]
impl Sessions for GatedStore {
    async fn save_sessions(&self, sessions: &[SessionRecord]) -> Result<(), StoreError> {
        self.inner()?.save_sessions(sessions).await
    }

    async fn find_session(&self, token_hash: &[u8; 32]) -> Result<Option<SessionRecord>, StoreError> {
        self.inner()?.find_session(token_hash).await
    }

    async fn end_session(&self, session_id: SessionId) -> Result<(), StoreError> {
        self.inner()?.end_session(session_id).await
    }
}

#[async_trait]
impl Issuers for GatedStore {
    async fn issuers(&self) -> Result<Vec<KnownIssuer>, StoreError> {
        self.inner()?.issuers().await
    }

    async fn note_issuer(&self, issuer: &KnownIssuer) -> Result<(), StoreError> {
        self.inner()?.note_issuer(issuer).await
    }
}

#[async_trait]
impl Retention for GatedStore {
    async fn retain(&self, now: Timestamp, keep_days: u16) -> Result<RetentionReport, StoreError> {
        self.inner()?.retain(now, keep_days).await
    }

    async fn retention_plan(&self, now: Timestamp, keep_days: u16) -> Result<RetentionReport, StoreError> {
        self.inner()?.retention_plan(now, keep_days).await
    }

    async fn clock_signs(&self) -> Result<ClockSigns, StoreError> {
        self.inner()?.clock_signs().await
    }

    async fn note_clock_jump(&self, jump: ClockJump) -> Result<(), StoreError> {
        self.inner()?.note_clock_jump(jump).await
    }

    async fn forget_clock_jumps(&self) -> Result<(), StoreError> {
        self.inner()?.forget_clock_jumps().await
    }
}

#[async_trait]
impl Maintenance for GatedStore {
    async fn worlds(&self) -> Result<Vec<String>, StoreError> {
        self.inner()?.worlds().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.inner()?.ping().await
    }

    async fn maintain(&self) -> Result<(), StoreError> {
        self.inner()?.maintain().await
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}
