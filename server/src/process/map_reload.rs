//! The map of a running world, read again on SIGHUP and, with `--watch`, whenever a file beside it
//! has changed. What is good takes effect between two ticks, for everybody who plays; what is not
//! changes nothing, and the log says why.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use arc_swap::ArcSwap;
use crossbeam_channel::Sender;
use parking_lot::Mutex;
use tilemud_maps::watch::Watch;
use tilemud_persist::diagnostic::in_one_line;
use tilemud_persist::store::Store;
use tilemud_sim::{Map, is_edit_of};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::opening::{is_named, same_world, world_id};
use super::preparation::load_world;
use crate::config::Config;
use crate::engine::edits;
use crate::engine::map_change::{MapChange, MapChanged};
use crate::engine::recovery::RecoveryError;
use crate::engine::{maps, world};

/// How often the files are looked at. A change is taken once it has stood still for as long.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How often a map is tried that the store has refused together with something else.
const ATTEMPTS_MAX: usize = 3;

pub struct MapReload {
    /// As at the start; another file needs a restart.
    config: Config,
    store: Arc<dyn Store>,
    current: Arc<ArcSwap<Map>>,
    /// ETag of what is served.
    served: Mutex<String>,
    changes: Sender<MapChange>,
    /// One at a time.
    turn: tokio::sync::Mutex<()>,
}

impl MapReload {
    /// For the world that is on the `current` map.
    #[must_use]
    pub fn new(
        config: &Config,
        store: Arc<dyn Store>,
        current: Arc<ArcSwap<Map>>,
        served: String,
        changes: Sender<MapChange>,
    ) -> Self {
        let (config, served) = (config.clone(), Mutex::new(served));
        Self { config, store, current, served, changes, turn: tokio::sync::Mutex::default() }
    }

    /// Reads the map again and logs what came of it. The built-in world has no file to read.
    pub async fn read_again(&self) {
        let Some(file) = &self.config.world.map else { return };
        let _turn = self.turn.lock().await;
        match self.take().await {
            Ok(None) => tracing::info!(file = %file.display(), "the map is as it was"),
            Ok(Some((tick, Some(report)))) => edits::log(&report, tick),
            Ok(Some((tick, None))) => tracing::info!(tick, "the pictures of the map are others now"),
            Err(error) => tracing::error!(
                file = %file.display(), error = in_one_line(&*error),
                "the edited map is not taken; the world goes on with the one before"
            ),
        }
    }

    /// Looks after the files of the map until the server stops.
    pub async fn watch(self: Arc<Self>, stop: CancellationToken) {
        let Some(file) = self.config.world.map.clone() else { return };
        let folders: Vec<PathBuf> =
            [file.parent().map(PathBuf::from), self.config.world.world_root.clone()].into_iter().flatten().collect();
        let mut watch = Watch::new(folders);
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = stop.cancelled() => return,
            }
            let looked = tokio::task::spawn_blocking(move || {
                let has_changed = watch.look();
                (watch, has_changed)
            });
            let Ok((looked, has_changed)) = looked.await else { return };
            watch = looked;
            if has_changed {
                self.read_again().await;
            }
        }
    }

    /// What came of the map as it is in its file now; `None` when it is as it was.
    async fn take(&self) -> Result<Option<MapChanged>> {
        let config = self.config.clone();
        let loaded = tokio::task::spawn_blocking(move || {
            let map = load_world(&config)?;
            let served = world::serve(&map);
            anyhow::Ok((map, served))
        });
        let (map, served) = loaded.await.context("reading the map has panicked")??;
        let now = self.current.load_full();
        let map = same_world(&self.config, &now, map)?;
        if map.id() == now.id() && served.summary.etag == *self.served.lock() {
            return Ok(None);
        }
        if !is_named(&self.config, &map) && map.id() != now.id() && !is_edit_of(&map, &now) {
            bail!(RecoveryError::AnotherMap { world: world_id(&self.config, &now).to_owned() });
        }
        // Before the world is said to be on it.
        maps::save(&*self.store, &map).await.context("it could not be stored")?;
        for _ in 0..ATTEMPTS_MAX {
            let (done, changed) = oneshot::channel();
            let change = MapChange { map: Arc::clone(&map), served: Arc::clone(&served), done };
            self.changes.try_send(change).ok().context("the world is stopping")?;
            if let Ok(changed) = changed.await {
                served.summary.etag.clone_into(&mut self.served.lock());
                return Ok(Some(changed));
            }
        }
        bail!("the store has refused it; what it says stands in the log")
    }
}
