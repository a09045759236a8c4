//! Structured logs: text on a terminal, one JSON object per line otherwise, and daily files when
//! asked for (FR-014).
//!
//! Everything the process logs passes through here and is redacted once more ([`content`]),
//! whatever a caller does. Repeated lines are summed up ([`sums`]), so that nobody can fill a log.
//! Writing never blocks the caller: lines go through bounded queues to writer threads, and lines
//! that do not fit are counted and dropped. [`audit`] reads log files and names content that should
//! not be in them.

pub mod audit;
mod content;
mod error;
mod files;
mod json;
mod sums;
mod world_of;
mod writers;

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Instant;

use tracing::{Metadata, Subscriber};
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::MakeWriterExt as _;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

pub use self::error::LoggingError;
use self::files::DailyFiles;
use self::sums::Sums;
pub(crate) use self::world_of::of_world;
use self::writers::{BoxedLayer, Writers};
use crate::config::{LogConfig, LogFormat};
use crate::failure::Failure;

/// Lines waiting for one writer. Full: further lines are dropped and counted.
const QUEUE_LINES_MAX: usize = 16_384;

/// Running logs. Dropping it writes the queued lines.
#[must_use]
pub struct Logging {
    turns: Option<(mpsc::Sender<()>, JoinHandle<()>)>,
    _writers: Vec<WorkerGuard>,
    /// Whether people read standard error, rather than programs.
    console_is_text: bool,
}

impl Drop for Logging {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.turns.take() {
            drop(stop);
            // It says what it still has to say; the writers end after it.
            let _ = thread.join();
        }
    }
}

impl Logging {
    /// Logs how the program ends: once on standard error, in its form, and once in the log file.
    pub fn report(&self, failure: &Failure) {
        let remedy = failure.remedy.as_ref().map(tracing::field::display);
        tracing::error!(target: FAILURE, failure = %failure.problem, remedy, "the program ends");
        if self.console_is_text || !tracing::enabled!(target: FAILURE, tracing::Level::ERROR) {
            eprintln!("{failure}");
        }
    }
}

/// Lines of this target are not written to a text console, which shows the same message without a
/// date.
const FAILURE: &str = "tilemud::failure";

/// How many lines were lost so far, over all writers of the process; for the metrics.
#[must_use]
pub fn lines_dropped() -> u64 {
    STATE.get().map_or(0, |state| {
        let dropped = state.counters.iter().map(|counter| counter.dropped_lines() as u64).sum::<u64>();
        dropped + state.lost.load(Ordering::Relaxed)
    })
}

/// Reopens the log file with the next line, after it was moved away. False when no files are
/// written.
pub fn reopen() -> bool {
    STATE.get().filter(|state| state.has_files).map(|state| state.reopen.fetch_add(1, Ordering::Relaxed)).is_some()
}

/// The writers of the process; there is one logging per process.
static STATE: OnceLock<State> = OnceLock::new();

#[derive(Debug, Default)]
struct State {
    counters: Vec<ErrorCounter>,
    has_files: bool,
    reopen: Arc<AtomicU64>,
    /// Lines that a file did not take.
    lost: Arc<AtomicU64>,
}

/// Starts logging for the whole process.
///
/// # Errors
/// [`LoggingError`], with the remedy.
pub fn start(config: &LogConfig) -> Result<Logging, LoggingError> {
    let terminal = std::io::stderr().is_terminal();
    let mut state = State { has_files: config.dir.is_some(), ..State::default() };
    let (mut guards, mut counters) = (Vec::new(), Vec::new());
    let mut queued = |(writer, guard): (NonBlocking, WorkerGuard)| {
        counters.push(writer.error_counter());
        guards.push(guard);
        writer
    };
    let console = queued(queue(std::io::stderr(), "tilemud-log"));
    let console_is_text = config.format == LogFormat::Text || (config.format == LogFormat::Auto && terminal);
    let console = if console_is_text {
        text(console.with_filter(|line: &Metadata<'_>| line.target() != FAILURE), terminal)
    } else {
        json(console)
    };
    let file = match &config.dir {
        Some(dir) => {
            let files = DailyFiles::open(files::Settings {
                dir: dir.clone(),
                bytes_max: config.dir_mib_max << 20,
                now: Box::new(jiff::Timestamp::now),
                reopen: Arc::clone(&state.reopen),
                lost: Arc::clone(&state.lost),
            })?;
            let file = queued(queue(files, "tilemud-log-file"));
            Some(if config.format == LogFormat::Text { text(file, false) } else { json(file) })
        }
        None => None,
    };
    let sums = Arc::new(Sums::default());
    let writers = Writers::new(std::iter::once(console).chain(file).collect(), Arc::clone(&sums));
    let registry = tracing_subscriber::registry().with(filter(&config.filter)?).with(writers);
    registry.try_init().map_err(|_| LoggingError::Started)?;
    state.counters = counters;
    // Nobody else can have been here: `try_init` succeeds once.
    let _ = STATE.set(state);
    Ok(Logging { turns: turns(sums), _writers: guards, console_is_text })
}

/// Ends the intervals of the sums until its sender is dropped, and once more then. If the system
/// gives no thread for it, sums are not logged.
fn turns(sums: Arc<Sums>) -> Option<(mpsc::Sender<()>, JoinHandle<()>)> {
    let (stop, stopped) = mpsc::channel();
    let turns = move || {
        loop {
            let begun = Instant::now();
            let is_last = stopped.recv_timeout(sums::INTERVAL) != Err(RecvTimeoutError::Timeout);
            sums.turn(begun.elapsed());
            if is_last {
                return;
            }
        }
    };
    let thread = std::thread::Builder::new().name("tilemud-log-sums".to_owned()).spawn(turns).ok()?;
    Some((stop, thread))
}

/// A bounded queue in front of a writer on its own thread.
fn queue<W: std::io::Write + Send + 'static>(to: W, thread: &str) -> (NonBlocking, WorkerGuard) {
    NonBlockingBuilder::default().lossy(true).buffered_lines_limit(QUEUE_LINES_MAX).thread_name(thread).finish(to)
}

fn filter(filter: &str) -> Result<EnvFilter, LoggingError> {
    EnvFilter::builder()
        .parse(filter)
        .map_err(|error| LoggingError::Filter { filter: filter.to_owned(), reason: error.to_string() })
}

fn text<S, W>(writer: W, colours: bool) -> BoxedLayer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let layer = tracing_subscriber::fmt::layer().fmt_fields(content::text_fields()).with_ansi(colours);
    layer.with_writer(writer).boxed()
}

fn json<S, W>(writer: W) -> BoxedLayer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let layer = tracing_subscriber::fmt::layer().event_format(json::Lines::new()).fmt_fields(content::text_fields());
    layer.with_ansi(false).with_writer(writer).boxed()
}

#[cfg(test)]
mod tests;
