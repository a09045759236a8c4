//! Plays a plan: one thread, one runtime whose clock stands still unless everybody waits, one
//! process of the server after the other, and players. At the end all faults are over, and
//! everything has to be answered, delivered, durable and replayable.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Once;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use tilemud_persist::store::StoreError;
use tilemud_schema::Timestamp;
use tilemud_server::engine::lease::LeaseError;
use tilemud_server::engine::recovery::RecoveryError;
use tilemud_server::engine::stage::Ending;
use tilemud_sim::flaws;
use tokio::sync::mpsc;
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{Instant, sleep_until, timeout};

use crate::judge;
use crate::life::Life;
use crate::plan::{Dice, Plan, Point, What};
use crate::player::{Order, Player};
use crate::store::{SimStore, pass};
use crate::world::World;

/// Simulated time in which everything has to be answered once the faults are over.
const SETTLES_WITHIN: Duration = Duration::from_secs(60);

/// When the simulated clock begins, microseconds since 1970.
const BEGINS_AT_US: i64 = 1_800_000_000_000_000;

thread_local! {
    static PANICKED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What happened in a case that held.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    pub intents: u64,
    pub acks: u64,
    pub connects: u64,
    pub deltas: u64,
    pub lives: u64,
    /// Snapshots that were written half.
    pub snapshots_torn: u64,
    /// Processes that were told to end while what they had done was refused for good.
    pub ends_undone: u64,
    /// The hashes of the world at the end.
    pub world: u64,
}

/// Plays it. What is wrong, if anything is, with the end of the history when that is wanted.
pub fn play(plan: &Plan, keeps_history: bool) -> Result<Sum, String> {
    note_panics();
    PANICKED.take();
    flaws::put_in(plan.mutant.in_product());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without sockets can always be made");
    let local = LocalSet::new();
    let outcome = local.block_on(&runtime, async {
        tilemud_vitals::clock::simulate(Timestamp::from_micros(BEGINS_AT_US));
        let world = World::new(plan.clone(), keeps_history);
        let outcome = tokio::select! {
            biased;
            outcome = conduct(&world) => outcome,
            () = world.failed.notified() => Ok(Sum::default()),
        };
        let wrong = PANICKED.take().or_else(|| world.failure());
        let wrong = wrong.or_else(|| outcome.as_ref().err().map(|error| format!("{error:#}")));
        world.lives.borrow_mut().drain(..).for_each(|life| life.kill());
        world.set_current(None);
        match wrong {
            None => Ok(outcome.unwrap_or_default()),
            Some(wrong) if keeps_history => Err(format!("{}\n{wrong}", world.history())),
            Some(wrong) => Err(wrong),
        }
    });
    drop(local);
    outcome
}

/// A task that panics is seen by nobody; the thread it was on remembers.
fn note_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICKED.with_borrow_mut(|panicked| *panicked = panicked.take().or_else(|| Some(panic.to_string())));
            before(panic);
        }));
    });
}

async fn conduct(world: &Rc<World>) -> Result<Sum> {
    start(world).await?;
    let supervisor = spawn_local(supervise(Rc::clone(world)));
    let mut orders = Vec::new();
    let mut players = Vec::new();
    for number in 0..world.plan.players {
        let (sender, receiver) = mpsc::unbounded_channel();
        orders.push(sender);
        players.push(spawn_local(Player::new(world, number, receiver).run()));
    }
    let began = Instant::now();
    for step in &world.plan.steps {
        let due = began + Duration::from_millis(step.at_ms);
        sleep_until(due).await;
        ensure!(players.iter().all(|player| !player.is_finished()), "{}", ended_early(players).await);
        world.note(|| format!("== {:?}", step.what));
        perform(world, &orders, &step.what).await?;
    }
    sleep_until(began + Duration::from_millis(world.plan.steps.last().map_or(0, |step| step.at_ms) + 300)).await;
    world.note(|| "== all faults are over".to_owned());
    world.database.weather.lock().clear_up();
    for order in &orders {
        let _ = order.send(Order::Finish);
    }
    let mut finished = Vec::new();
    let settling = async {
        for player in players {
            finished.push(player.await.context("a player has panicked")??);
        }
        anyhow::Ok(())
    };
    timeout(SETTLES_WITHIN, settling)
        .await
        .context("something was never answered, or a player does not come back")??;
    supervisor.abort();
    let life = world.current().context("no process at the end")?;
    life.drain().await.context("the drain at the end")?;
    let hashes = judge::judge(world, &finished, life.recovery()).await?;
    let figures = &world.figures;
    Ok(Sum {
        intents: figures.intents.get(),
        acks: figures.acks.get(),
        connects: figures.connects.get(),
        deltas: figures.deltas.get(),
        lives: world.lives_begun.get().into(),
        snapshots_torn: world.database.disk.lock().snapshots_torn,
        ends_undone: world.lives.borrow().iter().filter(|life| life.ending.get() == Some(Ending::Undone)).count()
            as u64,
        world: hashes,
    })
}

