//! T088: the daily job of a running server, by a clock that the test moves, on both durable stores:
//! a day after a day passes, something happens on each, and what is older than it is kept is really
//! gone.

use std::sync::Arc;
use std::time::Duration;

use tilemud_persist::store::{Batch, CharacterProfile, NewCharacter, Store, StoredMap, StoredSnapshot};
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{
    ActionEvent, ActionId, CharacterId, CharacterState, Direction, Intent, IntentOutcome, MapId, Performed, Position,
    SessionId, TickRecord, Timestamp, UserId,
};
use tilemud_server::engine::retention::{self, Days};
use tilemud_server::engine::world;
use tilemud_sim::{Map, Sim, WorldSnapshot};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const KEEP_DAYS: u16 = 30;
const TURNS: u64 = 40;

/// A world in which one thing is done each time that the job rests.
struct Calendar {
    store: Arc<dyn Store>,
    hero: CharacterProfile,
    session_id: SessionId,
    began: Timestamp,
    passed: Duration,
    /// A world on the map that is stored with the number 1.
    world: WorldSnapshot,
    /// Ticks so far, each with the time it was committed at.
    ticks: Arc<std::sync::Mutex<Vec<(u64, Timestamp)>>>,
    shutdown: CancellationToken,
}

impl Days for Calendar {
    fn now(&self) -> Timestamp {
        self.began.plus_millis(i64::try_from(self.passed.as_millis()).unwrap())
    }

    fn passed(&self) -> Duration {
        self.passed
    }

    async fn rest(&mut self, wait: Duration) {
        let tick = self.ticks.lock().unwrap().len() as u64 + 1;
        if tick > TURNS {
            self.shutdown.cancel();
            return std::future::pending().await;
        }
        self.passed += wait;
        let at = self.now();
        let event = ActionEvent {
            action_id: ActionId(Uuid::now_v7()),
            session_id: self.session_id,
            user_id: self.hero.user_id.clone(),
            character_id: self.hero.character_id,
            sequence_number: tick,
            performed: Performed {
                intent: Intent::Move { direction: Direction::East },
                outcome: IntentOutcome::Move { to: Position { x: 1, y: 1 } },
            },
            persisted_at: at,
            tick,
            tick_order: 0,
        };
        let records = vec![TickRecord { tick, ..TickRecord::default() }];
        let batch = Batch { tick, persisted_at: Some(at), events: vec![event], records, ..Batch::default() };
        self.store.commit(&batch).await.unwrap();
        let data = WorldSnapshot { tick, ..self.world.clone() }.encode();
        self.store.save_snapshot(&StoredSnapshot { tick, taken_at: at, data }).await.unwrap();
        self.ticks.lock().unwrap().push((tick, at));
    }
}

async fn days_pass(url: &str) {
    let store = tilemud_persist::open(url, "test").await.unwrap();
    let new = NewCharacter {
        character_id: CharacterId(Uuid::now_v7()),
        user_id: UserId("user".into()),
        state: CharacterState {
            display_name: "Hero".into(),
            look: "ranger".into(),
            health: 100,
            ..CharacterState::default()
        },
    };
    let hero = store.create_character(&new).await.unwrap();
    let began = tilemud_vitals::clock::now();
    for number in 1..=2 {
        let map = StoredMap { id: MapId([number; 32]), stored_at: began, data: vec![number] };
        store.save_map(&map).await.unwrap();
    }
    let mut world = Sim::new(Arc::new(Map::built_in()), world::config(&Map::built_in(), 1, false)).snapshot();
    world.provenance.map = Some(MapId([1; 32]));
    let (ticks, shutdown) = (Arc::default(), CancellationToken::new());
    let calendar = Calendar {
        store: Arc::clone(&store),
        hero,
        session_id: SessionId(Uuid::now_v7()),
        began,
        passed: Duration::ZERO,
        world,
        ticks: Arc::clone(&ticks),
        shutdown: shutdown.clone(),
    };
    retention::turns(store.clone(), KEEP_DAYS, shutdown, calendar).await;

    let ticks = ticks.lock().unwrap().clone();
    let (_, now) = *ticks.last().unwrap();
    let day_ms = 24 * 3_600 * 1_000;
    let kept: Vec<u64> = ticks
        .iter()
        .filter(|(_, at)| at.plus_millis(i64::from(KEEP_DAYS) * day_ms) >= now)
        .map(|(tick, _)| *tick)
        .collect();
    assert_eq!(kept, (TURNS - u64::from(KEEP_DAYS)..=TURNS).collect::<Vec<_>>(), "a turn a day");
    let logged = store.read_log(0, 1_000).await.unwrap();
    let logged_ticks: Vec<u64> = logged.iter().map(|tick| tick.record.tick).collect();
    assert_eq!(logged_ticks, kept);
    assert!(logged.iter().all(|tick| tick.events.len() == 1), "with their events");
    let is_there = async |number| store.map(MapId([number; 32])).await.unwrap().is_some();
    assert!(is_there(1).await, "the snapshot is of this map");
    assert!(!is_there(2).await, "nothing is of this one any more");
}

#[tokio::test]
async fn t088_the_daily_job_deletes_what_is_older_than_it_is_kept_on_the_embedded_store() {
    let data = tempfile::tempdir().unwrap();
    days_pass(&format!("sqlite:{}", tilemud_support::process::database(data.path()).display())).await;
}

#[tokio::test]
async fn t088_the_daily_job_deletes_what_is_older_than_it_is_kept_on_postgres() {
    let postgres = PostgresServer::start();
    days_pass(&postgres.create_database().await).await;
}
