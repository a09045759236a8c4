//! Recovery: a world goes on from a snapshot and the ticks recorded since.

use std::sync::Arc;

use tilemud_schema::{LoggedTick, Tick};

use crate::history::replay::{Difference, Divergence, Replayer};
use crate::history::snapshot::{RestoreError, WorldSnapshot};
use crate::map::Map;
use crate::sim::{Sim, SimConfig};
use crate::world::session::DirtySessions;

impl Sim {
    /// The world as it is, between two ticks. Costs a copy of plain data and shared pointers per
    /// entity.
    #[must_use]
    pub fn snapshot(&self) -> WorldSnapshot {
        WorldSnapshot::of(self.world())
    }

    /// The world of a snapshot, on the map and with the seed it was taken with. `first_tick` of the
    /// configuration is not used: the world goes on where it was.
    ///
    /// # Errors
    /// [`RestoreError`] when the snapshot is damaged or of another map.
    pub fn restore(map: Arc<Map>, config: SimConfig, snapshot: &WorldSnapshot) -> Result<Self, RestoreError> {
        snapshot.check(&map)?;
        let mut sim = Self::bare(map, SimConfig { first_tick: snapshot.tick + 1, ..config });
        sim.set_ticks_per_second(snapshot.ticks_per_second);
        snapshot.fill(sim.world_mut())?;
        Ok(sim)
    }

    /// Replays a recorded tick: first the ticks before it in which nothing was recorded, then its
    /// arrivals, its events in their order, its departures. After an error the world must not be
    /// used any more.
    ///
    /// # Errors
    /// [`Divergence`] at the first thing that comes out differently.
    pub fn replay(&mut self, logged: &LoggedTick) -> Result<(), Divergence> {
        let tick = logged.record.tick;
        let world = self.last_tick();
        if tick <= world {
            return Err(Divergence { tick, what: Difference::Past { world } });
        }
        self.with_replayer(|sim, replayer| {
            replayer.pass_until(sim.world_mut(), tick - 1);
            replayer.redo(sim.world_mut(), logged).map_err(|what| Divergence { tick, what })
        })
    }

    /// Runs ticks in which only the world itself acts, until `tick` has run; none if it has
    /// already.
    pub fn pass_until(&mut self, tick: Tick) {
        self.with_replayer(|sim, replayer| {
            replayer.pass_until(sim.world_mut(), tick);
            replayer.renew(sim.world_mut());
            sim.world_mut().clear_trackers();
        });
    }

    fn with_replayer<T>(&mut self, work: impl FnOnce(&mut Self, &mut Replayer) -> T) -> T {
        // Taken out while it works on the world beside it.
        let mut replayer = self.replayer.take().unwrap_or_else(|| Box::new(Replayer::new(self.world_mut())));
        self.world_mut().resource_mut::<DirtySessions>().is_off = true;
        let result = work(self, &mut replayer);
        self.replayer = Some(replayer);
        result
    }
}
