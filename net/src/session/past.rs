//! Lines from the log for a session that resumes after a restart: zone lines and whispers to it
//! since the newest tick its client holds (FR-016). `say` is not among them, because the log does
//! not hold who stood near.

use std::sync::Arc;

use tilemud_names::folded;
use tilemud_persist::store::{LoggedWords, WordCount};
use tilemud_schema::{ChatChannel, Effect, Tick};

use super::realm::Realm;
use super::state::{Past, Session};
use crate::error::ApiError;
use crate::limits::{PAST_MISSED_MAX, PAST_RECORDS_MAX, PAST_TICKS_MAX, PAST_WORDS_MAX};

impl Session {
    /// Reads the missed lines of a session from before the start of this process.
    pub(crate) async fn recall(&self, realm: &Realm, last_tick: Option<Tick>) -> Result<(), ApiError> {
        if self.wire.lock().resumed {
            let past = read(realm, self, last_tick).await?;
            self.wire.lock().past = Some(past);
        }
        Ok(())
    }
}

/// Reads them. A client that does not say what it holds gets the whispers of the time in which it
/// may have been away, from when its session came into the world on.
async fn read(realm: &Realm, session: &Session, last_tick: Option<Tick>) -> Result<Past, ApiError> {
    // What is released is in the log; what is committed meanwhile is the fan-out's.
    let (until, shown) = match realm.released_tick() {
        // The process before has also shown ticks in which nothing was to be written down.
        0 => tokio::try_join!(realm.store.committed_tick(), realm.store.last_tick())?,
        tick => (tick, tick),
    };
    let held = last_tick.filter(|tick| *tick <= shown);
    // Each restart leaves out thousands of numbers, so what was held may be far back after few
    // ticks that ran.
    let after = match held {
        Some(held) => held.max(realm.store.tick_before(PAST_RECORDS_MAX).await?),
        None => {
            let after = until.saturating_sub(PAST_TICKS_MAX);
            // What a session of the same user before it heard is no part of it.
            let came = realm.store.arrival(session.identity.session_id, after).await?;
            came.map_or(after, |came| came - 1)
        }
    };
    let name = session.name();
    let is_name = |other: &str| folded(other) == folded(&name);
    let mut words = realm.store.read_words(after, PAST_WORDS_MAX).await?;
    let missed = if words.len() < PAST_WORDS_MAX {
        0
    } else {
        not_among(&words, realm.store.count_words(after).await?, held.is_some())
    };
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
    Ok(Past { words: words.collect(), until, missed })
}

/// How many older lines the player may have missed. Whispers to others do not count; the oldest are
/// not read at all, so they count as one line.
fn not_among(newest: &[LoggedWords], all: WordCount, is_owed_all: bool) -> u32 {
    let read = |channel| newest.iter().filter(|line| line.channel == channel).count() as u64;
    let whispered = all.whispered.saturating_sub(read(ChatChannel::Whisper)).min(1);
    let to_all = if is_owed_all { all.to_all.saturating_sub(read(ChatChannel::Zone)) } else { 0 };
    to_all.max(whispered).min(PAST_MISSED_MAX) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_were_not_looked_at_count_as_missed() {
        let line = |channel| LoggedWords { tick: 1, from: "Ann".into(), channel, text: "".into(), to: None };
        let newest = [line(ChatChannel::Zone), line(ChatChannel::Whisper), line(ChatChannel::Zone)];
        for (to_all, whispered, is_owed_all, missed) in [
            (2, 1, true, 0),
            (9, 1, true, 7),
            (9, 5, true, 7),
            (2, 5, true, 1),
            (9, 1, false, 0),
            (9, 5, false, 1),
            // Between the two questions older lines may have been forgotten.
            (0, 0, true, 0),
        ] {
            assert_eq!(
                not_among(&newest, WordCount { to_all, whispered }, is_owed_all),
                missed,
                "{to_all} {whispered}"
            );
        }
    }
}
