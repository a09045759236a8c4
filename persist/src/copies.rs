//! Copies of a world: all that a store holds of it, as of one moment, as the file of an embedded
//! store (an image). From either database and into either, so a copy is a backup, and a way from
//! one to the other.
//!
//! An image is a store with one world in it, and a table that says of what it is a copy. A further
//! image may hold the log since an earlier one alone; the rest of a world is small and always
//! whole.

use std::path::Path;
use std::sync::Arc;

use tilemud_schema::CharacterId;

use crate::access::{Access, OpenMode};
use crate::backend::Backend;
use crate::copied::Scope;
pub use crate::copied::{Copied, Cut};
use crate::image::Image;
pub use crate::image::{add, cut_at, cut_back, read, rename};
use crate::store::{Store, StoreError, Unfit};

/// The store that an image is.
///
/// # Errors
/// As [`crate::open`].
pub async fn open(image: &Path, world: &str, mode: OpenMode) -> Result<Arc<dyn Store>, StoreError> {
    Backend::Sqlite(image).open_one(&Access { mode, ..Access::from("") }, world).await
}

/// Writes what the store has of `world` into a new image. Only reads the store, also beside a
/// running server. With `base`, only the log since that copy.
///
/// # Errors
/// [`StoreError::Unfit`] when there is no such world, or the copy before it is none of its log.
pub async fn copy_out(
    access: &Access<'_>,
    world: &str,
    image: &Path,
    base: Option<&Copied>,
) -> Result<Copied, StoreError> {
    if let Some(base) = base.filter(|base| base.world != world) {
        return Err(not_its_base(&format!("it is of the world {:?}", base.world)));
    }
    let mut image = Image::create(image, world).await?;
    // From the last tick of the base on, which tells whether this log goes on from it.
    let scope = Scope::World { from: base.map_or(0, |base| base.recorded) };
    let backend = Backend::of(access.url)?;
    let found = backend.copy_out(access, world, &mut image, scope).await?;
    if !found {
        let store = backend.open_one(&Access { mode: OpenMode::Read, ..*access }, world).await?;
        let worlds = store.worlds().await;
        store.close().await;
        let what = format!(
            "there is no world {world:?} in {backend}; worlds stored there: {}; --world-id names one of them",
            worlds?.join(", ")
        );
        return Err(StoreError::Unfit { reason: Unfit::Missing, what });
    }
    if let Some(base) = base.filter(|base| base.recorded > 0)
        && image.hashes_at(base.recorded).await? != base.hashes
    {
        return Err(not_its_base(
            "the log of the world does not go on from where it ends, or has been deleted up to there",
        ));
    }
    image.finish(world, base).await
}

fn not_its_base(why: &str) -> StoreError {
    let what = format!("the backup of --since is none that this world goes on from: {why}; make a whole backup");
    StoreError::Unfit { reason: Unfit::Foreign, what }
}

/// Writes what an image holds into a store, as a new world of that store.
///
/// # Errors
/// [`StoreError::Unfit`] when the store has a world of that name already: nothing is changed then.
pub async fn copy_in(access: &Access<'_>, image: &Path) -> Result<(), StoreError> {
    let Copied { world, .. } = read(image).await?;
    let backend = Backend::of(access.url)?;
    // Makes the tables, and says what is wrong with the place.
    let store = backend.open_one(&Access { mode: OpenMode::Create, ..*access }, &world).await?;
    let worlds = store.worlds().await;
    store.close().await;
    if worlds?.contains(&world) {
        let what = format!(
            "{backend} has a world {world:?} already, which is not written over; --world-id NAME puts the copy beside it, \
             or name another --data-dir or --database-url"
        );
        return Err(StoreError::Unfit { reason: Unfit::Foreign, what });
    }
    backend.copy_in(access, &world, image).await
}

/// All that the store has of one character, by the names of tables and columns: its profile, its
/// sessions, how it came into the world, and what it did. Only reads. `scratch` is an image to be
/// made.
///
/// # Errors
/// What the store answers.
pub async fn of_character(
    access: &Access<'_>,
    world: &str,
    character: CharacterId,
    scratch: &Path,
) -> Result<serde_json::Value, StoreError> {
    let mut image = Image::create(scratch, world).await?;
    Backend::of(access.url)?.copy_out(access, world, &mut image, Scope::Character(character)).await?;
    image.into_json().await
}
