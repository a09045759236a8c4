//! What was said to a player before this process started, or before they came back to it, for a session that resumes after a
//! restart: the words of the log since the newest tick its client holds, said to all or whispered to it (FR-016). What was
//! said to those nearby is not among them: who stood near is not in the log.

use std::sync::Arc;

use tilemud_names::folded;
use tilemud_schema::{ChatChannel, Effect, Tick};

use super::Session;
use crate::edge::Edge;
use crate::error::ApiError;
use crate::limits::{PAST_TICKS_MAX, PAST_WORDS_MAX};

/// Words from the log.
#[derive(Debug, Default)]
pub(crate) struct Past {
    /// In order, each with its tick.
    pub(crate) words: Vec<(Tick, Arc<Effect>)>,
    /// All that was said up to here is among them.
    pub(crate) until: Tick,
}

/// Reads them. A client that does not say what it holds is owed the whispers of the time in which it may have been away.
pub(super) async fn read(edge: &Edge, session: &Session, last_tick: Option<Tick>) -> Result<Past, ApiError> {
    // What is released is in the log; what is committed meanwhile is the fan-out's.
    let until = match edge.released_tick() {
        0 => edge.store.committed_tick().await?,
        tick => tick,
    };
    let held = last_tick.filter(|tick| *tick <= until);
    let after = held.unwrap_or_default().max(until.saturating_sub(PAST_TICKS_MAX));
    let name = session.name();
    let is_name = |other: &str| folded(other) == folded(&name);
    let mut words = edge.store.read_words(after, PAST_WORDS_MAX).await?;
    words.retain(|line| {
        let is_for_it = match line.channel {
            ChatChannel::Whisper => line.from == name || line.to.as_deref().is_some_and(is_name),
            ChatChannel::Zone => held.is_some(),
            ChatChannel::Say => false,
        };
        is_for_it && line.tick <= until
    });
    let words = words.into_iter().map(|line| {
        let effect = Effect::Chat { channel: line.channel, from: line.from, id: None, text: line.text };
        (line.tick, Arc::new(effect))
    });
    Ok(Past { words: words.collect(), until })
}
