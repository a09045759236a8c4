//! Which core does what when both are shared out: the server has one for itself, the database and
//! the load generator the other.

use anyhow::{Context as _, Result};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Where the server runs when it has a core for itself.
pub const SERVER: usize = 0;

/// Where all else runs then.
pub const OTHERS: usize = 1;

/// This thread, and what it starts, on one core; as before when dropped.
pub struct Affinity(CpuSet);

impl Affinity {
    /// Moves this thread there.
    ///
    /// # Errors
    /// When the machine has no such core.
    pub fn set(core: usize) -> Result<Self> {
        let before = sched_getaffinity(None)?;
        let mut cores = CpuSet::new();
        cores.set(core);
        sched_setaffinity(None, &cores).context("--pin needs two cores")?;
        Ok(Self(before))
    }
}

impl Drop for Affinity {
    fn drop(&mut self) {
        // Whoever took the cores away meanwhile meant it.
        let _ = sched_setaffinity(None, &self.0);
    }
}
