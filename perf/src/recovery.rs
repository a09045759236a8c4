//! `perf recovery`: how long a server takes to come back from a long log (NFR-004). Makes a real
//! log with a real world and its store on each database, then brings the world back from it as a
//! start does, and says what that took; also among other worlds that were written at the same time.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use tilemud_persist::store::{Batch, LeaseRequest, NewCharacter, Store};
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{CharacterId, CharacterState, Direction, Intent, SessionId, Timestamp, UserId};
use tilemud_server::engine::recovery::Recovery;
use tilemud_server::engine::{stage, world};
use tilemud_sim::api::{Identity, Input, PendingIntent, SessionKey};
use tilemud_sim::{Map, Sim};
use uuid::Uuid;

use crate::processes;

/// How long a server takes to come back from a long log
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Events in the log behind the newest snapshot
    #[arg(long, default_value_t = 1_000_000)]
    events: usize,
    /// Players who walk
    #[arg(long, default_value_t = 500)]
    players: u64,
    /// Worlds in the database, each with as many players and as long a log, written by turns; one
    /// of them is brought back
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    worlds: u64,
}

/// When all of it is said to have happened.
const NOON: Timestamp = Timestamp::from_micros(1_795_435_200_000_000);

/// Ticks in one transaction while the log is made.
const TICKS_PER_BATCH: usize = 40;

/// Measures both databases and prints a line for each.
///
/// # Errors
/// A store that fails, or a world that does not come back as it was.
pub async fn run(options: &Options) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let sqlite = format!("sqlite:{}", folder.path().join("store.db").display());
    measure("SQLite", &sqlite, options).await?;
    let server = PostgresServer::start_durable();
    // Each world has some of its own, of which a few stay open.
    let connections = 100 + 4 * options.worlds;
    let setting = format!("ALTER SYSTEM SET max_connections = {connections}");
    server.execute(&server.url("postgres"), &setting).await;
    server.stop();
    server.start_again();
    let postgres = server.create_database().await;
    measure("Postgres", &postgres, options).await
}

async fn measure(name: &str, url: &str, options: &Options) -> Result<()> {
    let began = Instant::now();
    let mut worlds = Vec::new();
    for number in 0..options.worlds {
        worlds.push(Written::begin(url, number, options).await?);
    }
    while worlds.iter().any(|world| world.events < options.events) {
        for world in &mut worlds {
            world.write_on(options.events).await?;
        }
    }
    // One of the midst, as its rows are.
    let Written { store, recovery, sim, events, .. } = worlds.swap_remove(worlds.len() / 2);
    let ticks = sim.last_tick();
    for other in worlds {
        other.store.close().await;
    }
    let (among, wrote) = (options.worlds, began.elapsed().as_secs_f64());
    eprintln!("{name}: {events} events in {ticks} ticks of each of {among} worlds written in {wrote:.1} s");
    let expected = sim.snapshot().hashes;
    let cpu_s = || processes::cpu_s(std::process::id());
    let (began, cpu_before) = (Instant::now(), cpu_s()?);
    let recovered = recovery.recover().await.context("the world did not come back")?;
    let (took, cpu) = (began.elapsed(), cpu_s()? - cpu_before);
    ensure!(
        recovered.characters.len() as u64 == options.players,
        "{} characters came back",
        recovered.characters.len()
    );
    println!(
        "{name}: {events} events in {ticks} ticks of one of {among} worlds recovered in {:.3} s, {:.2} s of CPU in the server; \
         hashes as recorded ({expected:x?})",
        took.as_secs_f64(),
        cpu,
    );
    store.close().await;
    Ok(())
}

/// A world whose log is being written.
struct Written {
    store: Arc<dyn Store>,
    recovery: Recovery,
    sim: Sim,
    inputs: Vec<Input>,
    /// The last of each player.
    seqs: Vec<u64>,
    events: usize,
}

impl Written {
    async fn begin(url: &str, number: u64, options: &Options) -> Result<Self> {
        let map = Arc::new(Map::built_in());
        let store = tilemud_persist::open(url, &format!("{} {number}", map.name)).await?;
        store.acquire_lease(&LeaseRequest { holder: "perf".to_owned(), supersedes: None }).await?;
        let config = world::config(&map, 1, true);
        let recovery = Recovery {
            store: Arc::clone(&store),
            map: Arc::new(Arc::clone(&map).into()),
            config: config.clone(),
            ticks_per_second: 20,
            stamps: Arc::default(),
            is_named: true,
        };
        let sim = Sim::new(map, config);
        recovery.save(&sim.snapshot()).await?;
        let people: Vec<_> = (0..options.players).map(identity).collect();
        for identity in &people {
            store.create_character(&new_character(identity)).await?;
        }
        let inputs = people.iter().enumerate().map(|(key, identity)| join(key, identity)).collect();
        Ok(Self { store, recovery, sim, inputs, seqs: vec![0; people.len()], events: 0 })
    }

    /// Lets the players walk about for one transaction, unless there are enough events.
    async fn write_on(&mut self, events_max: usize) -> Result<()> {
        let mut batch = Batch { persisted_at: Some(NOON), ..Batch::default() };
        while self.events < events_max && batch.records.len() < TICKS_PER_BATCH {
            let output = self.sim.tick(&mut self.inputs);
            self.events += output.events.len();
            batch.tick = output.tick;
            stage::append_events(&mut batch.events, &output, NOON);
            batch.records.push(output.record);
            for (key, seq) in self.seqs.iter_mut().enumerate() {
                *seq += 1;
                // Everyone goes round in small circles of their own, so that most steps are
                // possible.
                let direction = Direction::ALL[(usize::try_from(*seq)? / 3 + key) % 4];
                let session = SessionKey(key as u64 + 1);
                self.inputs.push(Input::Intent(PendingIntent {
                    session,
                    connection: 0,
                    seq: *seq,
                    intent: Intent::Move { direction },
                    outcome: None,
                }));
            }
        }
        if !batch.records.is_empty() {
            self.store.commit(&batch).await?;
        }
        Ok(())
    }
}

fn identity(number: u64) -> Arc<Identity> {
    Arc::new(Identity {
        session_id: SessionId(Uuid::now_v7()),
        user_id: UserId(format!("dev|walker-{number}").into()),
        character_id: CharacterId(Uuid::now_v7()),
    })
}

fn new_character(identity: &Identity) -> NewCharacter {
    NewCharacter {
        character_id: identity.character_id,
        user_id: identity.user_id.clone(),
        state: CharacterState {
            display_name: identity.user_id.0.chars().skip(4).collect::<String>().into(),
            look: "traveller_1".into(),
            health: 100,
            ..CharacterState::default()
        },
    }
}

fn join(key: usize, identity: &Arc<Identity>) -> Input {
    Input::Join {
        session: SessionKey(key as u64 + 1),
        identity: Arc::clone(identity),
        character: Box::new(new_character(identity).state),
        last_seq: 0,
    }
}
