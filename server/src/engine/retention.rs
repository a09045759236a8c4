//! Deletes old rows, by hand and once a day (T088), after a check of the clock: one that is wrong
//! by weeks would delete the whole log. The clock is compared with the times in the store; in doubt
//! nothing is deleted.
//!
//! The rule: the clock may be ahead of the newest time of any world in the store by half of the
//! days that are kept, a day at least. A start that finds a longer jump notes it in the store, and
//! nothing is deleted until `keep_days` after the jump: by then the clock has run normally for that
//! long.
//!
//! Maps that the world was played on go last: those that are as old, and that neither the newest
//! snapshot nor a kept tick of the log names. Earlier snapshots that are kept have the same map, or
//! all of the log after them, which then names it.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tilemud_persist::store::{ClockJump, ClockSigns, Retention, RetentionReport, Store, StoreError};
use tilemud_schema::{MapId, Timestamp};
use tilemud_sim::WorldSnapshot;
use tilemud_vitals::clock;
use tokio_util::sync::CancellationToken;

use crate::config::Order;

/// Time between two retention runs of a running server.
const INTERVAL: Duration = Duration::from_secs(24 * 3_600);

/// Time from the start to the first run, and from a failure to the next attempt.
const DELAY: Duration = Duration::from_secs(10 * 60);

const DAY_US: i64 = 24 * 3_600 * 1_000_000;

/// Why the clock is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It is this far ahead of the newest sign of life.
    Ahead { newest: Timestamp, now: Timestamp },
    /// It made this jump, and has not run for long enough since.
    Jumped(ClockJump),
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = |from: Timestamp, to: Timestamp| (to.as_micros() - from.as_micros()) / DAY_US;
        match self {
            Self::Ahead { newest, now } => write!(
                f,
                "the clock says {now}, {} days after the newest that is known of the worlds there ({newest})",
                days(*newest, *now)
            ),
            Self::Jumped(ClockJump { came_from, went_to }) => {
                write!(
                    f,
                    "the clock went from {came_from} to {went_to}, by {} days, at once",
                    days(*came_from, *went_to)
                )
            }
        }
    }
}

/// How far the clock may be ahead, microseconds.
fn plausible_us(keep_days: u16) -> i64 {
    (i64::from(keep_days) * DAY_US / 2).max(DAY_US)
}

/// Checks whether the clock is doubtful.
#[must_use]
pub fn doubt(now: Timestamp, keep_days: u16, signs: &ClockSigns) -> Option<Doubt> {
    if let Some(jump) = jump(now, keep_days, signs.newest) {
        return Some(Doubt::Ahead { newest: jump.came_from, now });
    }
    let oldest_kept = now.as_micros() - i64::from(keep_days) * DAY_US;
    // One to a time that has not come yet has been undone since: the clock was wrong and is right
    // again.
    let is_recent = |jump: &&ClockJump| jump.went_to.as_micros() > oldest_kept && jump.went_to <= now;
    signs.jumps.iter().find(is_recent).copied().map(Doubt::Jumped)
}

/// The jump from the newest known time to now, if it is too long.
fn jump(now: Timestamp, keep_days: u16, newest: Option<Timestamp>) -> Option<ClockJump> {
    let came_from = newest?;
    let is_too_long = now.as_micros().saturating_sub(came_from.as_micros()) > plausible_us(keep_days);
    is_too_long.then_some(ClockJump { came_from, went_to: now })
}

/// At a start: compares the clock with `signs`, which were read before this server wrote anything,
/// and notes a jump.
///
/// # Errors
/// What the store answers.
pub async fn judge_clock(store: &dyn Retention, keep_days: u16, signs: &ClockSigns) -> Result<(), StoreError> {
    let now = clock::now();
    if let Some(jump) = jump(now, keep_days, signs.newest) {
        tracing::warn!(
            now = %now, newest = %jump.came_from, keep_days,
            "the clock is far ahead of all that is known of the worlds there; if it is wrong, stop the server and set it. Nothing old is \
             deleted for the days that are kept; `tilemud retain --force` says that the clock is right"
        );
        store.note_clock_jump(jump).await?;
    }
    if let Some(newest) = signs.newest_row.filter(|newest| newest.as_micros() > now.as_micros() + DAY_US) {
        tracing::warn!(
            now = %now, newest = %newest,
            "the clock is behind the newest row of this world; the times of new rows go on from there until it has caught up"
        );
    }
    Ok(())
}

