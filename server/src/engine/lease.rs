//! One writer per world: takes the lease of the world at start, or names its holder, and renews it
//! while the server runs. The store checks inside each commit that nobody else writes; this file
//! only decides when a lease may be taken from a holder that has not given it back.
//!
//! Only the local clock is trusted, and only for durations: a holder is alive if its lease changes
//! while it is observed, and gone if it does not for as long as a lease lasts.
//!
//! After a SIGKILL the lease looks held for as long as it lasts. The lease names the process of its
//! holder, so that a restart need not wait: a process that has surely ended is superseded at once.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tilemud_persist::store::{LEASE_LASTS, Lease, LeaseRequest, LeaseState, StoreError, Superseded};
use tilemud_vitals::health::Health;
use tilemud_vitals::process::Cause;
use tokio::time::Instant;

use super::loss;

/// Time between renewals without commits; several times within the time a lease lasts.
const RENEWAL: Duration = Duration::from_secs(1);

/// The same while the store is away: play resumes soon after it is back (S6).
const RENEWAL_WHILE_AWAY: Duration = Duration::from_millis(200);

/// How often a holder is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Most of the time between two looks that counts.
const LOOK_STEP_MAX: Duration = Duration::from_millis(500);

/// The process that holds a lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Holder {
    host: String,
    /// Boot of the machine and its namespace of processes: only within both does `pid` mean
    /// anything.
    boot: String,
    pid_namespace: String,
    pid: u32,
    /// Start of the process in clock ticks since the boot, because process ids are reused.
    started: String,
}

/// Why this server may not write the world.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    #[error(
        "another server runs this world: {holder}, heard of less than {renewed_ms_ago} ms ago; stop it first, or use another store"
    )]
    Held {
        /// Which process, for people.
        holder: String,
        /// Time since it was last heard of, milliseconds.
        renewed_ms_ago: u64,
    },
    /// The store does not answer.
    #[error("the lease of the world could not be taken")]
    Store(#[from] StoreError),
}

impl LeaseError {
    /// With the store's error in other words.
    pub(crate) fn map_store(self, words: impl FnOnce(StoreError) -> StoreError) -> Self {
        match self {
            Self::Store(error) => Self::Store(words(error)),
            held @ Self::Held { .. } => held,
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} on {}", self.pid, self.host)
    }
}

