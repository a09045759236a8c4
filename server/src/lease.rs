//! One writer per world: takes the lease of the world at start, or says who holds it, and keeps it renewed while the
//! server runs. That nobody else can commit meanwhile is for the store to check, inside each commit; this file only decides
//! when a lease may be taken from a holder that has not given it back.
//!
//! After a SIGKILL the lease looks held for as long as it lasts. So that a restart does not have to wait for that, the holder
//! says which process it is, and one that has surely ended is superseded at once.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tilemud_persist::store::{LeaseRequest, Store, StoreError};
use tokio_util::sync::CancellationToken;

/// How often a lease is renewed beside the commits; several times within the time it lasts.
const RENEWAL: Duration = Duration::from_secs(1);

/// A holder that has not been heard of for this long is given the rest of its time to come back, instead of being taken for
/// alive at once.
const SILENCE_MS: u64 = 2_500;

/// How often a silent holder is looked at.
const SILENCE_POLL: Duration = Duration::from_millis(250);

/// The process that holds a lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Holder {
    host: String,
    /// Boot of the machine and its namespace of processes: only within both does `pid` mean anything.
    boot: String,
    pid_namespace: String,
    pid: u32,
    /// In clock ticks since the boot; tells processes with the same number apart.
    started: String,
}

/// Why this server may not write the world.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    /// Another one does.
    #[error(
        "another server runs this world: {holder}, heard of {renewed_ms_ago} ms ago; stop it first, or use another store"
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

    /// Whether this process can see that the other one, which ran beside it, is no more. In doubt it is not.
    fn has_seen_the_end_of(&self, other: &Self) -> bool {
        let is_beside =
            !self.boot.is_empty() && (&self.boot, &self.pid_namespace) == (&other.boot, &other.pid_namespace);
        is_beside && Path::new("/proc/self").exists() && start_of(other.pid).is_none_or(|start| start != other.started)
    }
}

/// When a process started, as the 22nd field of its `stat`; `None` when there is no such process or it only waits to be
/// reaped.
fn start_of(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before it may hold anything, brackets and spaces included.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") { None } else { fields.nth(18).map(str::to_owned) }
}

/// Takes the lease of the world of `store`.
///
/// # Errors
/// [`LeaseError`].
pub async fn take(store: &dyn Store) -> Result<(), LeaseError> {
    let own = Holder::this_process();
    loop {
        let held = store.lease().await?;
        let ended = held.filter(|held| {
            let holder = Holder::parse(&held.holder);
            holder.is_some_and(|holder| holder == own || own.has_seen_the_end_of(&holder))
        });
        let request = LeaseRequest { holder: own.text(), supersedes: ended.map(|ended| ended.epoch) };
        match store.acquire_lease(&request).await {
            Err(StoreError::Held { renewed_ms_ago, .. }) if renewed_ms_ago >= SILENCE_MS => {
                tracing::info!(
                    renewed_ms_ago,
                    "the server that ran this world is silent; waiting for its lease to end"
                );
                tokio::time::sleep(SILENCE_POLL).await;
            }
            Err(StoreError::Held { holder, renewed_ms_ago }) => {
                let holder = Holder::parse(&holder).map_or(holder, |holder| holder.to_string());
                return Err(LeaseError::Held { holder, renewed_ms_ago });
            }
            outcome => return Ok(outcome?),
        }
    }
}

/// Renews the lease until `stopped`; cancels `lost` when another server has taken the world over.
pub async fn keep(store: Arc<dyn Store>, stopped: CancellationToken, lost: CancellationToken) {
    let mut interval = tokio::time::interval(RENEWAL);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            () = stopped.cancelled() => return,
        }
        if !renew(&*store, &stopped, &lost).await {
            return;
        }
    }
}

/// Renews the lease once. Whether it is to be renewed again.
async fn renew(store: &dyn Store, stopped: &CancellationToken, lost: &CancellationToken) -> bool {
    match store.renew_lease().await {
        Ok(()) => true,
        // This server has given the world back itself while the renewal was under way.
        Err(StoreError::Fenced) if stopped.is_cancelled() => false,
        Err(StoreError::Fenced) => {
            tracing::error!("another server has taken this world over");
            lost.cancel();
            false
        }
        // The commits tell everyone; without a store nobody else gets the lease either.
        Err(error) => {
            tracing::debug!(%error, "the lease could not be renewed");
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_world_given_back_is_not_taken_for_one_that_was_lost() {
        let data = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", data.path().join("world.db").display());
        let store = tilemud_persist::open(&url, "test").await.unwrap();
        take(&*store).await.unwrap();
        let [running, lost] = [(); 2].map(|()| CancellationToken::new());
        assert!(renew(&*store, &running, &lost).await && !lost.is_cancelled());
        store.release_lease().await.unwrap();
        let stopped = CancellationToken::new();
        stopped.cancel();
        assert!(!renew(&*store, &stopped, &lost).await && !lost.is_cancelled(), "it was given back at the end");
        assert!(!renew(&*store, &running, &lost).await && lost.is_cancelled(), "nobody here has done that");
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
