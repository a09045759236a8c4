//! One writer per world: takes the lease of the world at start, or names its holder, and renews it
//! while the server runs. The store checks inside each commit that nobody else writes; this file
//! only decides when a lease may be taken from a holder that has not given it back.
//!
//! Only the local clock is trusted, and only for durations: a holder is alive if its lease changes
//! while it is observed, and gone if it does not for as long as a lease lasts.
//!
//! After a SIGKILL the lease looks held for as long as it lasts. The lease names the process of its
//! holder, so that a restart need not wait: a process that has surely ended is superseded at once.
//!
//! A server that stands by looks on for as long as there is a holder, and is the next one.

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
    /// For how long a renewal counts. Those of programs that did not say so lasted
    /// [`LEASE_LASTS`].
    #[serde(default = "lasts_ms")]
    lasts_ms: u64,
}

fn lasts_ms() -> u64 {
    u64::try_from(LEASE_LASTS.as_millis()).unwrap_or(u64::MAX)
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
    fn this_process(lasts: Duration) -> Self {
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
            lasts_ms: u64::try_from(lasts.as_millis()).unwrap_or(u64::MAX),
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

/// A server that wants a world, with what it has seen of the one that has it.
#[derive(Debug)]
pub struct Candidate {
    own: Holder,
    watched: Option<(LeaseState, Watched)>,
}

/// What one look at the lease has shown.
enum Look {
    /// Nobody has the world, or who had it has ended or been silent for as long as its lease lasts.
    Free(Option<Superseded>),
    /// It cannot be said yet.
    Open,
    /// The holder has renewed it.
    Alive(LeaseError),
}

impl Candidate {
    /// One whose lease will last this long.
    #[must_use]
    pub fn new(lasts: Duration) -> Self {
        Self { own: Holder::this_process(lasts), watched: None }
    }

    /// Takes the lease of the world of `store`.
    ///
    /// # Errors
    /// [`LeaseError`].
    pub async fn take(&mut self, store: &dyn Lease) -> Result<(), LeaseError> {
        loop {
            match self.look(store).await? {
                Look::Open => tokio::time::sleep(LOOK_EVERY).await,
                Look::Alive(held) => return Err(held),
                Look::Free(supersedes) => {
                    match store.acquire_lease(&LeaseRequest { holder: self.own.text(), supersedes }).await {
                        // It has changed hands or been renewed just now; looked at again.
                        Err(StoreError::Held { .. }) => {}
                        outcome => return Ok(outcome?),
                    }
                }
            }
        }
    }

    /// Waits while another server has the world; calls `waits` with that server when it is seen to
    /// live. True when there was one. A store that is away is no reason to give up: it is away for
    /// that server too.
    ///
    /// # Errors
    /// What the store answers, but for being away.
    pub async fn stand_by(
        &mut self,
        store: &dyn Lease,
        mut waits: impl FnMut(&LeaseError),
    ) -> Result<bool, StoreError> {
        let mut has_waited = false;
        loop {
            match self.look(store).await {
                Ok(Look::Free(_)) => return Ok(has_waited),
                Ok(Look::Open) | Err(StoreError::Unavailable(_)) => {}
                Ok(Look::Alive(held)) => {
                    waits(&held);
                    has_waited = true;
                }
                Err(error) => return Err(error),
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn look(&mut self, store: &dyn Lease) -> Result<Look, StoreError> {
        let looked = Instant::now();
        let Some(held) = store.lease().await? else { return Ok(Look::Free(None)) };
        let holder = Holder::parse(&held.holder);
        if holder.as_ref().is_some_and(|holder| *holder == self.own || self.own.has_seen_the_end_of(holder)) {
            return Ok(Look::Free(Some(Superseded { epoch: held.epoch, renewed: None })));
        }
        let watched = Watched::from(Instant::now());
        match &mut self.watched {
            Some((before, watched)) if *before == held => {
                let lasts = Duration::from_millis(holder.map_or_else(lasts_ms, |holder| holder.lasts_ms));
                let is_silent = watched.look(Instant::now()) >= lasts;
                let supersedes = Superseded { epoch: held.epoch, renewed: Some(held.renewed) };
                Ok(if is_silent { Look::Free(Some(supersedes)) } else { Look::Open })
            }
            Some((before, _)) if before.epoch == held.epoch => {
                let alive = alive(&held, looked.elapsed());
                self.watched = Some((held, watched));
                Ok(Look::Alive(alive))
            }
            _ => {
                let holder = display(&held);
                tracing::info!(holder, "this world was run by another server; looking whether it still is");
                self.watched = Some((held, watched));
                Ok(Look::Open)
            }
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

    /// Two stores of a world, the first of which has it from another machine.
    async fn two_stores(lasts: Duration) -> (tempfile::TempDir, [Arc<dyn Store>; 2]) {
        let data = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", data.path().join("world.db").display());
        let first = tilemud_persist::open(&url, "test").await.unwrap();
        let second = tilemud_persist::open(&url, "test").await.unwrap();
        let holder = Holder { host: "far".to_owned(), boot: "another".to_owned(), ..Holder::this_process(lasts) };
        first.acquire_lease(&LeaseRequest { holder: holder.text(), supersedes: None }).await.unwrap();
        (data, [first, second])
    }

    fn renewing(store: &Arc<dyn Store>) -> tokio::task::JoinHandle<()> {
        let store = Arc::clone(store);
        tokio::spawn(async move { while store.renew_lease().await.is_ok() {} })
    }

    #[tokio::test]
    async fn a_holder_that_renews_is_left_alone_and_a_silent_one_is_followed() {
        // So long that it is never reached: the next renewal comes first.
        let (_data, [first, second]) = two_stores(Duration::from_secs(3_600)).await;
        let renewal = renewing(&first);
        let refused = Candidate::new(LEASE_LASTS).take(&*second).await;
        assert!(
            matches!(refused, Err(LeaseError::Held { ref holder, .. }) if holder.ends_with("on far")),
            "{refused:?}"
        );
        renewal.abort();

        let lasts = Duration::from_millis(300);
        let (_data, [first, second]) = two_stores(lasts).await;
        let asked = Instant::now();
        Candidate::new(LEASE_LASTS).take(&*second).await.expect("it is silent");
        assert!(asked.elapsed() >= lasts);
        assert!(matches!(first.renew_lease().await, Err(StoreError::Fenced)));
    }

    #[tokio::test]
    async fn who_stands_by_waits_while_the_holder_lives_and_takes_what_that_gives_back_at_once() {
        let (_data, [first, second]) = two_stores(Duration::from_secs(3_600)).await;
        let mut candidate = Candidate::new(LEASE_LASTS);
        let renewal = renewing(&first);
        let mut seen = 0;
        let waited = candidate.stand_by(&*second, |held| {
            seen += 1;
            assert!(held.to_string().contains("on far"), "{held}");
            if seen == 3 {
                renewal.abort();
                let first = Arc::clone(&first);
                tokio::spawn(async move { first.release_lease().await });
            }
        });
        assert!(waited.await.unwrap(), "there was another server");
        candidate.take(&*second).await.expect("it was given back");
        assert!(matches!(first.renew_lease().await, Err(StoreError::Fenced)));
        assert!(!Candidate::new(LEASE_LASTS).stand_by(&*second, |_| ()).await.unwrap(), "it is its own");
    }

    #[test]
    fn a_holder_that_does_not_say_how_long_its_lease_lasts_has_one_of_before() {
        let old = r#"{"host":"a","boot":"b","pid_namespace":"c","pid":1,"started":"2"}"#;
        assert_eq!(Holder::parse(old).map(|holder| holder.lasts_ms), Some(10_000));
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
        let own = Holder::this_process(LEASE_LASTS);
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
