//! How far a world can have come. The store reserves ticks before they are released, so no row can be of a tick after the newest
//! reserved one: such a row is damaged, and playing the world up to it would hardly ever end. Reads the store, changes nothing.

use std::sync::Arc;

use tilemud_persist::advice::Advice;
use tilemud_persist::store::{Store, StoreError};
use tilemud_schema::Tick;

/// How long a world is believed to have run since the newest that is known of it, seconds: a year. While it runs, a snapshot
/// is written every minute.
const UNKNOWN_S_MAX: u64 = 366 * 24 * 3_600;

/// What is left to do about damage.
pub(crate) const PUT_BACK: &str = "put a backup back (docs/backup.md)";

/// Why it is not known that a world can have come somewhere.
#[derive(Debug, thiserror::Error)]
pub enum ReachError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the store contradicts itself")]
    Implausible(#[source] Advice),
}

/// Up to where the ticks of a world are reserved.
pub struct Reach {
    store: Arc<dyn Store>,
    reserved: Tick,
}

impl Reach {
    /// As the store has it.
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
    /// [`ReachError`].
    pub async fn check_record(&mut self, tick: Tick) -> Result<(), ReachError> {
        if self.holds(tick).await? {
            return Ok(());
        }
        let problem = format!(
            "the log has a tick {tick} (in world_ticks), but the world has not got beyond tick {} (last_tick in world_state)",
            self.reserved
        );
        Err(ReachError::Implausible(Advice::new(problem, format!("one of the two rows is damaged: {PUT_BACK}"))))
    }

    /// Whether there can be a snapshot of this tick; `of` is what it says itself, if it can be read.
    ///
    /// # Errors
    /// As [`Self::check_record`].
    pub async fn check_snapshot(&mut self, tick: Tick, of: Option<Tick>) -> Result<(), ReachError> {
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
        // One that is whole and says this tick itself is right, and last_tick is not. Without one before it, nothing says what
        // the world was.
        let has_earlier = self.store.snapshot_ticks().await?.into_iter().any(|it| it < tick && it <= self.reserved);
        let remedy = if of != Some(tick) && has_earlier {
            "delete that row of world_snapshots: the snapshot before it and the log since are enough".to_owned()
        } else {
            format!("one of the two rows is damaged: {PUT_BACK}")
        };
        Err(ReachError::Implausible(Advice::new(problem, remedy)))
    }

    /// Whether a world that is known to have come to `known` can have come to the newest reserved tick.
    ///
    /// # Errors
    /// [`ReachError::Implausible`].
    pub fn check_reserved(&self, known: Tick, ticks_per_second: u32) -> Result<(), ReachError> {
        if self.reserved.saturating_sub(known) <= UNKNOWN_S_MAX * u64::from(ticks_per_second) {
            return Ok(());
        }
        let problem = format!(
            "the world has come to tick {} (last_tick in world_state), but nothing is known of it after tick {known}: more than a \
             year of ticks is missing",
            self.reserved
        );
        Err(ReachError::Implausible(Advice::new(problem, format!("that row is damaged: {PUT_BACK}"))))
    }

    async fn holds(&mut self, tick: Tick) -> Result<bool, StoreError> {
        if tick > self.reserved {
            // A server that runs beside a replay goes on.
            self.reserved = self.store.last_tick().await?;
        }
        Ok(tick <= self.reserved)
    }
}
