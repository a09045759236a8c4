//! What a player holds by applying state deltas in the order they come, by the rule of the protocol
//! page and nothing else. Stricter than a client has to be: whatever a delta says that does not fit
//! what is held is an error.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use tilemud_schema::{Entity, EntityId, EntityKind, Position, SelfState, StateDelta, Tick};

/// Entities in view and the own private state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    pub tick: Tick,
    pub entities: BTreeMap<EntityId, Entity>,
    pub tiles: BTreeMap<(i32, i32), u16>,
    pub own: SelfState,
}

impl Surroundings {
    pub fn apply(&mut self, delta: &StateDelta) -> Result<()> {
        ensure!(delta.tick > self.tick, "a delta of tick {} after one of tick {}", delta.tick, self.tick);
        if delta.full {
            *self = Self::default();
        }
        self.tick = delta.tick;
        for entity in &delta.enter {
            let earlier = self.entities.insert(entity.id, entity.clone());
            ensure!(earlier.is_none(), "{:?} enters what is held already", entity.id);
        }
        for update in &delta.update {
            let Some(entity) = self.entities.get_mut(&update.id) else {
                bail!("an update of {:?}, which is not held", update.id);
            };
            update.apply(entity);
        }
        for id in &delta.leave {
            ensure!(self.entities.remove(id).is_some(), "{id:?} leaves, which is not held");
        }
        for change in &delta.tiles {
            self.tiles.insert((change.x, change.y), change.tile);
        }
        if let Some(own) = &delta.own {
            self.apply_own(own);
        }
        let mut names: Vec<_> = self.players().map(|(name, _)| name).collect();
        names.sort_unstable();
        ensure!(names.windows(2).all(|pair| pair[0] != pair[1]), "a character is there twice: {names:?}");
        Ok(())
    }

    /// NPCs go on by themselves: takes over where they went in the one tick between this and
    /// `later`.
    pub fn follow_npcs(&mut self, later: &Self) {
        let is_npc = |entity: &Entity| entity.kind == EntityKind::Npc;
        self.entities.retain(|id, entity| !is_npc(entity) || later.entities.contains_key(id));
        for npc in later.entities.values().filter(|entity| is_npc(entity)) {
            let known = self.entities.entry(npc.id).or_insert_with(|| npc.clone());
            if known.x.abs_diff(npc.x) + known.y.abs_diff(npc.y) <= 1 {
                (known.x, known.y) = (npc.x, npc.y);
            }
        }
    }

    /// The characters in view and where they stand.
    pub fn players(&self) -> impl Iterator<Item = (&str, Position)> {
        let players = self.entities.values().filter(|entity| entity.kind == EntityKind::Player);
        players.map(|entity| (&*entity.name, Position { x: entity.x, y: entity.y }))
    }

    fn apply_own(&mut self, own: &SelfState) {
        let held = &mut self.own;
        held.character_id = own.character_id.or(held.character_id);
        held.position = own.position.or(held.position);
        held.camp = own.camp.or(held.camp);
        held.health = own.health.or(held.health);
        held.stats = own.stats.clone().or_else(|| held.stats.take());
        held.inventory = own.inventory.clone().or_else(|| held.inventory.take());
    }
}
