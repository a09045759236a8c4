//! What others see of an entity, as a type of the wire: put together here from its components, and
//! nowhere else.

use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryData;
use tilemud_schema::{Direction, Entity as PublicEntity, EntityUpdate, Position};

use crate::world::body::{Appearance, Away, Door, Health, Id, TilePosition};
use crate::world::clock::Since;

/// All that is seen of an entity.
#[derive(QueryData)]
pub struct Seen {
    id: &'static Id,
    appearance: &'static Appearance,
    position: &'static TilePosition,
    health: Option<&'static Health>,
    door: Option<&'static Door>,
    away: Option<&'static Away>,
}

impl SeenItem<'_, '_> {
    /// What a client gets that did not see the entity before.
    #[must_use]
    pub fn entity(&self) -> PublicEntity {
        let Appearance { kind, name, look } = self.appearance.clone();
        let Position { x, y } = self.position.tile;
        PublicEntity {
            id: self.id.0,
            kind,
            name,
            x,
            y,
            look,
            health: self.health.map(|health| health.0),
            open: self.door.map(|door| door.open),
            away: self.away.is_some_and(|away| away.0).then_some(true),
        }
    }
}

/// What can change of what is seen.
#[derive(QueryData)]
pub struct Changing {
    id: &'static Id,
    position: &'static TilePosition,
    health: Option<Ref<'static, Health>>,
    door: Option<Ref<'static, Door>>,
    away: Option<Ref<'static, Away>>,
}

impl ChangingItem<'_, '_> {
    /// The fields that changed after a tick.
    #[must_use]
    pub fn update(&self, since: Since) -> EntityUpdate {
        let nothing = EntityUpdate::none(self.id.0);
        let mut update = nothing.clone();
        update.health = self.health.as_ref().filter(|health| since.changed(*health)).map(|health| health.0);
        update.open = self.door.as_ref().filter(|door| since.changed(*door)).map(|door| door.open);
        update.away = self.away.as_ref().filter(|away| since.changed(*away)).map(|away| away.0);
        let TilePosition { tile, moved, from, moved_before } = *self.position;
        if moved > since.tick {
            if update == nothing && moved_before <= since.tick {
                update.step = Direction::between(from, tile);
            }
            (update.x, update.y) = (Some(tile.x), Some(tile.y));
        }
        update
    }
}
