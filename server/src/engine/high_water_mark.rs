//! The high-water mark of a world: the newest tick that the store has reserved. Ticks are reserved
//! before they are released, so a row of a later tick is damaged, and a replay up to it might take
//! for ever. Reads the store, changes nothing.

use std::sync::Arc;

use tilemud_persist::diagnostic::Diagnostic;
use tilemud_persist::store::{Store, StoreError};
use tilemud_schema::Tick;

/// Longest time between the newest row of a world and its high-water mark that is plausible,
/// seconds: a year. A running world writes a snapshot every minute.
const UNKNOWN_S_MAX: u64 = 366 * 24 * 3_600;

/// The remedy for damage.
pub(crate) const PUT_BACK: &str = "put a backup back (docs/backup.md)";

/// Why a tick is not plausible, or could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum HighWaterMarkError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the store contradicts itself")]
    Implausible(#[source] Diagnostic),
}

/// The newest reserved tick of a world.
pub struct HighWaterMark {
    store: Arc<dyn Store>,
    reserved: Tick,
}

impl HighWaterMark {
    /// Reads it from the store.
    ///
    /// # Errors
    /// What the store answers.
    pub async fn of(store: &Arc<dyn Store>) -> Result<Self, StoreError> {
        Ok(Self { reserved: store.last_tick().await?, store: Arc::clone(store) })
    }

    /// The newest reserved tick.
    #[must_use]
    pub fn reserved(&self) -> Tick {
        self.reserved
    }

    /// Whether the log can have a record of this tick.
    ///
    /// # Errors
    /// [`HighWaterMarkError`].
    pub async fn check_record(&mut self, tick: Tick) -> Result<(), HighWaterMarkError> {
        if self.holds(tick).await? {
            return Ok(());
        }
        let problem = format!(
            "the log has a tick {tick} (in world_ticks), but the world has not got beyond tick {} (last_tick in world_state)",
            self.reserved
        );
        Err(HighWaterMarkError::Implausible(Diagnostic::new(
            problem,
            format!("one of the two rows is damaged: {PUT_BACK}"),
        )))
    }

    /// Whether there can be a snapshot of this tick; `of` is the tick in the snapshot itself, if it
    /// can be read.
    ///
    /// # Errors
    /// As [`Self::check_record`].
    pub async fn check_snapshot(&mut self, tick: Tick, of: Option<Tick>) -> Result<(), HighWaterMarkError> {
        let problem = match of {
            Some(of) if of != tick => {
                format!("the snapshot of tick {of} stands under tick {tick} (in world_snapshots)")
            }
            _ if self.holds(tick).await? => return Ok(()),
            _ => format!(
                "there is a snapshot of tick {tick} (in world_snapshots), but the world has not got beyond tick {} (last_tick in \
                 world_state)",
                self.reserved
            ),
        };
        // One that is whole and says this tick itself is right, and last_tick is not. Without one
        // before it, nothing says what the world was.
        let has_earlier = self.store.snapshot_ticks().await?.into_iter().any(|it| it < tick && it <= self.reserved);
        let remedy = if of != Some(tick) && has_earlier {
            "delete that row of world_snapshots: the snapshot before it and the log since are enough".to_owned()
        } else {
            format!("one of the two rows is damaged: {PUT_BACK}")
        };
        Err(HighWaterMarkError::Implausible(Diagnostic::new(problem, remedy)))
    }

    /// Whether the mark is plausible for a world whose newest known tick is `known`.
    ///
    /// # Errors
    /// [`HighWaterMarkError::Implausible`].
    pub fn check_reserved(&self, known: Tick, ticks_per_second: u32) -> Result<(), HighWaterMarkError> {
        if self.reserved.saturating_sub(known) <= UNKNOWN_S_MAX * u64::from(ticks_per_second) {
            return Ok(());
        }
        let problem = format!(
            "the world has come to tick {} (last_tick in world_state), but nothing is known of it after tick {known}: more than a \
             year of ticks is missing",
            self.reserved
        );
        Err(HighWaterMarkError::Implausible(Diagnostic::new(problem, format!("that row is damaged: {PUT_BACK}"))))
    }

    async fn holds(&mut self, tick: Tick) -> Result<bool, StoreError> {
        if tick > self.reserved {
            // A server that runs beside a replay goes on.
            self.reserved = self.store.last_tick().await?;
        }
        Ok(tick <= self.reserved)
    }
}
