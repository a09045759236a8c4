//! The hashes over the state of the world, kept up to date as entities change: sums of one hash per
//! entity, so that neither the order of changes nor the number of entities matters to their cost.
//! Session handles and entity numbers of players are not part of them: the same people in the same
//! places are the same state.

use bevy_ecs::change_detection::Tick as ChangeTick;
use bevy_ecs::prelude::*;
use tilemud_schema::{MapId, Position, WorldHashes};

use crate::world::dirty::DirtySet;
use crate::world::mixer::Mixer;

/// The running hashes and the entities whose part of them is out of date.
#[derive(Resource, Debug, Default)]
pub struct StateHash {
    sums: WorldHashes,
    pub(crate) stale: DirtySet,
}

/// How often the map of the world was edited.
#[derive(Resource, Debug, Default)]
pub struct Edits(pub u32);

/// What an entity adds to which of the hashes.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    hash: u64,
    is_character: bool,
}

/// An entity's contribution to the hashes, as last computed.
#[derive(Component, Debug, Clone, Copy, Default)]
pub struct Fingerprint {
    pub(crate) hash: u64,
    pub(crate) is_character: bool,
    /// For a character: the hash of its seldom changing state, and when its inventory had changed
    /// last.
    pub(crate) lasting: Option<(u64, ChangeTick)>,
}

impl Fingerprint {
    /// What is in the sum now.
    #[must_use]
    pub fn part(&self) -> Part {
        Part { hash: self.hash, is_character: self.is_character }
    }
}

impl StateHash {
    /// As of the end of the last tick.
    #[must_use]
    pub fn hashes(&self) -> WorldHashes {
        self.sums
    }

    /// How many entities were noted since the last renewal.
    #[must_use]
    pub fn stale_len(&self) -> usize {
        self.stale.entities().len()
    }

    /// Notes that an entity's contribution is out of date.
    pub fn touch(&mut self, entity: Entity) {
        self.stale.insert(entity);
    }

    /// Takes out an entity that is no more.
    pub fn forget(&mut self, part: Part) {
        self.change(part.is_character, part.hash, 0);
    }

    /// Updates the hash for a changed tile; `original` is the tile of the map. Tiles that are as on
    /// the map contribute nothing.
    pub fn change_tile(&mut self, position: Position, original: u16, old: u16, new: u16) {
        let part = |tile: u16| {
            let differs = Mixer::new(TILE).with(place(position.x, position.y)).with(u64::from(tile));
            if tile == original { 0 } else { differs.finish() }
        };
        self.sums.tiles = self.sums.tiles.wrapping_sub(part(old)).wrapping_add(part(new));
    }

    /// Takes in that the map of a new world was edited so often, and what it is. A world whose map
    /// never was has the hashes it had when no map could be.
    pub fn add_edits(&mut self, edits: u32, map: MapId) {
        if edits > 0 {
            let part = Mixer::new(MAP_EDITS).with(u64::from(edits)).with_bytes(&map.0).finish();
            self.sums.tiles = self.sums.tiles.wrapping_add(part);
        }
    }

    /// Replaces the part of an entity.
    pub fn change(&mut self, is_character: bool, old: u64, new: u64) {
        let sum = if is_character { &mut self.sums.characters } else { &mut self.sums.objects };
        *sum = sum.wrapping_sub(old).wrapping_add(new);
    }
}

/// A tile as one number.
pub(crate) fn place(x: i32, y: i32) -> u64 {
    u64::from(x as u32) << 32 | u64::from(y as u32)
}

/// One hash of the three.
#[must_use]
pub fn combined(hashes: &WorldHashes) -> u64 {
    Mixer::new(WORLD).with(hashes.characters).with(hashes.objects).with(hashes.tiles).finish()
}

const TILE: u64 = 3;

const WORLD: u64 = 4;

const MAP_EDITS: u64 = 9;
