//! What all of a case shares: its plan, the database, the process that is running, what has been
//! found to be wrong, and the history that a failure is told with.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, Result, ensure};
use parking_lot::Mutex;
use tilemud_net::auth::{AuthConfig, Authenticator, DevIssuer};
use tilemud_net::committed::Release;
use tilemud_net::session::{Packed, ServedMap};
use tilemud_persist::store::CharacterProfile;
use tilemud_schema::rest::WorldSummary;
use tilemud_schema::{CharacterId, CharacterState, IntentAck, Position, SessionId, Tick, Timestamp, UserId};
use tilemud_sim::Map;
use tilemud_sim::SpawnTiles;
use tilemud_sim::limits::CHUNK_SIZE;
use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

use crate::disk::Disk;
use crate::life::Life;
use crate::plan::{Dice, Plan};
use crate::store::{Database, Weather};

/// Lines of history that a failure is told with.
const HISTORY_LINES_SHOWN: usize = 60;

/// What is the same in all cases.
pub struct Ground {
    pub map: Arc<Map>,
    authenticator: Authenticator,
}

impl Ground {
    pub fn get() -> &'static Self {
        static GROUND: OnceLock<Ground> = OnceLock::new();
        GROUND.get_or_init(|| {
            let folder = tempfile::tempdir().expect("a folder can be made");
            let dev_issuer = DevIssuer::open(&folder.path().join("key")).expect("a key can be made");
            let config = AuthConfig { oidc: None, dev_issuer: Some(dev_issuer) };
            let authenticator = Authenticator::new(config).expect("an issuer is enough");
            Self { map: Arc::new(tilemud_support::ground::crossroads()), authenticator }
        })
    }

    pub fn authenticator(&self) -> Authenticator {
        self.authenticator.clone()
    }

    /// The map as clients would load it, which these do not.
    pub fn served(&self) -> Arc<ServedMap> {
        let spawn = SpawnTiles::of_map(&self.map, 0);
        let (name, etag) = (self.map.name.clone(), String::new());
        let (width, height) = (self.map.width, self.map.height);
        Arc::new(ServedMap {
            summary: WorldSummary { name, width, height, chunk_size: CHUNK_SIZE, etag },
            whole: Packed::default(),
            outline: Packed::default(),
            files: BTreeMap::new(),
            sections: Box::new(()),
            place: Box::new(move |character| spawn.choose(character)),
        })
    }
}

pub struct World {
    pub plan: Plan,
    pub ground: &'static Ground,
    pub database: Arc<Database>,
    current: RefCell<Option<Rc<Life>>>,
    /// All that were ever started.
    pub lives: RefCell<Vec<Rc<Life>>>,
    pub lives_begun: Cell<u32>,
    failure: RefCell<Option<String>>,
    pub failed: Notify,
    history: RefCell<Vec<String>>,
    keeps_history: bool,
    began: Instant,
    /// The tokens and sessions that the players hold, for who would steal them.
    pub tokens: RefCell<BTreeMap<usize, (SessionId, String)>>,
    pub figures: Figures,
}

#[derive(Debug, Default)]
pub struct Figures {
    pub intents: Cell<u64>,
    pub acks: Cell<u64>,
    pub connects: Cell<u64>,
    pub deltas: Cell<u64>,
}

pub fn count(figure: &Cell<u64>) {
    figure.set(figure.get() + 1);
}

pub fn character_of(number: usize) -> CharacterId {
    CharacterId(Uuid::from_u128(0xc0 + number as u128))
}

pub fn user_of(number: usize) -> UserId {
    UserId(name_of(number).into())
}

pub fn name_of(number: usize) -> String {
    ["Anna", "Boris", "Clara", "Dmitri"][number].to_owned()
}

