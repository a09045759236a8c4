//! `perf recovery`: how long a server takes to come back from a long log (NFR-004). Makes a real
//! log with a real world and its store on each database, then brings the world back from it as a
//! start does, and says what that took.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use tilemud_persist::store::{Batch, LeaseRequest, NewCharacter, Store};
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{CharacterId, CharacterState, Direction, Intent, SessionId, Tick, Timestamp, UserId};
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
    let postgres = server.create_database().await;
    measure("Postgres", &postgres, options).await
}

async fn measure(name: &str, url: &str, options: &Options) -> Result<()> {
    let map = Arc::new(Map::built_in());
    let store = tilemud_persist::open(url, &map.name).await?;
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
    let mut sim = Sim::new(map, config);
    recovery.save(&sim.snapshot()).await?;
    let began = Instant::now();
    let (ticks, events) = write_log(&*store, &mut sim, options).await?;
    eprintln!("{name}: {events} events in {ticks} ticks written in {:.1} s", began.elapsed().as_secs_f64());
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
        "{name}: {events} events in {ticks} ticks recovered in {:.2} s, {:.2} s of CPU in the server; hashes as recorded ({expected:x?})",
        took.as_secs_f64(),
        cpu,
    );
    Ok(())
}

/// Lets the players walk about until there are enough events.
async fn write_log(store: &dyn Store, sim: &mut Sim, options: &Options) -> Result<(Tick, usize)> {
    let people: Vec<_> = (0..options.players).map(identity).collect();
    for identity in &people {
        store.create_character(&new_character(identity)).await?;
    }
    let mut inputs: Vec<Input> = people.iter().enumerate().map(|(key, identity)| join(key, identity)).collect();
    let mut seqs = vec![0; people.len()];
    let (mut batch, mut events) = (Batch::default(), 0);
    while events < options.events {
        let output = sim.tick(&mut inputs);
        events += output.events.len();
        batch.tick = output.tick;
        stage::append_events(&mut batch.events, &output, NOON);
        batch.records.push(output.record);
        if batch.records.len() >= TICKS_PER_BATCH || events >= options.events {
            batch.persisted_at = Some(NOON);
            store.commit(&batch).await?;
            batch = Batch::default();
        }
        for (key, seq) in seqs.iter_mut().enumerate() {
            *seq += 1;
            // Everyone goes round in small circles of their own, so that most steps are possible.
            let direction = Direction::ALL[(usize::try_from(*seq)? / 3 + key) % 4];
            let session = SessionKey(key as u64 + 1);
            inputs.push(Input::Intent(PendingIntent {
                session,
                connection: 0,
                seq: *seq,
                intent: Intent::Move { direction },
                outcome: None,
            }));
        }
    }
    Ok((sim.last_tick(), events))
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
