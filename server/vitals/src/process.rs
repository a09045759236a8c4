//! Whether the process goes on: whether a stop was requested, and whether it has lost something it
//! needs (threads and tasks that must not end, the right to write the world). The first to notice a
//! loss reports it here; the code that runs the server waits for that and ends the process. Nothing
//! here ends anything itself. Where a process runs several worlds, each has a handle of its own
//! ([`Process::of_world`]): what one has lost ends that world alone.

use std::fmt;
use std::sync::{Arc, OnceLock};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

/// Why a server cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A part has panicked.
    Panicked(&'static str),
    /// A part has ended that must not.
    Ended(&'static str),
    /// This server may not write the world any more; the text is for operators.
    WorldLost(String),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(part) => write!(f, "{part} has panicked"),
            Self::Ended(part) => write!(f, "{part} has ended by itself"),
            Self::WorldLost(why) => f.write_str(why),
        }
    }
}

/// A handle of the process that all its parts share.
#[derive(Debug, Clone, Default)]
pub struct Process(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// The one world of several that this is the handle of.
    world: Option<Box<str>>,
    cause: OnceLock<Cause>,
    failed: CancellationToken,
    stopping: CancellationToken,
}

impl Process {
    /// The handle of one of several worlds: it stops when the process does, and when it cannot go
    /// on, the process may.
    #[must_use]
    pub fn of_world(&self, world: &str) -> Self {
        let (world, stopping) = (Some(world.into()), self.0.stopping.child_token());
        Self(Arc::new(Inner { world, stopping, ..Inner::default() }))
    }

    /// Whether it is the handle of one world of several.
    #[must_use]
    pub fn is_of_world(&self) -> bool {
        self.0.world.is_some()
    }

    /// The server cannot go on. The first cause is kept, because later ones follow from it.
    pub fn fail(&self, cause: Cause) {
        // Whoever stops a server finds out for themselves what became of its parts.
        if self.0.cause.get().is_none() && !self.is_stopping() {
            match &self.0.world {
                None => tracing::error!(%cause, "the server cannot go on"),
                Some(world) => tracing::error!(%cause, %world, "this world cannot go on; the others do"),
            }
        }
        // Another one was first.
        let _ = self.0.cause.set(cause);
        self.0.failed.cancel();
    }

    /// Why the server cannot go on, if so.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        self.0.cause.get()
    }

    /// Completes when the server cannot go on.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub async fn failed(&self) {
        self.0.failed.cancelled().await;
    }

    /// Stops the server: its listener and tasks end, and from now on every part may.
    pub fn stop(&self) {
        self.0.stopping.cancel();
    }

    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.0.stopping.is_cancelled()
    }

    /// Completes when the server is to stop.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub async fn stopping(&self) {
        self.0.stopping.cancelled().await;
    }

    /// The same as a token, for tasks that need nothing else of the process.
    #[must_use]
    pub fn stop_token(&self) -> CancellationToken {
        self.0.stopping.clone()
    }

    /// To be held by a thread as long as it runs. Declared last in the thread, it is dropped first,
    /// so that this part is reported as the first that is lost.
    #[must_use]
    pub fn guard(&self, part: &'static str) -> Guard {
        Guard { process: self.clone(), part, may_end: false }
    }

    /// To be held by a task that may end, but after whose panic the process cannot go on.
    #[must_use]
    pub fn panic_guard(&self, part: &'static str) -> Guard {
        Guard { process: self.clone(), part, may_end: true }
    }

    /// Runs a task that must not end before the server is stopped. To be called inside a runtime.
    pub fn spawn(&self, part: &'static str, task: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        tokio::spawn(self.watched(part, task))
    }

    /// The same for a task that somebody else runs.
    pub fn watched<T>(&self, part: &'static str, task: T) -> impl Future<Output = ()> + Send + use<T>
    where
        T: Future<Output = ()> + Send,
    {
        // A task whose runtime ends is dropped half-way, which is nobody's failure.
        let dropped = self.panic_guard(part);
        let watched = async move {
            let mut guard = dropped;
            task.await;
            guard.may_end = false;
            drop(guard);
        };
        // What it logs says which world it is of.
        watched.in_current_span()
    }
}

/// See [`Process::guard`].
#[derive(Debug)]
pub struct Guard {
    process: Process,
    part: &'static str,
    may_end: bool,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.process.fail(Cause::Panicked(self.part));
        } else if !self.may_end && !self.process.is_stopping() {
            self.process.fail(Cause::Ended(self.part));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thread(process: &Process, body: impl FnOnce() + Send + 'static) {
        let guard = process.guard("the thread");
        let thread = std::thread::spawn(move || {
            let _guard = guard;
            body();
        });
        let _ = thread.join();
    }

    #[tokio::test]
    async fn a_thread_that_panics_or_ends_is_missed_and_one_that_may_end_is_not() {
        for (panics, stops, cause) in [
            (true, false, Some(Cause::Panicked("the thread"))),
            (true, true, Some(Cause::Panicked("the thread"))),
            (false, false, Some(Cause::Ended("the thread"))),
            (false, true, None),
        ] {
            let process = Process::default();
            if stops {
                process.stop();
            }
            thread(&process, move || assert!(!panics, "as the test wants it"));
            assert_eq!(process.cause(), cause.as_ref());
            if cause.is_some() {
                process.failed().await;
            }
        }
    }

    #[tokio::test]
    async fn a_task_that_panics_or_ends_is_missed_and_one_whose_runtime_ends_is_not() {
        let process = Process::default();
        let _ = process.spawn("the task", async { panic!("as the test wants it") }).await;
        assert_eq!(process.cause(), Some(&Cause::Panicked("the task")));

        let process = Process::default();
        process.spawn("the task", async {}).await.unwrap();
        assert_eq!(process.cause(), Some(&Cause::Ended("the task")));

        let process = Process::default();
        let endless = process.spawn("the task", std::future::pending());
        endless.abort();
        assert!(endless.await.is_err());
        assert_eq!(process.cause(), None);
    }

    #[tokio::test]
    async fn a_world_of_several_ends_alone_and_stops_with_the_process() {
        let process = Process::default();
        let (lost, other) = (process.of_world("a"), process.of_world("b"));
        lost.fail(Cause::WorldLost("another server has it".to_owned()));
        lost.failed().await;
        lost.stop();
        assert!(process.cause().is_none() && other.cause().is_none());
        assert!(lost.is_stopping() && !process.is_stopping() && !other.is_stopping());
        process.stop();
        other.stopping().await;
    }

    #[test]
    fn the_first_cause_stays() {
        let process = Process::default();
        process.fail(Cause::WorldLost("another server has it".to_owned()));
        process.fail(Cause::Ended("what needed it"));
        assert_eq!(process.cause().map(ToString::to_string).as_deref(), Some("another server has it"));
    }
}