impl World {
    pub fn new(plan: Plan, keeps_history: bool) -> Rc<Self> {
        let ground = Ground::get();
        let mut disk = Disk::default();
        let middle = ground.map.spawn;
        for number in 0..plan.players {
            let profile = CharacterProfile {
                character_id: character_of(number),
                user_id: user_of(number),
                state: CharacterState {
                    display_name: name_of(number).into(),
                    look: "traveller_1".into(),
                    position: Some(Position { x: middle.x + number as i32, y: middle.y + 1 }),
                    health: 100,
                    ..CharacterState::default()
                },
                created_at: Timestamp::from_micros(0),
                updated_at: Timestamp::from_micros(0),
            };
            disk.profiles.insert(profile.character_id, (profile, 0));
        }
        let weather = Weather::fine(Dice::new(plan.seed, 2));
        let database = Arc::new(Database { disk: Mutex::new(disk), weather: Mutex::new(weather), mutant: plan.mutant });
        Rc::new(Self {
            plan,
            ground,
            database,
            current: RefCell::default(),
            lives: RefCell::default(),
            lives_begun: Cell::new(0),
            failure: RefCell::default(),
            failed: Notify::new(),
            history: RefCell::default(),
            keeps_history,
            began: Instant::now(),
            tokens: RefCell::default(),
            figures: Figures::default(),
        })
    }

    /// The process that players find.
    pub fn current(&self) -> Option<Rc<Life>> {
        self.current.borrow().clone().filter(|life| !life.is_over())
    }

    pub fn set_current(&self, life: Option<Rc<Life>>) {
        *self.current.borrow_mut() = life;
    }

    /// Something is wrong; the first is what is told.
    pub fn fail(&self, what: String) {
        self.note(|| format!("!! {what}"));
        self.failure.borrow_mut().get_or_insert(what);
        self.failed.notify_one();
    }

    pub fn failure(&self) -> Option<String> {
        self.failure.borrow().clone()
    }

    /// A process cannot go on. That is right when another one has taken its world.
    pub fn lost(&self, life: &Life, why: &str) {
        self.note(|| format!("---- life {} cannot go on: {why}", life.number));
        let newest = self.lives_begun.get();
        if life.number == newest && !life.is_over() {
            self.fail(format!("life {} ended without reason: {why}", life.number));
        }
    }

    pub fn note(&self, line: impl FnOnce() -> String) {
        if self.keeps_history {
            let at = self.began.elapsed().as_millis();
            self.history.borrow_mut().push(format!("{at:>6} {}", line()));
        }
    }

    /// The end of the history.
    pub fn history(&self) -> String {
        let history = self.history.borrow();
        match std::env::var_os("TILEMUD_TEST_WHOLE_HISTORY") {
            Some(_) => history.join("\n"),
            None => history[history.len().saturating_sub(HISTORY_LINES_SHOWN)..].join("\n"),
        }
    }

    /// Everything of a tick that is released has been committed, and nobody has complained of what
    /// was.
    pub fn check_release(&self, release: &Release) {
        let disk = self.database.disk.lock();
        if let Some(complaint) = disk.complaints.first() {
            self.fail(complaint.clone());
        }
        let Release::Tick(committed) = release else { return };
        let output = &committed.output;
        let is_there = disk.records.get(&output.tick).is_some_and(|(record, _)| record.hashes == output.record.hashes);
        if output.is_durable() && !is_there {
            self.fail(format!("tick {} is released and not in the log", output.tick));
        }
    }

    /// What is acknowledged is durable by then, exactly as acknowledged.
    pub fn ensure_durable(&self, session: SessionId, ack: &IntentAck) -> Result<()> {
        count(&self.figures.acks);
        let stored = self.database.disk.lock().find(session, ack.seq);
        let stored = stored.with_context(|| format!("{} is acknowledged and not in the store", ack.seq))?;
        let is_same = (stored.action_id, stored.persisted_at) == (ack.action_id, ack.persisted_at);
        ensure!(is_same, "{ack:?} is stored as {stored:?}");
        Ok(())
    }

    /// Where the log says that a character stood after a tick.
    pub fn place(&self, name: &str, tick: Tick) -> Option<Position> {
        let number = (0..self.plan.players).find(|number| name_of(*number) == name)?;
        self.database.disk.lock().place(character_of(number), tick)
    }
}
