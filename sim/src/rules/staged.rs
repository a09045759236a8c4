//! What an action has changed so far, as an overlay on the unchanged world: reads look into the
//! changes first. Dropped when a step fails; applied by [`super::action`] when none does.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use smallvec::SmallVec;
use tilemud_schema::{Effect, EntityId, EntityKind, ErrorCode, ItemKind, Position};

use crate::map::Map;
use crate::rules::context::Context;
use crate::world::customs::Customs;
use crate::world::inventory::Inventory;
use crate::world::occupants::Occupant;

/// The changes of an action. One entry for each thing that changed, with its newest value.
#[derive(Debug, Default)]
pub struct Changes {
    pub inventories: SmallVec<[(Entity, Inventory); 2]>,
    pub healths: SmallVec<[(Entity, i32); 2]>,
    /// Whether doors are open.
    pub doors: SmallVec<[(Entity, bool); 2]>,
    pub tiles: SmallVec<[(Position, u16); 2]>,
    /// New quantity of each item that lay there before the action; 0: taken.
    pub stacks: SmallVec<[(Entity, u32); 2]>,
    /// Items laid down anew.
    pub laid: Vec<Laid>,
    /// Its effects and their places, in order.
    pub effects: Vec<(Position, Effect)>,
}

/// Items that were laid down where none of their kind lay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    /// The number of the entity they will be.
    pub id: EntityId,
    pub kind: ItemKind,
    /// What they are called.
    pub name: Arc<str>,
    /// How many; 0: taken again.
    pub quantity: u32,
    pub position: Position,
}

/// The world as an action has changed it so far.
pub struct Staged<'a, 'w, 's> {
    context: &'a Context<'w, 's>,
    actor: Entity,
    place: Position,
    changes: Changes,
}

impl<'a, 'w, 's> Staged<'a, 'w, 's> {
    /// An overlay without changes; `None` when the actor is not in the world.
    #[must_use]
    pub fn new(context: &'a Context<'w, 's>, actor: Entity) -> Option<Self> {
        let place = context.scene.position(actor)?;
        Some(Self { context, actor, place, changes: Changes::default() })
    }

    #[must_use]
    pub fn into_changes(self) -> Changes {
        self.changes
    }

    #[must_use]
    pub fn actor(&self) -> Entity {
        self.actor
    }

    /// Where the actor stands.
    #[must_use]
    pub fn place(&self) -> Position {
        self.place
    }

