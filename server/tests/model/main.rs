//! A model of what players may be told, and random play against it (FR-004, FR-007, FR-008, FR-018,
//! NFR-004).
//!
//! Each case plays a random script of intents, repeats, gaps, lost and doubled connections, tokens
//! good and bad, held and failing commits, restarts and crashes against a real server over real
//! sockets. Whatever the timing, nothing may be lost, doubled or reordered. Cases: 200, or 10,000
//! with TILEMUD_LONG; TILEMUD_TEST_MODEL_CASES overrides. The seed of a failed case is kept in
//! `regressions.txt` beside this file and played first ever after.

mod actor;
mod connect;
mod log;
mod play;
mod rig;
mod script;
mod verdict;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestError, TestRunner};
use tilemud_sim::Map;
use tilemud_support::ground::crossroads;

use crate::rig::{Figures, Rig};
use crate::script::Script;

/// Cases under way at once: most of the time of a case is waiting for ticks.
const WORKERS: u32 = 4;

/// Attempts at a smaller script, each with its own timing.
const SHRINK_ITERATIONS_MAX: u32 = 60;

const REGRESSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/model/regressions.txt");

#[test]
fn whatever_happens_nothing_is_lost_doubled_or_reordered() {
    let map = Arc::new(crossroads());
    many(cases(200, 10_000), script::scripts, |runtime, script| {
        runtime.block_on(async {
            let mut rig = Rig::local(&map).await.map_err(failed)?;
            played(&mut rig, script).await
        })
    });
}

#[test]
fn whenever_the_process_is_killed_nothing_is_lost_doubled_or_reordered() {
    let map = Arc::new(Map::built_in());
    many(cases(4, 200), script::process_scripts, |runtime, script| {
        runtime.block_on(async {
            let mut rig = Rig::process(&map).await.map_err(failed)?;
            played(&mut rig, script).await
        })
    });
}

async fn played(rig: &mut Rig, script: &Script) -> Result<Figures, TestCaseError> {
    let outcome = play::play(rig, script).await;
    outcome.map_err(|error| TestCaseError::fail(format!("{error:#}\n{}\n{error:#}", rig.history())))?;
    Ok(rig.figures.clone())
}

#[allow(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
fn failed(error: anyhow::Error) -> TestCaseError {
    TestCaseError::fail(format!("{error:#}"))
}

fn cases(normal: u32, long: u32) -> u32 {
    let chosen = std::env::var("TILEMUD_TEST_MODEL_CASES").ok().and_then(|cases| cases.parse().ok());
    chosen.unwrap_or(if std::env::var_os("TILEMUD_LONG").is_some() { long } else { normal })
}

/// Plays so many cases on a few threads, and prints what happened in them.
fn many<S>(
    cases: u32,
    strategy: fn() -> S,
    play: impl Fn(&tokio::runtime::Runtime, &Script) -> Result<Figures, TestCaseError> + Sync,
) where
    S: Strategy<Value = Script>,
{
    let started = Instant::now();
    let sum: [AtomicU32; 8] = Default::default();
    std::thread::scope(|scope| {
        let workers = WORKERS.min(cases);
        let threads: Vec<_> = (0..workers)
            .map(|worker| {
                let (play, sum) = (&play, &sum);
                let share = cases / workers + u32::from(worker < cases % workers);
                scope.spawn(move || {
                    let runtime = tokio::runtime::Builder::new_multi_thread()
                        .worker_threads(2)
                        .enable_all()
                        .build()
                        .expect("a runtime can be made");
                    let config = Config {
                        cases: share,
                        max_shrink_iters: SHRINK_ITERATIONS_MAX,
                        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(REGRESSIONS))),
                        ..Config::default()
                    };
                    let outcome = TestRunner::new(config).run(&strategy(), |script| {
                        let figures = play(&runtime, &script)?;
                        let counted = [
                            1,
                            figures.intents.get(),
                            figures.acks.get(),
                            figures.reconnects.get(),
                            figures.delta_resumes.get(),
                            figures.sessions_lost.get(),
                            figures.stops.get(),
                            figures.crashes.get(),
                        ];
                        for (sum, more) in sum.iter().zip(counted) {
                            sum.fetch_add(more, Ordering::Relaxed);
                        }
                        Ok(())
                    });
                    match outcome {
                        Ok(()) => {}
                        Err(TestError::Fail(reason, script)) => panic!("{}\nin {script:#?}", reason.message()),
                        Err(TestError::Abort(reason)) => panic!("{}", reason.message()),
                    }
                })
            })
            .collect();
        for thread in threads {
            if let Err(panic) = thread.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
    let [cases, intents, acks, reconnects, resumes, lost, stops, crashes] = sum.map(AtomicU32::into_inner);
    println!(
        "{cases} cases, {intents} intents, {acks} acknowledged, {reconnects} reconnects ({resumes} by deltas, {lost} to a \
         fresh session), {} restarts, {crashes} crashes in {:.0} s",
        stops.saturating_sub(cases),
        started.elapsed().as_secs_f64()
    );
}
