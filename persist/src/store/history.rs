//! Reads from the log.

use std::sync::Arc;

use async_trait::async_trait;
use tilemud_schema::{ChatChannel, LoggedTick, SessionId, Tick};

use super::error::StoreError;

/// A line of the log, with the name of its speaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedWords {
    /// In which tick it was said.
    pub tick: Tick,
    /// The name of who said it, as it is now.
    pub from: Arc<str>,
    /// How it was said.
    pub channel: ChatChannel,
    /// What was said.
    pub text: Arc<str>,
    /// To whom a whisper went, as the speaker wrote it.
    pub to: Option<Arc<str>>,
}

/// How many lines there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordCount {
    pub to_all: u64,
    /// Whispered, to anybody.
    pub whispered: u64,
}

/// What has been committed, to be read again.
#[async_trait]
pub trait History: Send + Sync {
    /// The next recorded ticks after `after`, in order, each with all its events in order: at least
    /// one if there is one, and no more than it takes to reach `events_max` events, nor more ticks
    /// than that.
    async fn read_log(&self, after: Tick, events_max: usize) -> Result<Vec<LoggedTick>, StoreError>;

    /// The newest `lines_max` lines said to all or whispered to anybody in the ticks after `after`,
    /// in order.
    async fn read_words(&self, after: Tick, lines_max: usize) -> Result<Vec<LoggedWords>, StoreError>;

    /// How many lines [`Self::read_words`] would give without a bound.
    async fn count_words(&self, after: Tick) -> Result<WordCount, StoreError>;

    /// The tick of the record before the newest `records` ones (at least one); 0 when there are no
    /// more than those.
    async fn tick_before(&self, records: usize) -> Result<Tick, StoreError>;

    /// The first recorded tick after `after` in which this session came into the world.
    async fn arrival(&self, session_id: SessionId, after: Tick) -> Result<Option<Tick>, StoreError>;
}