    #[must_use]
    pub fn map(&self) -> &'a Map {
        self.context.scene.terrain.map()
    }

    /// An entity that was there before the action.
    #[must_use]
    pub fn entity(&self, id: EntityId) -> Option<Entity> {
        self.context.scene.ids.get(id)
    }

    /// Number, place and health of a player's entity; `None` for any other.
    #[must_use]
    pub fn person(&self, entity: Entity) -> Option<(EntityId, Position, i32)> {
        let before = self.context.scene.health(entity)?;
        let (id, place) = self.context.scene.body(entity)?;
        Some((id, place, newest(&self.changes.healths, entity).copied().unwrap_or(before)))
    }

    /// Kind, quantity and place of items that lie there.
    #[must_use]
    pub fn item(&self, id: EntityId) -> Option<(ItemKind, u32, Position)> {
        if let Some(laid) = self.changes.laid.iter().find(|laid| laid.id == id && laid.quantity > 0) {
            return Some((laid.kind.clone(), laid.quantity, laid.position));
        }
        let entity = self.entity(id)?;
        let (kind, quantity) = self.stack(entity).filter(|(_, quantity)| *quantity > 0)?;
        Some((kind.clone(), quantity, self.context.scene.position(entity)?))
    }

    /// Sets how many of the items lie there; 0: they are gone.
    pub fn leave(&mut self, id: EntityId, quantity: u32) {
        if let Some(laid) = self.changes.laid.iter_mut().find(|laid| laid.id == id) {
            laid.quantity = quantity;
        } else if let Some(entity) = self.entity(id) {
            set(&mut self.changes.stacks, entity, quantity);
        }
    }

    /// How many more of a kind the actor can carry.
    ///
    /// # Errors
    /// ACTION_NOT_ALLOWED for an actor that carries nothing.
    pub fn room_for(&mut self, kind: &ItemKind) -> Result<u32, ErrorCode> {
        Ok(self.inventory(self.actor)?.room_for(kind))
    }

    /// Puts items where the actor stands. They join items of their kind that lie there.
    ///
    /// # Errors
    /// ACTION_NOT_ALLOWED when more would lie there than can be counted.
    pub fn lay_down(&mut self, kind: &ItemKind, quantity: u32) -> Result<(), ErrorCode> {
        let place = self.place;
        let too_many = ErrorCode::ActionNotAllowed;
        // The oldest of them, whatever order the chunk has them in.
        let items = self.standing_at(place).filter_map(|it| Some((it.id, it.entity, self.stack(it.entity)?)));
        let lying = items.filter(|(_, _, (its_kind, there))| *its_kind == kind && *there > 0);
        if let Some((_, entity, (_, there))) = lying.min_by_key(|(id, ..)| *id) {
            set(&mut self.changes.stacks, entity, there.checked_add(quantity).ok_or(too_many)?);
            return Ok(());
        }
        let mut laid = self.changes.laid.iter_mut();
        if let Some(laid) = laid.find(|laid| laid.kind == *kind && laid.position == place && laid.quantity > 0) {
            laid.quantity = laid.quantity.checked_add(quantity).ok_or(too_many)?;
            return Ok(());
        }
        let id = EntityId(self.context.scene.ids.next + self.changes.laid.len() as u64);
        let name = self.map().items.get(kind).map_or_else(|| kind.clone(), |info| info.name.clone());
        self.changes.laid.push(Laid { id, kind: kind.clone(), name, quantity, position: place });
        Ok(())
    }

    /// Gives items to a player.
    ///
    /// # Errors
    /// INVENTORY_FULL; ACTION_NOT_ALLOWED for none at all.
    pub fn put_into_inventory(&mut self, entity: Entity, kind: &ItemKind, quantity: u32) -> Result<(), ErrorCode> {
        self.inventory(entity)?.put(kind, quantity)
    }

    /// Takes items from the actor.
    ///
    /// # Errors
    /// ITEM_NOT_FOUND when it has fewer; ACTION_NOT_ALLOWED for none at all.
    pub fn take_from_inventory(&mut self, kind: &ItemKind, quantity: u32) -> Result<(), ErrorCode> {
        self.inventory(self.actor)?.take(kind, quantity)
    }

    /// The door at a place and whether it is open.
    #[must_use]
    pub fn door(&self, place: Position) -> Option<(Entity, bool)> {
        // The oldest of them, whatever order the chunk has them in.
        let doors =
            self.standing_at(place).filter_map(|it| Some((it.id, it.entity, self.context.scene.is_open(it.entity)?)));
        let (_, door, was_open) = doors.min_by_key(|(id, ..)| *id)?;
        Some((door, newest(&self.changes.doors, door).copied().unwrap_or(was_open)))
    }

    /// Opens or closes a door.
    pub fn turn_door(&mut self, door: Entity, open: bool) {
        set(&mut self.changes.doors, door, open);
    }

    /// Whether a player or an NPC stands there.
    #[must_use]
    pub fn is_occupied(&self, place: Position) -> bool {
        let scene = &self.context.scene;
        self.standing_at(place).any(|it| matches!(scene.kind(it.entity), Some(EntityKind::Player | EntityKind::Npc)))
    }

    /// Whether items lie there.
    #[must_use]
    pub fn has_items(&self, place: Position) -> bool {
        self.standing_at(place).any(|it| self.stack(it.entity).is_some_and(|(_, quantity)| quantity > 0))
            || self.changes.laid.iter().any(|laid| laid.position == place && laid.quantity > 0)
    }

    /// Whether new characters appear there.
    #[must_use]
    pub fn is_spawn(&self, place: Position) -> bool {
        self.context.spawn.contains(place)
    }

    /// Whether new characters appear there or close by.
    #[must_use]
    pub fn is_by_spawn(&self, place: Position) -> bool {
        self.context.spawn.is_near(place)
    }

    /// Whether a warp is there or leads there.
    #[must_use]
    pub fn is_of_warp(&self, place: Position) -> bool {
        self.context.scene.terrain.is_of_warp(place)
    }

    /// Whether an area says that nothing is built there.
    #[must_use]
    pub fn is_kept(&self, place: Position) -> bool {
        self.context.scene.terrain.is_kept(place)
    }

    #[must_use]
    pub fn customs(&self) -> Customs {
        self.context.customs()
    }

    /// The tile of a place; `None` outside of the map.
    #[must_use]
    pub fn tile(&self, place: Position) -> Option<u16> {
        newest(&self.changes.tiles, place).copied().or_else(|| self.context.scene.terrain.tile(place))
    }

    /// The tile the map has there.
    #[must_use]
    pub fn map_tile(&self, place: Position) -> Option<u16> {
        self.context.scene.terrain.map_tile(place.x, place.y)
    }

    /// Whether the tile is not as on the map.
    #[must_use]
    pub fn is_built(&self, place: Position) -> bool {
        self.tile(place) != self.map_tile(place)
    }

    pub fn set_tile(&mut self, place: Position, tile: u16) {
        set(&mut self.changes.tiles, place, tile);
    }

    /// Changes the health of a player.
    pub fn set_health(&mut self, entity: Entity, health: i32) {
        set(&mut self.changes.healths, entity, health);
    }

    /// Adds a sound. The same sound at the same place is heard once per action, however many steps
    /// make it.
    pub fn sound(&mut self, place: Position, name: &str) {
        let is_heard = |effect: &Effect| matches!(effect, Effect::Sound { name: other, .. } if **other == *name);
        if !self.changes.effects.iter().any(|(at, effect)| *at == place && is_heard(effect)) {
            self.effect(place, Effect::Sound { x: place.x, y: place.y, name: name.into() });
        }
    }

    pub fn effect(&mut self, place: Position, effect: Effect) {
        self.changes.effects.push((place, effect));
    }

    fn inventory(&mut self, entity: Entity) -> Result<&mut Inventory, ErrorCode> {
        let inventories = &mut self.changes.inventories;
        let known = inventories.iter().position(|(owner, _)| *owner == entity);
        let index = match known {
            Some(index) => index,
            None => {
                let before = self.context.inventories.get(entity).map_err(|_| ErrorCode::ActionNotAllowed)?;
                inventories.push((entity, before.clone()));
                inventories.len() - 1
            }
        };
        Ok(&mut inventories[index].1)
    }

    /// Kind and quantity of items that lay there before the action.
    fn stack(&self, item: Entity) -> Option<(&'a ItemKind, u32)> {
        let (appearance, before) = self.context.stacks.get(item).ok()?;
        Some((&appearance.look, newest(&self.changes.stacks, item).copied().unwrap_or(before.0)))
    }

    /// Everything that was at a place before the action. Nobody moves during an action.
    fn standing_at(&self, place: Position) -> impl Iterator<Item = &'a Occupant> {
        let chunks = &self.context.scene.chunks;
        chunks.occupants(chunks.grid().cell_of(place)).filter(move |occupant| occupant.position == place)
    }
}

fn newest<K: PartialEq, V>(changes: &[(K, V)], key: K) -> Option<&V> {
    changes.iter().find(|(changed, _)| *changed == key).map(|(_, value)| value)
}

fn set<K: PartialEq, V>(changes: &mut SmallVec<[(K, V); 2]>, key: K, value: V) {
    match changes.iter_mut().find(|(changed, _)| *changed == key) {
        Some((_, old)) => *old = value,
        None => changes.push((key, value)),
    }
}