/// `tilemud retain` on an open store. Returns a summary.
///
/// # Errors
/// A doubtful clock, or what the store answers.
pub async fn retain(store: &dyn Store, keep_days: u16, order: Order) -> Result<String> {
    let now = clock::now();
    let signs = store.clock_signs().await.context("the store could not be read")?;
    let doubt = doubt(now, keep_days, &signs);
    if order.dry_run {
        let plan = store.retention_plan(now, keep_days).await.context("the store could not be read")?;
        let maps = old_maps(store, now, keep_days).await.context("the store could not be read")?.len();
        let refusal = match doubt {
            Some(doubt) if !order.force => format!("; without --force nothing would be deleted: {doubt}"),
            _ => String::new(),
        };
        return Ok(format!("would delete: {}, {maps} maps{refusal}", counted(&plan)));
    }
    if let Some(doubt) = doubt.filter(|_| !order.force) {
        bail!(
            "nothing was deleted: {doubt}; set the clock, or say --force if it is right (--dry-run shows what would go)"
        );
    }
    let (report, maps) = delete(store, now, keep_days).await.context("the store could not be cleaned up")?;
    if order.force {
        store.forget_clock_jumps().await.context("the store could not be told that the clock is right")?;
    }
    Ok(summary(&report, maps))
}

/// Deletes what is old; with how many maps.
async fn delete(store: &dyn Store, now: Timestamp, keep_days: u16) -> Result<(RetentionReport, u64), StoreError> {
    let report = store.retain(now, keep_days).await?;
    let old = old_maps(store, now, keep_days).await?;
    Ok((report, store.forget_maps(&old, oldest_kept(now, keep_days)).await?))
}

/// The maps that are old and that nothing names. None while it cannot be told which one the newest
/// snapshot is of.
async fn old_maps(store: &dyn Store, now: Timestamp, keep_days: u16) -> Result<Vec<MapId>, StoreError> {
    let Some(newest) = store.newest_snapshot().await? else { return Ok(Vec::new()) };
    let Ok(world) = WorldSnapshot::decode(&newest.data) else { return Ok(Vec::new()) };
    let Some(map) = world.provenance.map else { return Ok(Vec::new()) };
    store.unneeded_maps(&[map], oldest_kept(now, keep_days)).await
}

fn oldest_kept(now: Timestamp, keep_days: u16) -> Timestamp {
    now.plus_millis(-i64::from(keep_days) * DAY_US / 1_000)
}

/// The clock of the daily runs: the machine's, or that of a test that lets days pass.
pub trait Days {
    /// What the clock on the wall says.
    fn now(&self) -> Timestamp;

    /// How long it really is since the turns began.
    fn passed(&self) -> Duration;

    /// Returns after this long.
    fn rest(&mut self, wait: Duration) -> impl Future<Output = ()> + Send;
}

struct Machine(Instant);

impl Days for Machine {
    fn now(&self) -> Timestamp {
        clock::now()
    }

    fn passed(&self) -> Duration {
        self.0.elapsed()
    }

    async fn rest(&mut self, wait: Duration) {
        tokio::time::sleep(wait).await;
    }
}

/// Deletes what is old once a day until shutdown.
pub async fn run(store: Arc<dyn Store>, keep_days: u16, shutdown: CancellationToken) {
    turns(store, keep_days, shutdown, Machine(Instant::now())).await;
}

