//! Opens a store for the commands, and checks whether the world is in it.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use secrecy::ExposeSecret as _;
use tilemud_persist::store::{Maintenance, Store, StoreError, Unfit};
use tilemud_persist::{Access, Authorities, Backend, OpenMode};
use tilemud_sim::Map;

use super::preparation;
use crate::config::Config;
use crate::failure::NOT_OPENED;

/// Which world of the store this is: as the operator says, else as the map does, else by the map's
/// name.
pub(crate) fn world_id<'a>(config: &'a Config, map: &'a Map) -> &'a str {
    config.world.id.as_deref().or(map.world_id.as_deref()).unwrap_or(&map.name)
}

/// Whether the operator or the map says which world it is.
pub(crate) fn is_named(config: &Config, map: &Map) -> bool {
    config.world.id.is_some() || map.world_id.is_some()
}

/// The map that was `read` anew, if it is still that of the world which is on `now`.
///
/// # Errors
/// It is another world's.
pub(crate) fn same_world(config: &Config, now: &Map, read: Arc<Map>) -> Result<Arc<Map>> {
    let (of, ours) = (world_id(config, &read), world_id(config, now));
    ensure!(
        of == ours,
        "it is the map of the world {of:?}, and {ours:?} is running; --world-id or the property world_id of the map says \
         which world it is, whatever its name"
    );
    Ok(read)
}

/// Logs that the world is not in the store yet, or refuses to make it. `place` names the store
/// without a password.
///
/// # Errors
/// [`StoreError::Unfit`] when it is not there and must be.
pub(crate) async fn check_world(
    store: &dyn Maintenance,
    world: &str,
    place: &str,
    must_exist: bool,
) -> Result<(), StoreError> {
    let worlds = store.worlds().await?;
    if worlds.iter().any(|stored| stored == world) {
        return Ok(());
    }
    if must_exist {
        return Err(missing("--must-exist: ", world, place, &worlds, "goes on with one of them"));
    }
    let others = worlds.join(", ");
    if worlds.is_empty() {
        tracing::warn!(world, place, "made a new world, because the store was empty; --must-exist refuses to");
    } else {
        tracing::warn!(
            world,
            place,
            stored = others,
            "made a new world, everybody begins anew in it; the worlds stored there already are named here, and --world-id NAME \
             goes on with one of them"
        );
    }
    Ok(())
}

fn missing(asked_by: &str, world: &str, place: &str, worlds: &[String], remedy: &str) -> StoreError {
    let others = if worlds.is_empty() { "none".to_owned() } else { worlds.join(", ") };
    let what = format!(
        "{asked_by}there is no world {world:?} in {place}; worlds stored there: {others}; --world-id NAME {remedy}"
    );
    StoreError::Unfit { reason: Unfit::Missing, what }
}

/// How the store is reached, by whoever has read the authorities.
pub(crate) fn access<'a>(config: &'a Config, authorities: &'a Authorities, mode: OpenMode) -> Access<'a> {
    let storage = &config.storage;
    Access {
        url: storage.database_url.expose_secret(),
        password: storage.database_password.as_ref().map(|password| password.expose_secret()),
        authorities: Some(authorities),
        mode,
    }
}

/// How the store is reached.
pub(crate) struct Reach<'a> {
    config: &'a Config,
    authorities: Authorities,
}

impl<'a> Reach<'a> {
    /// As the operator says.
    pub(crate) fn of(config: &'a Config) -> Result<Self> {
        Ok(Self { config, authorities: preparation::authorities(&config.network.tls_ca, &config.sources)? })
    }

    pub(crate) fn access(&self, mode: OpenMode) -> Access<'_> {
        access(self.config, &self.authorities, mode)
    }

    /// The store without a password.
    pub(crate) fn place(&self) -> Result<String> {
        Ok(Backend::of(self.config.storage.database_url.expose_secret()).context(NOT_OPENED)?.to_string())
    }
}

/// The store of a world that is in it. One that is not has nothing to be looked after, and what is
/// known of it, which is nothing, would leave no doubt about the clock. Looking after a store
/// neither makes one nor brings it up to date.
pub(crate) async fn open(config: &Config, mode: OpenMode) -> Result<(Arc<dyn Store>, Arc<Map>)> {
    let map = preparation::load_world(config)?;
    let reach = Reach::of(config)?;
    let access = reach.access(mode);
    let world = world_id(config, &map);
    let place = reach.place()?;
    let store = tilemud_persist::open_with(&access, world).await.context(NOT_OPENED)?;
    let is_there = match store.worlds().await {
        Ok(worlds) if worlds.iter().any(|stored| stored == world) => Ok(()),
        Ok(worlds) => Err(missing("", world, &place, &worlds, "names one of them")),
        Err(error) => Err(error),
    };
    if let Err(error) = is_there {
        store.close().await;
        return Err(error).context(NOT_OPENED);
    }
    Ok((store, map))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::Path;

    use tilemud_persist::store::LEASE_LASTS;

    use super::*;
    use crate::config::Command;
    use crate::failure::Failure;

    /// The configuration of `tilemud retain`.
    fn config(data: &Path, flags: &[&str]) -> Config {
        let args = ["tilemud", "retain", "--data-dir", data.to_str().unwrap()];
        let args = args.iter().chain(flags).map(OsString::from);
        match Command::load(args, [], |_| Err(std::io::ErrorKind::NotFound.into())).unwrap() {
            Command::Retain(config, _) => *config,
            other => panic!("{other:?}"),
        }
    }

    async fn make(data: &Path, world: &str) {
        let url = format!("sqlite:{}", data.join("tilemud.db").display());
        let store = tilemud_persist::open(&url, world).await.unwrap();
        crate::engine::lease::Candidate::new(LEASE_LASTS).take(&*store).await.unwrap();
        store.release_lease().await.unwrap();
        store.close().await;
    }

    #[tokio::test]
    async fn a_command_for_a_world_that_is_not_there_names_those_that_are() {
        let data = tempfile::tempdir().unwrap();
        make(data.path(), "harbour").await;
        make(data.path(), "First Light").await;
        let error =
            open(&config(data.path(), &["--world-id", "harbor"]), OpenMode::Read).await.err().expect("there is none");
        let failure = Failure::of(&error);
        assert_eq!(failure.exit_code(), 2, "{failure}");
        assert!(
            failure.problem.contains("no world \"harbor\"") && !failure.problem.contains("--must-exist"),
            "{failure}"
        );
        assert!(failure.problem.contains("First Light, harbour"), "{failure}");
        for flags in [&["--world-id", "harbour"][..], &[]] {
            let (store, _) = open(&config(data.path(), flags), OpenMode::Write).await.unwrap();
            store.close().await;
        }
    }
}
