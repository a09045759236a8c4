//! Another map for a world that people play in: from whoever has read it to the tick thread, which
//! goes on with it between two ticks, to the persistence stage, which commits that, and to the
//! fan-out, which serves it from then on. Should the store refuse it, the world goes back to before
//! it, and nobody was told of it.

use std::sync::Arc;

use tilemud_net::session::{Bring, ServedMap};
use tilemud_schema::Tick;
use tilemud_sim::{EditReport, Map, Sim};
use tokio::sync::oneshot;

/// Maps that wait for the tick thread.
pub const MAP_CHANGES_MAX: usize = 1;

/// A map that a world is to go on with. It is in the store already.
pub struct MapChange {
    pub map: Arc<Map>,
    pub served: Arc<ServedMap>,
    /// Told once it is committed; dropped when it never will be.
    pub done: oneshot::Sender<MapChanged>,
}

/// What came of it: the tick, and what the edit did if the world is another one by it.
pub type MapChanged = (Tick, Option<EditReport>);

/// A map on its way to the store.
pub struct MapTaken {
    pub change: MapChange,
    pub report: Option<EditReport>,
    /// How stored characters come onto it.
    pub bring: Bring,
}

/// How stored characters come into a world.
pub fn bring(sim: &Sim) -> Bring {
    Bring { by: sim.shifted().0, shift: tilemud_sim::shift }
}