/// The same by any clock.
pub async fn turns(store: Arc<dyn Store>, keep_days: u16, shutdown: CancellationToken, mut days: impl Days) {
    let mut wait = DELAY;
    let mut last = (days.now(), days.passed());
    // A machine may begin with a clock of long ago: that it is set right is no jump. What is known
    // of the time is read now, before a clock that is set wrong has written any.
    let known = (store.clock_signs().await.ok().and_then(|signs| signs.newest), last.1);
    loop {
        tokio::select! {
            () = days.rest(wait) => {}
            () = shutdown.cancelled() => return,
        }
        // A jump while the server runs shows against the time that has really passed since the last
        // turn.
        let (now, passed) = (days.now(), days.passed());
        let after = |(time, then): (Timestamp, Duration)| {
            time.plus_millis(i64::try_from(passed.saturating_sub(then).as_millis()).unwrap_or(i64::MAX))
        };
        let expected = known.0.map_or(after(last), |newest| after(last).max(after((newest, known.1))));
        wait = match turn(&*store, keep_days, now, expected).await {
            Ok(()) => {
                last = (now, passed);
                INTERVAL
            }
            Err(error) => {
                tracing::warn!(%error, "retention did not finish; it will be tried again");
                DELAY
            }
        };
    }
}

async fn turn(store: &dyn Store, keep_days: u16, now: Timestamp, expected: Timestamp) -> Result<(), StoreError> {
    if let Some(jump) = jump(now, keep_days, Some(expected)) {
        store.note_clock_jump(jump).await?;
    }
    let signs = store.clock_signs().await?;
    if let Some(doubt) = doubt(now, keep_days, &signs) {
        tracing::warn!(%doubt, "nothing old is deleted while the clock is doubted; `tilemud retain --force` says that it is right");
        return Ok(());
    }
    let (report, maps) = delete(store, now, keep_days).await?;
    tracing::info!(report = summary(&report, maps), "retention");
    Ok(())
}

fn counted(report: &RetentionReport) -> String {
    format!(
        "{} events, {} tick records, {} snapshots, {} sessions, {} characters that never entered, {} partitions",
        report.rows_deleted,
        report.ticks_deleted,
        report.snapshots_deleted,
        report.sessions_deleted,
        report.newcomers_deleted,
        report.partitions_dropped
    )
}

fn summary(report: &RetentionReport, maps: u64) -> String {
    format!(
        "partitions: {} made, {} left out, {} dropped, {} in use; deleted: {} events, {} tick records, {} snapshots, {} sessions, \
         {} characters that never entered, {maps} maps",
        report.partitions_made,
        report.partitions_left_out,
        report.partitions_dropped,
        report.partitions_in_use,
        report.rows_deleted,
        report.ticks_deleted,
        report.snapshots_deleted,
        report.sessions_deleted,
        report.newcomers_deleted,
    )
}

#[cfg(test)]
mod tests {
    use tilemud_persist::store::LEASE_LASTS;

    use super::*;

    fn day(number: i64) -> Timestamp {
        Timestamp::from_micros(number * DAY_US)
    }

    fn newest(at: i64) -> ClockSigns {
        ClockSigns { newest_row: Some(day(at)), newest: Some(day(at)), jumps: Vec::new() }
    }

    #[test]
    fn a_clock_is_doubted_when_it_is_ahead_by_more_than_half_of_what_is_kept() {
        assert_eq!(doubt(day(1_000), 30, &ClockSigns::default()), None, "nothing is known of an empty world");
        assert_eq!(doubt(day(115), 30, &newest(100)), None);
        assert!(doubt(Timestamp::from_micros(day(115).as_micros() + 1), 30, &newest(100)).is_some());
        assert_eq!(doubt(day(101), 1, &newest(100)), None, "a day is plausible however little is kept");
        assert!(doubt(day(102), 1, &newest(100)).is_some());
        assert_eq!(doubt(day(50), 30, &newest(100)), None, "a clock that is behind deletes too little, not too much");
    }

