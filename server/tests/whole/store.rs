//! The simulated store as one process sees it: the real trait over the one [`Disk`], with delays,
//! lost answers, refusals, times when it is away, and the points at which its process dies. All
//! times are those of the paused clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use tilemud_persist::store::{
    Batch, CharacterProfile, ClockJump, ClockSigns, CommitLog, CommitReport, HandChange, History, Issuers, KnownIssuer,
    Lease, LeaseRequest, LeaseState, LoggedWords, Maintenance, Maps, NamedCharacter, NewCharacter, Profiles, Retention,
    RetentionReport, SessionRecord, Sessions, Snapshots, StoreError, StoredAction, StoredMap, StoredSnapshot,
    WordCount,
};
use tilemud_schema::{CharacterId, ChatChannel, Intent, LoggedTick, MapId, Seq, SessionId, Tick, Timestamp, UserId};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::disk::Disk;
use crate::plan::{Dice, Mutant, Point};

/// The disk and what is wrong with the way to it.
pub struct Database {
    pub disk: Mutex<Disk>,
    pub weather: Mutex<Weather>,
    pub mutant: Mutant,
}

/// What happens to calls.
pub struct Weather {
    pub dice: Dice,
    /// What a commit takes at least.
    pub slow_ms: u64,
    pub lose_answer: bool,
    pub fail: u8,
    pub away_until: Option<Instant>,
    /// Where the process that commits next dies.
    pub crash: Option<Point>,
    /// Whether a commit may be written in part: not while two processes use the disk.
    pub may_tear: bool,
    /// The disk as it was before a commit was written in part.
    pub before_torn: Option<Box<Disk>>,
}

impl Weather {
    pub fn fine(dice: Dice) -> Self {
        Self {
            dice,
            slow_ms: 0,
            lose_answer: false,
            fail: 0,
            away_until: None,
            crash: None,
            may_tear: true,
            before_torn: None,
        }
    }

    pub fn clear_up(&mut self) {
        (self.slow_ms, self.lose_answer, self.fail) = (0, false, 0);
        (self.away_until, self.crash) = (None, None);
    }
}

/// The store of one process.
pub struct SimStore {
    database: Arc<Database>,
    epoch: AtomicI64,
    dead: AtomicBool,
    /// The process must die.
    pub dies: Arc<Notify>,
}

/// Lets simulated time pass.
pub async fn pass(ms: u64) {
    if ms > 0 {
        sleep_until(Instant::now() + Duration::from_millis(ms)).await;
    }
}

fn away() -> StoreError {
    StoreError::Unavailable("no answer, as planned".into())
}

impl SimStore {
    pub fn new(database: &Arc<Database>) -> Arc<Self> {
        Arc::new(Self {
            database: Arc::clone(database),
            epoch: AtomicI64::new(0),
            dead: AtomicBool::new(false),
            dies: Arc::default(),
        })
    }

    /// The process is no more: no call of it has any effect, nor an answer.
    pub fn kill(&self) {
        self.dead.store(true, Ordering::Release);
    }

    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Acquire)
    }

    fn epoch(&self) -> i64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Dies here.
    async fn die<T>(&self) -> T {
        self.kill();
        self.dies.notify_one();
        std::future::pending().await
    }

    /// A call on its way; it may find nobody.
    async fn reach(&self, ms_max: u64) -> Result<(), StoreError> {
        let ms = self.database.weather.lock().dice.below(ms_max);
        pass(ms).await;
        if self.is_dead() {
            return std::future::pending().await;
        }
        if self.database.weather.lock().away_until.is_some_and(|until| Instant::now() < until) {
            Err(away())
        } else {
            Ok(())
        }
    }

    async fn read<T>(&self, read: impl FnOnce(&Disk) -> T) -> Result<T, StoreError> {
        self.reach(3).await?;
        Ok(read(&self.database.disk.lock()))
    }

    async fn write<T>(&self, write: impl FnOnce(&mut Disk) -> T) -> Result<T, StoreError> {
        self.reach(6).await?;
        let mut disk = self.database.disk.lock();
        disk.renew(self.epoch())?;
        Ok(write(&mut disk))
    }

    fn crashes_at(&self, point: Point) -> bool {
        self.database.weather.lock().crash.take_if(|planned| *planned == point).is_some()
    }

    /// Writes all but the last step of a batch, if there is one at its end.
    fn tear(&self, batch: &Batch) {
        let is_step = batch.events.last().is_some_and(|last| matches!(last.performed.intent, Intent::Move { .. }));
        let mut disk = self.database.disk.lock();
        if !is_step || !self.database.weather.lock().may_tear || disk.renew(self.epoch()).is_err() {
            return;
        }
        let before = Box::new(disk.clone());
        disk.write_part(self.epoch(), batch, batch.events.len() - 1);
        self.database.weather.lock().before_torn = Some(before);
    }

    /// Writes half of a snapshot, if there is one before it: a backup is the only help against the
    /// loss of all.
    fn tear_snapshot(&self, snapshot: &StoredSnapshot) {
        let mut disk = self.database.disk.lock();
        if disk.snapshots.range(..snapshot.tick).next().is_some() && disk.renew(self.epoch()).is_ok() {
            let half = snapshot.data[..snapshot.data.len() / 2].to_vec();
            disk.snapshots.insert(snapshot.tick, StoredSnapshot { data: half, ..snapshot.clone() });
            disk.snapshots_torn += 1;
        }
    }

    /// A commit that a flawed store makes later than it says, if at all.
    fn commit_late(&self, batch: &Batch) {
        let (database, epoch, batch) = (Arc::clone(&self.database), self.epoch(), batch.clone());
        tokio::spawn(async move {
            pass(40).await;
            let _ = database.disk.lock().commit(epoch, &batch, Mutant::None);
        });
    }
}

