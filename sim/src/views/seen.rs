//! What others see of an entity, as a type of the wire: put together here from its components, and nowhere else.

use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryData;
use tilemud_schema::{Direction, Entity as PublicEntity, EntityKind, EntityUpdate, Position};

use crate::world::body::{Away, DisplayName, Door, Health, Id, LastStep, Look, Npc, TilePosition};
use crate::world::character::Character;
use crate::world::clock::Since;

/// All that is seen of an entity.
#[derive(QueryData)]
pub struct Seen {
    pub id: &'static Id,
    name: &'static DisplayName,
    look: &'static Look,
    position: &'static TilePosition,
    health: Option<&'static Health>,
    door: Option<&'static Door>,
    away: Option<&'static Away>,
    is_player: Has<Character>,
    is_npc: Has<Npc>,
}

impl SeenItem<'_, '_> {
    /// What a client is shown that did not see it before.
    #[must_use]
    pub fn entity(&self) -> PublicEntity {
        let Position { x, y } = self.position.0;
        PublicEntity {
            id: self.id.0,
            kind: self.kind(),
            name: self.name.0.clone(),
            x,
            y,
            look: self.look.0.clone(),
            health: self.health.map(|health| health.0),
            open: self.door.map(|door| door.open),
            away: self.away.is_some_and(|away| away.0).then_some(true),
        }
    }

    /// Whatever is no player, NPC or door is an item.
    #[must_use]
    pub fn kind(&self) -> EntityKind {
        match (self.is_player, self.is_npc, self.door) {
            (true, ..) => EntityKind::Player,
            (_, true, _) => EntityKind::Npc,
            (.., Some(_)) => EntityKind::Door,
            _ => EntityKind::Item,
        }
    }
}

/// What can change of what is seen.
#[derive(QueryData)]
pub struct Changing {
    id: &'static Id,
    position: &'static TilePosition,
    step: Option<&'static LastStep>,
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
        if let Some(step) = self.step.filter(|step| step.tick > since.tick) {
            let Position { x, y } = self.position.0;
            if update == nothing && step.before <= since.tick {
                update.step = Direction::between(step.from, self.position.0);
            }
            (update.x, update.y) = (Some(x), Some(y));
        }
        update
    }
}