impl Holder {
    fn this_process() -> Self {
        let read = |path: &str| std::fs::read_to_string(path).map(|text| text.trim().to_owned()).unwrap_or_default();
        let pid = std::process::id();
        Self {
            host: read("/proc/sys/kernel/hostname"),
            boot: read("/proc/sys/kernel/random/boot_id"),
            pid_namespace: std::fs::read_link("/proc/self/ns/pid")
                .map(|link| link.display().to_string())
                .unwrap_or_default(),
            pid,
            started: start_of(pid).unwrap_or_default(),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether a holder on this machine has surely ended. In doubt it has not.
    fn has_seen_the_end_of(&self, other: &Self) -> bool {
        let is_beside =
            !self.boot.is_empty() && (&self.boot, &self.pid_namespace) == (&other.boot, &other.pid_namespace);
        is_beside
            && Path::new("/proc/self").exists()
            && match start_of(other.pid) {
                Some(start) => start != other.started,
                // What runs for another user may be hidden; that it runs is not.
                None => !runs(other.pid) || is_reaped_only(other.pid),
            }
    }
}

/// When a process started, as the 22nd field of its `stat`; `None` when there is no such process or
/// it only waits to be reaped.
fn start_of(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before it may hold anything, brackets and spaces included.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") { None } else { fields.nth(18).map(str::to_owned) }
}

/// Whether there is a process with this number, whosever it is.
fn runs(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}

/// Whether a process can be seen to have ended, and only waits to be reaped.
fn is_reaped_only(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok()
}

/// Takes the lease of the world of `store`.
///
/// # Errors
/// [`LeaseError`].
pub async fn take(store: &dyn Lease) -> Result<(), LeaseError> {
    take_within(store, LEASE_LASTS).await
}

/// For how long a holder has been watched without a sign of life.
#[derive(Debug)]
struct Watched {
    looked: Instant,
    lasted: Duration,
}

impl Watched {
    fn from(now: Instant) -> Self {
        Self { looked: now, lasted: Duration::ZERO }
    }

    /// Looks once more; when this process stood still meanwhile, so may the holder have, and the
    /// time does not count.
    fn look(&mut self, now: Instant) -> Duration {
        let step = now.saturating_duration_since(std::mem::replace(&mut self.looked, now));
        self.lasted += step.min(LOOK_STEP_MAX);
        self.lasted
    }
}

async fn take_within(store: &dyn Lease, lasts: Duration) -> Result<(), LeaseError> {
    let own = Holder::this_process();
    let mut watched: Option<(LeaseState, Watched)> = None;
    loop {
        let looked = Instant::now();
        let held = store.lease().await?;
        let supersedes = match held {
            None => None,
            Some(held) => {
                let has_ended =
                    Holder::parse(&held.holder).is_some_and(|holder| holder == own || own.has_seen_the_end_of(&holder));
                let renewed = match &mut watched {
                    _ if has_ended => None,
                    Some((before, watched)) if *before == held => {
                        if watched.look(Instant::now()) < lasts {
                            tokio::time::sleep(LOOK_EVERY).await;
                            continue;
                        }
                        Some(held.renewed)
                    }
                    Some((before, _)) if before.epoch == held.epoch => return Err(alive(&held, looked.elapsed())),
                    _ => {
                        let holder = display(&held);
                        tracing::info!(holder, "this world was run by another server; looking whether it still is");
                        watched = Some((held, Watched::from(Instant::now())));
                        continue;
                    }
                };
                Some(Superseded { epoch: held.epoch, renewed })
            }
        };
        match store.acquire_lease(&LeaseRequest { holder: own.text(), supersedes }).await {
            // It has changed hands or been renewed just now; looked at again.
            Err(StoreError::Held { .. }) => {}
            outcome => return Ok(outcome?),
        }
    }
}

fn alive(held: &LeaseState, looked: Duration) -> LeaseError {
    let renewed_ms_ago = u64::try_from((LOOK_EVERY + looked).as_millis()).unwrap_or(u64::MAX);
    LeaseError::Held { holder: display(held), renewed_ms_ago }
}

fn display(held: &LeaseState) -> String {
    Holder::parse(&held.holder).map_or_else(|| held.holder.clone(), |holder| holder.to_string())
}

/// Renews the lease until the server stops, when no commit has just done so. A renewal is a durable
/// write, so it also shows whether the store can be written while nobody plays. When another server
/// has taken the world over, or the store is gone, this server cannot go on.
pub async fn keep(store: Arc<dyn Lease>, health: Arc<Health>) {
    loop {
        let pause = if health.is_store_away() { RENEWAL_WHILE_AWAY } else { RENEWAL };
        let renewed = async {
            tokio::time::sleep(pause).await;
            if health.wants_store_probe() { renew(&*store, &health).await } else { Ok(()) }
        };
        let lost = tokio::select! {
            biased;
            renewed = renewed => renewed.err(),
            () = health.process.stopping() => return,
        };
        if let Some(error) = lost {
            // This server may have given the world back itself while the renewal was under way.
            if !health.process.is_stopping() {
                health.process.fail(Cause::WorldLost(loss::in_words(&error)));
            }
            return;
        }
    }
}

/// Renews the lease once, and reports the outcome to the health.
///
/// # Errors
/// When the lease is lost for good.
async fn renew(store: &dyn Lease, health: &Health) -> Result<(), StoreError> {
    health.note_store(None, |track| {
        track.probe_begins(Instant::now());
        None
    });
    let asked = health.tenure.asks();
    let (outcome, causes) = match store.renew_lease().await {
        Ok(()) => {
            health.tenure.confirmed(asked);
            (Ok(()), None)
        }
        Err(error) if matches!(error, StoreError::Fenced) || loss::is_lost(&error) => return Err(error),
        Err(error) => (Err(error.reason().into()), Some(error.causes())),
    };
    health.note_store(causes.as_deref(), |track| track.probe_ended(Instant::now(), outcome));
    Ok(())
}

#[cfg(test)]
mod tests {
    use tilemud_persist::store::Store;

    use super::*;

    async fn two_stores() -> (tempfile::TempDir, [Arc<dyn Store>; 2]) {
        let data = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", data.path().join("world.db").display());
        let first = tilemud_persist::open(&url, "test").await.unwrap();
        let second = tilemud_persist::open(&url, "test").await.unwrap();
        let request = LeaseRequest { holder: "another machine".to_owned(), supersedes: None };
        first.acquire_lease(&request).await.unwrap();
        (data, [first, second])
    }

    #[tokio::test]
    async fn a_holder_that_renews_is_left_alone_and_a_silent_one_is_followed() {
        let (_data, [first, second]) = two_stores().await;
        let renewing = {
            let first = Arc::clone(&first);
            tokio::spawn(async move { while first.renew_lease().await.is_ok() {} })
        };
        // So long that it is never reached: the next renewal comes first.
        let refused = take_within(&*second, Duration::from_secs(600)).await;
        assert!(
            matches!(refused, Err(LeaseError::Held { ref holder, .. }) if holder == "another machine"),
            "{refused:?}"
        );
        renewing.abort();
        let _ = renewing.await;
        let asked = Instant::now();
        let lasts = Duration::from_millis(300);
        // A renewal that was under way may still have changed it once.
        while take_within(&*second, lasts).await.is_err() {}
        assert!(asked.elapsed() >= lasts);
        assert!(matches!(first.renew_lease().await, Err(StoreError::Fenced)));
    }

    #[test]
    fn time_in_which_nobody_looked_is_no_silence_of_the_holder() {
        let start = Instant::now();
        let mut watched = Watched::from(start);
        assert_eq!(watched.look(start + LOOK_EVERY), LOOK_EVERY);
        assert_eq!(watched.look(start + Duration::from_secs(3_600)), LOOK_EVERY + LOOK_STEP_MAX);
        assert!(runs(std::process::id()) && runs(1), "whosever it is");
    }

    #[test]
    fn only_a_process_that_has_surely_ended_is_taken_for_dead() {
        let own = Holder::this_process();
        assert!(!own.has_seen_the_end_of(&own), "it runs this test");
        let mut child = std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
        let other = Holder { pid: child.id(), started: start_of(child.id()).unwrap(), ..own.clone() };
        assert_eq!(Holder::parse(&other.text()), Some(other.clone()));
        assert!(!own.has_seen_the_end_of(&other), "it waits for input");
        let namesake = Holder { started: "1".to_owned(), ..other.clone() };
        assert!(own.has_seen_the_end_of(&namesake), "its number has been given to another");
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(own.has_seen_the_end_of(&other));
        for elsewhere in [
            Holder { boot: "another boot".to_owned(), ..other.clone() },
            Holder { pid_namespace: "pid:[1]".to_owned(), ..other },
        ] {
            assert!(!own.has_seen_the_end_of(&elsewhere), "cannot be known: {elsewhere:?}");
        }
    }
}
