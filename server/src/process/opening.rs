//! Opens a store for the commands, and checks whether the world is in it.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use secrecy::ExposeSecret as _;
use tilemud_persist::Access;
use tilemud_persist::store::{Maintenance, Store, StoreError, Unfit};
use tilemud_sim::Map;

use super::preparation;
use crate::config::Config;
use crate::failure::NOT_OPENED;

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
    let others = if worlds.is_empty() { "none".to_owned() } else { worlds.join(", ") };
    if must_exist {
        let what = format!(
            "--must-exist: there is no world {world:?} in {place}; worlds stored there: {others}; --world-id NAME goes on with \
             one of them"
        );
        return Err(StoreError::Unfit { reason: Unfit::Missing, what });
    }
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

pub(crate) async fn open(config: &Config) -> Result<(Arc<dyn Store>, Arc<Map>)> {
    let map = preparation::load_world(config)?;
    let authorities = preparation::authorities(&config.network.tls_ca, &config.sources)?;
    let access = Access {
        url: config.storage.database_url.expose_secret(),
        password: config.storage.database_password.as_ref().map(|password| password.expose_secret()),
        authorities: Some(&authorities),
        // Looking after a store makes none.
        must_exist: true,
    };
    let world = config.world.id.as_deref().unwrap_or(&map.name);
    Ok((tilemud_persist::open_with(&access, world).await.context(NOT_OPENED)?, map))
}
