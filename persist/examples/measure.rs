//! Measures what the store costs, on SQLite and on a private Postgres that waits for the disk:
//! reading the log for a recovery, what the check of the lease adds to a commit, and how many
//! newcomers it takes in. Prints one line per figure. To be run with `--release`:
//! `cargo run --release -p tilemud-persist --features testing --example measure [EVENTS [ROUNDS]]`.

#![allow(clippy::unwrap_used, reason = "a measurement that fails says so by panicking")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use tilemud_persist::Store;
use tilemud_persist::store::{Batch, LeaseRequest, NewCharacter};
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{
    ActionEvent, ActionId, CharacterId, CharacterState, ChatChannel, Direction, Intent, IntentOutcome, Performed,
    Position, SessionId, TickRecord, Timestamp, UserId, WorldHashes,
};
use tokio::task::JoinSet;
use uuid::Uuid;

const EVENTS_PER_TICK: u64 = 100;
const TICKS_PER_BATCH: u64 = 100;
const SESSIONS: u64 = 500;
const PAGE_EVENTS: usize = 20_000;
const COMMITS: u64 = 400;

#[tokio::main]
async fn main() {
    let argument = |number, default| std::env::args().nth(number).map_or(default, |text| text.parse().unwrap());
    let (events, rounds) = (argument(1, 1_000_000), argument(2, 3));
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", folder.path().join("store.db").display());
    measure("sqlite", &sqlite, events, rounds, None).await;
    let server = PostgresServer::start_durable();
    let postgres = server.create_database().await;
    let postmaster = postmaster(&postgres);
    measure("postgres", &postgres, events, rounds, Some(postmaster)).await;
}

async fn measure(name: &str, url: &str, events: u64, rounds: u64, postmaster: Option<u32>) {
    let free = tilemud_persist::open(url, "free").await.unwrap();
    let leased = tilemud_persist::open(url, "leased").await.unwrap();
    leased.acquire_lease(&LeaseRequest { holder: "measure".to_owned(), supersedes: None }).await.unwrap();
    commits(name, &free, &leased, postmaster).await;
    for round in 0..rounds {
        newcomers(name, &tilemud_persist::open(url, &format!("new {round}")).await.unwrap()).await;
    }

    let store = tilemud_persist::open(url, "long").await.unwrap();
    let players = Players::new();
    let begun = Instant::now();
    let ticks = events / EVENTS_PER_TICK;
    for first in (1..=ticks).step_by(TICKS_PER_BATCH as usize) {
        store.commit(&players.batch(first..(first + TICKS_PER_BATCH).min(ticks + 1))).await.unwrap();
    }
    println!("{name}: {events} events written in {:?}", begun.elapsed());
    for round in 0..rounds {
        let (begun, own, servers) = (Instant::now(), own_cpu(), postmaster.map(cpu_of_children));
        let (mut after, mut read) = (0, 0);
        loop {
            let page = store.read_log(after, PAGE_EVENTS).await.unwrap();
            let Some(last) = page.last() else { break };
            after = last.record.tick;
            read += page.iter().map(|tick| tick.events.len() as u64).sum::<u64>();
        }
        assert_eq!(read, ticks * EVENTS_PER_TICK);
        let (elapsed, own) = (begun.elapsed(), own_cpu() - own);
        let of_servers = postmaster.map(cpu_of_children).zip(servers).map(|(after, before)| after - before);
        println!(
            "{name}: read_log round {round}: {read} events in {elapsed:?}, own CPU {own:?}, server {of_servers:?}"
        );
    }
}

/// Alternates between a world with a lease and one without, so that both see the same machine.
async fn commits(name: &str, free: &Arc<dyn Store>, leased: &Arc<dyn Store>, postmaster: Option<u32>) {
    let players = Players::new();
    let (own, servers) = (own_cpu(), postmaster.map(cpu_of_children));
    let mut times = [Vec::new(), Vec::new()];
    for tick in 1..=COMMITS {
        for (store, times) in [free, leased].into_iter().zip(&mut times) {
            let batch = players.batch(tick..tick + 1);
            let begun = Instant::now();
            store.commit(&batch).await.unwrap();
            times.push(begun.elapsed());
        }
    }
    let own = (own_cpu() - own) / (2 * COMMITS as u32);
    let servers =
        postmaster.map(cpu_of_children).zip(servers).map(|(after, before)| (after - before) / (2 * COMMITS as u32));
    println!("{name}: CPU of a commit of {EVENTS_PER_TICK} events: own {own:?}, server {servers:?}");
    for (which, mut times) in ["without", "with"].into_iter().zip(times) {
        times.sort();
        let [p50, p99] = [50, 99].map(|percent| times[times.len() * percent / 100]);
        println!("{name}: commit of {EVENTS_PER_TICK} events {which} a lease: p50 {p50:?}, p99 {p99:?}");
    }
}