#[async_trait]
impl CommitLog for SimStore {
    async fn commit(&self, batch: &Batch) -> Result<CommitReport, StoreError> {
        let (slow, loses, fails) = {
            let mut weather = self.database.weather.lock();
            let fails = weather.fail > 0;
            weather.fail -= u8::from(fails);
            (weather.slow_ms, !fails && std::mem::take(&mut weather.lose_answer), fails)
        };
        let mutant = self.database.mutant;
        if mutant == Mutant::AnswerBeforeWrite {
            self.commit_late(batch);
            return Ok(CommitReport::default());
        }
        pass(slow).await;
        self.reach(8).await?;
        if fails {
            if self.crashes_at(Point::Failed) {
                return self.die().await;
            }
            return Err(away());
        }
        if self.crashes_at(Point::BeforeWrite) {
            return self.die().await;
        }
        if self.crashes_at(Point::Torn) {
            self.tear(batch);
            return self.die().await;
        }
        self.database.disk.lock().commit(self.epoch(), batch, mutant)?;
        if self.crashes_at(Point::Written) {
            return self.die().await;
        }
        let answer_ms = self.database.weather.lock().dice.below(6);
        pass(answer_ms).await;
        if self.is_dead() {
            return std::future::pending().await;
        }
        match loses {
            true if mutant == Mutant::UnknownTakenForRefused => Err(StoreError::Rejected("no answer".into())),
            true => Err(away()),
            false => Ok(CommitReport::default()),
        }
    }

    async fn settled(&self, batch: &Batch) -> Result<bool, StoreError> {
        self.read(|disk| disk.is_stored(batch)).await
    }

    async fn last_tick(&self) -> Result<Tick, StoreError> {
        let is_kept = self.database.mutant != Mutant::NothingReserved;
        self.read(|disk| if is_kept { disk.last_tick } else { 0 }).await
    }

    async fn committed_tick(&self) -> Result<Tick, StoreError> {
        self.read(|disk| disk.records.last_key_value().map_or(0, |(tick, _)| *tick)).await
    }

    async fn last_seq(&self, session_id: SessionId) -> Result<Seq, StoreError> {
        let is_kept = self.database.mutant != Mutant::NumbersForgotten;
        self.read(|disk| if is_kept { disk.last_seq(session_id) } else { 0 }).await
    }

    async fn find_action(&self, session_id: SessionId, seq: Seq) -> Result<Option<StoredAction>, StoreError> {
        self.read(|disk| disk.find(session_id, seq)).await
    }
}

#[async_trait]
impl History for SimStore {
    async fn read_log(&self, after: Tick, events_max: usize) -> Result<Vec<LoggedTick>, StoreError> {
        self.read(|disk| disk.read_log(after, events_max)).await
    }

    async fn read_words(&self, after: Tick, lines_max: usize) -> Result<Vec<LoggedWords>, StoreError> {
        let is_kept = self.database.mutant != Mutant::WordsForgotten;
        self.read(|disk| if is_kept { disk.read_words(after, lines_max) } else { Vec::new() }).await
    }

    async fn count_words(&self, after: Tick) -> Result<WordCount, StoreError> {
        let words = self.read(|disk| disk.read_words(after, usize::MAX)).await?;
        let of = |channel| words.iter().filter(|line| line.channel == channel).count() as u64;
        Ok(WordCount { to_all: of(ChatChannel::Zone), whispered: of(ChatChannel::Whisper) })
    }

    async fn tick_before(&self, records: usize) -> Result<Tick, StoreError> {
        self.read(|disk| disk.records.keys().rev().nth(records).copied().unwrap_or(0)).await
    }

    async fn arrival(&self, session_id: SessionId, after: Tick) -> Result<Option<Tick>, StoreError> {
        self.read(|disk| disk.arrival(session_id, after)).await
    }
}

#[async_trait]
impl Snapshots for SimStore {
    async fn save_snapshot(&self, snapshot: &StoredSnapshot) -> Result<(), StoreError> {
        if self.crashes_at(Point::TornSnapshot) {
            self.tear_snapshot(snapshot);
            return self.die().await;
        }
        self.write(|disk| drop(disk.snapshots.insert(snapshot.tick, snapshot.clone()))).await
    }

    async fn newest_snapshot(&self) -> Result<Option<StoredSnapshot>, StoreError> {
        self.read(|disk| disk.snapshots.last_key_value().map(|(_, snapshot)| snapshot.clone())).await
    }

