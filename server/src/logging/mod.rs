//! Structured logs: text on a terminal, one JSON object per line otherwise, and daily files when asked for (FR-014).
//!
//! Everything the process logs passes through here, and what must never be in a log is kept out here once more ([`content`]),
//! whatever a caller does. Writing never blocks the caller: lines go through bounded queues to writer threads, and what does
//! not fit is counted rather than waited for. Metrics and counters are not logs and live in `net`.

mod content;
mod files;
mod json;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::OnceLock;

use tracing::Subscriber;
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::{EnvFilter, LevelFilter, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{LogConfig, LogFormat};

/// Lines waiting for one writer. Full: further lines are dropped and counted.
const QUEUE_LINES_MAX: usize = 16_384;

/// Why logging cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The folder for log files.
    #[error("logs cannot be written to {dir}: {reason}; name another folder with --log-dir, or leave it out")]
    Folder {
        /// Which.
        dir: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The filter.
    #[error("--log-filter {filter:?} cannot be used: {reason}")]
    Filter {
        /// As configured.
        filter: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Somebody else was first.
    #[error("logging has been started already")]
    Started,
}

/// Running logs; what is queued is written when this is dropped.
#[must_use]
pub struct Logging {
    _writers: Vec<WorkerGuard>,
}

/// How many lines were lost so far, over all writers of the process; for the metrics.
#[must_use]
pub fn lines_dropped() -> u64 {
    DROPPED.get().map_or(0, |counters| counters.iter().map(|counter| counter.dropped_lines() as u64).sum())
}

/// Counters of the writers; logging is one per process, and so are they.
static DROPPED: OnceLock<Vec<ErrorCounter>> = OnceLock::new();

/// Starts logging for the whole process.
///
/// # Errors
/// [`LoggingError`], with the remedy.
pub fn start(config: &LogConfig) -> Result<Logging, LoggingError> {
    let terminal = std::io::stderr().is_terminal();
    let (mut guards, mut counters) = (Vec::new(), Vec::new());
    let mut queued = |(writer, guard): (NonBlocking, WorkerGuard)| {
        counters.push(writer.error_counter());
        guards.push(guard);
        writer
    };
    let console = queued(queue(std::io::stderr(), "tilemud-log"));
    let console = match config.format {
        LogFormat::Text => text(console, terminal),
        LogFormat::Auto if terminal => text(console, true),
        LogFormat::Json | LogFormat::Auto => json(console),
    };
    let file = match &config.dir {
        Some(dir) => {
            let file = queued(queue(files::open(dir)?, "tilemud-log-file"));
            Some(if config.format == LogFormat::Text { text(file, false) } else { json(file) })
        }
        None => None,
    };
    let registry = tracing_subscriber::registry().with(filter(&config.filter)?).with(console).with(file);
    registry.try_init().map_err(|_| LoggingError::Started)?;
    // Nobody else can have been here: `try_init` succeeds once.
    let _ = DROPPED.set(counters);
    Ok(Logging { _writers: guards })
}

/// A bounded queue in front of a writer on its own thread.
fn queue<W: std::io::Write + Send + 'static>(to: W, thread: &str) -> (NonBlocking, WorkerGuard) {
    NonBlockingBuilder::default().lossy(true).buffered_lines_limit(QUEUE_LINES_MAX).thread_name(thread).finish(to)
}

type BoxedLayer<S> = Box<dyn Layer<S> + Send + Sync>;

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
    guarded(layer.with_writer(writer))
}

fn json<S, W>(writer: W) -> BoxedLayer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let layer = tracing_subscriber::fmt::layer().event_format(json::Lines::new()).fmt_fields(content::text_fields());
    guarded(layer.with_ansi(false).with_writer(writer))
}

/// Other crates do not know what may be in our logs, and below warnings they tell much: addresses, headers, statements.
fn guarded<S: Subscriber + for<'a> LookupSpan<'a>>(layer: impl Layer<S> + Send + Sync) -> BoxedLayer<S> {
    layer
        .with_filter(filter_fn(|event| {
            event.target().starts_with("tilemud") || LevelFilter::from_level(*event.level()) <= LevelFilter::WARN
        }))
        .boxed()
}

#[cfg(test)]
mod tests;
