//! Nothing acknowledged is ever lost (FR-004, FR-006, FR-007, FR-008, NFR-004): players act without
//! pause while the server, Postgres or both are killed with SIGKILL at random moments, in the midst
//! of commits, of starts and recoveries, and of bootstraps; after each restart everything that
//! anybody was ever told is held against the log and the world.
//!
//! 10 kills on two stores; 1,000 with TILEMUD_LONG; TILEMUD_TEST_KILLS overrides. TILEMUD_TEST_SEED
//! chooses the schedule of kills and what players do; how these meet is up to the machine.

mod account;
mod audit;
mod chance;
mod client;
mod crowd;
mod deeds;
mod figures;
mod line;
mod log;
mod schedule;
mod siege;
mod stand;

use crate::chance::Chance;
use crate::schedule::Target;
use crate::stand::StoreKind;

/// Of five kills, how many are on the embedded store; where only the server can be killed.
const EMBEDDED_OF_FIVE: usize = 2;

/// Acknowledgements that a run must have checked for each kill, or there was next to no load.
const ACKS_PER_KILL_MIN: u64 = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_the_server_is_killed_nothing_acknowledged_is_lost_or_doubled_on_the_embedded_store() {
    let kills = kills() * EMBEDDED_OF_FIVE / 5;
    besiege(StoreKind::Embedded, kills, &[Target::Server]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_the_server_or_postgres_is_killed_nothing_acknowledged_is_lost_or_doubled_on_postgres() {
    let kills = kills() - kills() * EMBEDDED_OF_FIVE / 5;
    besiege(StoreKind::Postgres, kills, &[Target::Server, Target::Postgres, Target::Both]).await;
}

#[test]
fn a_seed_draws_the_same_schedule_and_another_seed_another() {
    let targets = [Target::Server, Target::Postgres, Target::Both];
    let drawn = |seed| format!("{:?}", schedule::draw(30, &targets, &mut Chance::new(seed, 0)));
    assert_eq!(drawn(7), drawn(7));
    assert_ne!(drawn(7), drawn(8));
}

async fn besiege(kind: StoreKind, kills: usize, targets: &[Target]) {
    let seed = number("TILEMUD_TEST_SEED").unwrap_or_else(Chance::fresh_seed);
    let blows = schedule::draw(kills, targets, &mut Chance::new(seed, 0));
    let (figures, outcome) = siege::lay(kind, seed, &blows).await;
    println!("{kind:?}: {figures}");
    if let Err(error) = outcome {
        panic!("{error:#}\n{figures}");
    }
    assert_eq!((figures.lost, figures.doubled, figures.otherwise_wrong), (0, 0, 0), "{figures}");
    assert_eq!(u64::from(figures.kills()), kills as u64);
    assert!(figures.acks >= ACKS_PER_KILL_MIN * kills as u64, "next to no load: {figures}");
}

fn kills() -> usize {
    let usual = if std::env::var_os("TILEMUD_LONG").is_some() { 1_000 } else { 10 };
    number("TILEMUD_TEST_KILLS").and_then(|kills| usize::try_from(kills).ok()).unwrap_or(usual)
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