async fn ended_early(players: Vec<tokio::task::JoinHandle<Result<Player>>>) -> String {
    for player in players {
        if player.is_finished() {
            return match player.await {
                Ok(Ok(player)) => format!("player {} finished before it was told to", player.number),
                Ok(Err(error)) => format!("{error:#}"),
                Err(error) => format!("a player has panicked: {error}"),
            };
        }
    }
    String::new()
}

async fn perform(world: &Rc<World>, orders: &[mpsc::UnboundedSender<Order>], what: &What) -> Result<()> {
    let weather = &world.database.weather;
    match what {
        What::Act { who, .. }
        | What::Repeat { who, .. }
        | What::Leap { who, .. }
        | What::Garbage { who, .. }
        | What::Resync { who }
        | What::Cut { who, .. }
        | What::Freeze { who, .. }
        | What::ReadSlowly { who, .. }
        | What::Rejoin { who }
        | What::Fresh { who }
        | What::Logout { who }
        | What::StolenToken { who } => drop(orders[*who].send(Order::Do(what.clone()))),
        What::Slow { ms } => weather.lock().slow_ms = *ms,
        What::LoseAnswer => weather.lock().lose_answer = true,
        What::Fail { times } => weather.lock().fail = *times,
        What::Refuse => world.database.disk.lock().refuses_next = true,
        What::Away { ms } => weather.lock().away_until = Some(Instant::now() + Duration::from_millis(*ms)),
        What::Crash { point } => {
            if *point != Point::Now {
                weather.lock().crash = Some(*point);
            }
            if let Some(life) = world.current().filter(|_| matches!(point, Point::Now | Point::TornSnapshot)) {
                life.kill();
            }
        }
        What::Thief => {
            weather.lock().may_tear = false;
            start(world).await?;
        }
        What::Restart => {
            if let Some(life) = world.current() {
                world.set_current(None);
                if let Err(error) = life.drain().await {
                    world.note(|| format!("---- life {} did not drain: {error:#}", life.number));
                    ensure!(life.is_over() || may_mend(&error), "a process that was told to end: {error:#}");
                }
                life.kill();
            }
        }
    }
    Ok(())
}

/// Starts a process again when there is none.
async fn supervise(world: Rc<World>) {
    let mut dice = Dice::new(world.plan.seed, 3);
    loop {
        pass(10).await;
        if world.current().is_none() {
            pass(dice.below(200)).await;
            if world.current().is_none()
                && let Err(error) = start(&world).await
            {
                return world.fail(format!("no process can be started: {error:#}"));
            }
        }
    }
}

/// Starts a process, which may take several attempts while the store is away; beside one that runs,
/// it takes its world.
async fn start(world: &Rc<World>) -> Result<()> {
    loop {
        let number = world.lives_begun.get() + 1;
        world.lives_begun.set(number);
        world.note(|| format!("---- life {number} begins"));
        let store = SimStore::new(&world.database);
        let started = tokio::select! {
            biased;
            () = store.dies.notified() => None,
            started = Life::start(world, number, std::sync::Arc::clone(&store)) => Some(started),
        };
        let torn = world.database.weather.lock().before_torn.take();
        match started {
            Some(Ok(life)) => {
                ensure!(torn.is_none(), "a log that was written in part was taken for a whole one");
                world.lives.borrow_mut().push(Rc::clone(&life));
                world.set_current(Some(life));
                return Ok(());
            }
            None => store.kill(),
            Some(Err(error)) => {
                store.kill();
                world.note(|| format!("---- life {number} does not begin: {error:#}"));
                match torn {
                    // It has not come as far as the log.
                    Some(before) if may_mend(&error) => {
                        world.database.weather.lock().before_torn = Some(before);
                    }
                    Some(before) => {
                        let is_seen = matches!(error.downcast_ref(), Some(RecoveryError::Divergence(_)));
                        ensure!(is_seen, "a log that was written in part is refused with {error:#}");
                        // Whoever runs it brings the backup.
                        *world.database.disk.lock() = *before;
                    }
                    None if may_mend(&error) => {}
                    None => bail!("{error:#}"),
                }
            }
        }
        pass(100).await;
    }
}

/// Whether another attempt helps: the store was away, or somebody else was faster.
fn may_mend(error: &anyhow::Error) -> bool {
    let of_store = |error: &StoreError| matches!(error, StoreError::Unavailable(_) | StoreError::Fenced);
    match error.downcast_ref() {
        Some(LeaseError::Held { .. }) => true,
        Some(LeaseError::Store(error)) => of_store(error),
        None => match error.downcast_ref() {
            Some(RecoveryError::Store(error)) => of_store(error),
            _ => error.downcast_ref().is_some_and(of_store),
        },
    }
}