/// Newcomers one after the other, each with a wait for the disk, and a crowd at once.
async fn newcomers(name: &str, store: &Arc<dyn Store>) {
    let new = |number: u64| NewCharacter {
        character_id: CharacterId(Uuid::now_v7()),
        user_id: UserId(format!("dev|newcomer-{number}").into()),
        state: CharacterState { display_name: format!("Newcomer {number}").into(), health: 100, ..Default::default() },
    };
    let begun = Instant::now();
    for number in 0..SESSIONS {
        store.create_character(&new(number)).await.unwrap();
    }
    let alone = SESSIONS as f64 / begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let mut crowd = JoinSet::new();
    for new in (SESSIONS..2 * SESSIONS).map(new) {
        let store = Arc::clone(store);
        crowd.spawn(async move { store.create_character(&new).await.is_ok() });
    }
    let made = crowd.join_all().await.into_iter().filter(|made| *made).count();
    let together = made as f64 / begun.elapsed().as_secs_f64();
    println!("{name}: newcomers a second: {alone:.0} one by one, {together:.0} of {SESSIONS} at once, {made} let in");
}

struct Players(Vec<(SessionId, CharacterId, UserId)>);

impl Players {
    fn new() -> Self {
        let player = |number| {
            (SessionId(Uuid::now_v7()), CharacterId(Uuid::now_v7()), UserId(format!("dev|player-{number}").into()))
        };
        Self((0..SESSIONS).map(player).collect())
    }

    fn batch(&self, ticks: std::ops::Range<u64>) -> Batch {
        let now = Timestamp::from_micros(1_795_435_200_123_456);
        let newest = ticks.end - 1;
        let mut batch = Batch { tick: newest, persisted_at: Some(now), ..Batch::default() };
        for tick in ticks {
            let hashes = WorldHashes { characters: tick << 40, objects: !tick, tiles: 7 };
            batch.records.push(TickRecord { tick, hashes, ..TickRecord::default() });
            for order in 0..EVENTS_PER_TICK {
                let number = tick * EVENTS_PER_TICK + order;
                let (session_id, character_id, user_id) = &self.0[(number % SESSIONS) as usize];
                let performed = if number.is_multiple_of(20) {
                    Performed {
                        intent: Intent::Chat {
                            channel: ChatChannel::Say,
                            text: "hello, how are you?".into(),
                            to: None,
                        },
                        outcome: IntentOutcome::Chat {},
                    }
                } else {
                    let to = Position { x: (number % 211) as i32 - 100, y: (number % 97) as i32 };
                    Performed {
                        intent: Intent::Move { direction: Direction::East },
                        outcome: IntentOutcome::Move { to },
                    }
                };
                batch.events.push(ActionEvent {
                    action_id: ActionId(Uuid::now_v7()),
                    session_id: *session_id,
                    user_id: user_id.clone(),
                    character_id: *character_id,
                    sequence_number: number / SESSIONS,
                    performed,
                    persisted_at: now,
                    tick,
                    tick_order: order as u32,
                });
            }
        }
        batch
    }
}

fn own_cpu() -> Duration {
    cpu_of(std::process::id()).unwrap_or_default().1
}

/// The process of a private server, by the socket folder in its URL.
fn postmaster(url: &str) -> u32 {
    let folder = url.split('@').nth(1).and_then(|rest| rest.split(':').next()).unwrap().replace("%2F", "/");
    let file = std::fs::read_to_string(format!("{folder}/data/postmaster.pid")).unwrap();
    file.lines().next().unwrap().parse().unwrap()
}

fn cpu_of_children(postmaster: u32) -> Duration {
    let processes =
        std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    processes.filter_map(cpu_of).filter(|(parent, _)| *parent == postmaster).map(|(_, cpu)| cpu).sum()
}

/// Parent and CPU time of a process.
fn cpu_of(process: u32) -> Option<(u32, Duration)> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let hundredths = fields[11].parse::<u64>().ok()? + fields[12].parse::<u64>().ok()?;
    Some((fields[1].parse().ok()?, Duration::from_millis(hundredths * 10)))
}