    async fn snapshot(&self, tick: Tick) -> Result<Option<StoredSnapshot>, StoreError> {
        self.read(|disk| disk.snapshots.get(&tick).cloned()).await
    }

    async fn snapshot_ticks(&self) -> Result<Vec<Tick>, StoreError> {
        self.read(|disk| disk.snapshots.keys().copied().collect()).await
    }
}

#[async_trait]
impl Maps for SimStore {
    async fn save_map(&self, map: &StoredMap) -> Result<(), StoreError> {
        self.write(|disk| drop(disk.maps.insert(map.id, map.data.clone()))).await
    }

    async fn renew_map(&self, id: MapId, _now: Timestamp) -> Result<bool, StoreError> {
        self.read(|disk| disk.maps.contains_key(&id)).await
    }

    async fn map(&self, id: MapId) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|disk| disk.maps.get(&id).cloned()).await
    }

    async fn unneeded_maps(&self, _need: &[MapId], _stored_before: Timestamp) -> Result<Vec<MapId>, StoreError> {
        Ok(Vec::new())
    }

    async fn forget_maps(&self, _maps: &[MapId], _stored_before: Timestamp) -> Result<u64, StoreError> {
        Ok(0)
    }
}

#[async_trait]
impl Lease for SimStore {
    async fn acquire_lease(&self, request: &LeaseRequest) -> Result<(), StoreError> {
        self.reach(4).await?;
        let epoch = self.database.disk.lock().acquire(request)?;
        self.epoch.store(epoch, Ordering::Release);
        Ok(())
    }

    async fn lease(&self) -> Result<Option<LeaseState>, StoreError> {
        self.read(Disk::lease).await
    }

    async fn renew_lease(&self) -> Result<(), StoreError> {
        self.write(|_| ()).await
    }

    async fn release_lease(&self) -> Result<(), StoreError> {
        self.reach(4).await?;
        self.database.disk.lock().release(self.epoch());
        Ok(())
    }
}

#[async_trait]
impl Profiles for SimStore {
    async fn changed_by_hand(&self) -> Result<Vec<HandChange>, StoreError> {
        Ok(Vec::new())
    }

    async fn find_character(&self, user_id: &UserId) -> Result<Option<CharacterProfile>, StoreError> {
        self.read(|disk| disk.find_character(user_id)).await
    }

    async fn load_character(&self, character_id: CharacterId) -> Result<Option<CharacterProfile>, StoreError> {
        self.read(|disk| disk.profiles.get(&character_id).map(|(profile, _)| profile.clone())).await
    }

    async fn create_character(&self, _character: &NewCharacter) -> Result<CharacterProfile, StoreError> {
        Err(StoreError::NameTaken)
    }

    async fn renew_newcomer(&self, _character_id: CharacterId) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn names(&self) -> Result<Vec<NamedCharacter>, StoreError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl Sessions for SimStore {
    async fn save_sessions(&self, sessions: &[SessionRecord]) -> Result<(), StoreError> {
        let sessions = sessions.to_vec();
        self.write(|disk| disk.sessions.extend(sessions.into_iter().map(|it| (it.session_id, it)))).await
    }

    async fn find_session(&self, token_hash: &[u8; 32]) -> Result<Option<SessionRecord>, StoreError> {
        let is_it = |record: &&SessionRecord| {
            record.token_hash == *token_hash || record.previous_token_hash.as_ref() == Some(token_hash)
        };
        self.read(|disk| disk.sessions.values().find(is_it).cloned()).await
    }

    async fn end_session(&self, session_id: SessionId) -> Result<(), StoreError> {
        match self.write(|disk| drop(disk.sessions.remove(&session_id))).await {
            // Nothing is found to be deleted by who holds no lease.
            Err(StoreError::Fenced) => Ok(()),
            outcome => outcome,
        }
    }
}

#[async_trait]
impl Issuers for SimStore {
    async fn issuers(&self) -> Result<Vec<KnownIssuer>, StoreError> {
        Ok(Vec::new())
    }

    async fn note_issuer(&self, _issuer: &KnownIssuer) -> Result<(), StoreError> {
        Ok(())
    }
}

#[async_trait]
impl Retention for SimStore {
    async fn retain(&self, _now: Timestamp, _keep_days: u16) -> Result<RetentionReport, StoreError> {
        Ok(RetentionReport::default())
    }

    async fn retention_plan(&self, _now: Timestamp, _keep_days: u16) -> Result<RetentionReport, StoreError> {
        Ok(RetentionReport::default())
    }

    async fn clock_signs(&self) -> Result<ClockSigns, StoreError> {
        let newest_row = self.read(Disk::newest_row).await?;
        Ok(ClockSigns { newest_row, newest: newest_row, jumps: Vec::new() })
    }

    async fn note_clock_jump(&self, _jump: ClockJump) -> Result<(), StoreError> {
        Ok(())
    }

    async fn forget_clock_jumps(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

#[async_trait]
impl Maintenance for SimStore {
    async fn worlds(&self) -> Result<Vec<String>, StoreError> {
        Ok(vec!["world".to_owned()])
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.reach(3).await
    }
}