    #[tokio::test]
    async fn a_clock_that_jumps_while_the_server_runs_deletes_nothing_from_then_on() {
        let data = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", data.path().join("world.db").display());
        let store = tilemud_persist::open(&url, "test").await.unwrap();
        let now = clock::now();
        turn(&*store, 30, now, now).await.unwrap();
        assert!(store.clock_signs().await.unwrap().jumps.is_empty());
        // Of the 40 days by the clock none has really passed.
        turn(&*store, 30, now, now.plus_millis(-40 * DAY_US / 1_000)).await.unwrap();
        let signs = store.clock_signs().await.unwrap();
        assert_eq!(signs.jumps.len(), 1);
        assert!(matches!(doubt(clock::now(), 30, &signs), Some(Doubt::Jumped(_))));
        store.close().await;
    }

    /// A clock that does what a test has written down for each turn: how far it is moved, after a
    /// day that really passes.
    struct Script {
        now: Timestamp,
        passed: Duration,
        moves_days: std::vec::IntoIter<i64>,
        shutdown: CancellationToken,
    }

    impl Days for Script {
        fn now(&self) -> Timestamp {
            self.now
        }

        fn passed(&self) -> Duration {
            self.passed
        }

        async fn rest(&mut self, _wait: Duration) {
            let Some(days) = self.moves_days.next() else {
                self.shutdown.cancel();
                return std::future::pending().await;
            };
            self.passed += INTERVAL;
            self.now = self.now.plus_millis((1 + days) * DAY_US / 1_000);
        }
    }

    #[tokio::test]
    async fn every_jump_of_a_running_server_counts_and_no_day_after_one_does() {
        let data = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", data.path().join("world.db").display());
        let store = tilemud_persist::open(&url, "test").await.unwrap();
        let shutdown = CancellationToken::new();
        let moves_days = vec![0, 40, 0, 0, 50, 0].into_iter();
        let script = Script { now: clock::now(), passed: Duration::ZERO, moves_days, shutdown: shutdown.clone() };
        let began = script.now;
        turns(store.clone(), 30, shutdown, script).await;
        let mut jumps = store.clock_signs().await.unwrap().jumps;
        jumps.sort_by_key(|jump| jump.went_to);
        let at = |days: i64| began.plus_millis(days * DAY_US / 1_000);
        let jumped = |from, to| ClockJump { came_from: at(from), went_to: at(to) };
        assert_eq!(jumps, [jumped(2, 42), jumped(45, 95)]);
        store.close().await;
    }

    #[tokio::test]
    async fn a_clock_of_long_ago_that_is_set_right_has_made_no_jump() {
        let data = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", data.path().join("world.db").display());
        let store = tilemud_persist::open(&url, "test").await.unwrap();
        crate::engine::lease::Candidate::new(LEASE_LASTS).take(&*store).await.unwrap();
        let (now, days_since) = (clock::now(), clock::now().as_micros() / DAY_US);
        let began = now.plus_millis(-days_since * DAY_US / 1_000);
        for (moves_days, jumps) in [(vec![0, days_since - 1, 0], 0), (vec![0, days_since + 39, 0], 1)] {
            let shutdown = CancellationToken::new();
            let moves_days = moves_days.into_iter();
            let script = Script { now: began, passed: Duration::ZERO, moves_days, shutdown: shutdown.clone() };
            turns(store.clone(), 30, shutdown, script).await;
            assert_eq!(store.clock_signs().await.unwrap().jumps.len(), jumps);
        }
        store.close().await;
    }

    #[test]
    fn after_a_jump_nothing_goes_until_the_clock_has_gone_on_for_as_long_as_is_kept() {
        let jumps = vec![ClockJump { came_from: day(100), went_to: day(465) }];
        let signs = |at| ClockSigns { jumps: jumps.clone(), ..newest(at) };
        assert!(matches!(doubt(day(466), 30, &signs(466)), Some(Doubt::Jumped(_))), "the next start is no proof");
        assert!(doubt(day(494), 30, &signs(494)).is_some());
        assert_eq!(doubt(day(495), 30, &signs(495)), None);
        assert_eq!(doubt(day(102), 30, &signs(102)), None, "the clock was set right again");
    }
}
