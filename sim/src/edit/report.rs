//! What an edit of the map does to a world, for people: in the log of a server, and before it is
//! done.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use tilemud_schema::{CharacterId, EntityKind, ItemKind, Position};

/// What became of everything that an edit touches. Lists are in the order of the map, of entities
/// and of characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EditReport {
    /// Places whose tile the builder changed.
    pub tiles_changed: Vec<Position>,
    /// Tiles built by players that stay.
    pub tiles_kept: usize,
    /// Tiles built by players that are now as the builder has them.
    pub tiles_met: usize,
    /// Tiles built by players that go.
    pub tiles_lost: Vec<TileLost>,
    /// Objects of the map that stay as they are.
    pub objects_kept: usize,
    /// Items of the map that were taken, and stay taken.
    pub objects_taken: usize,
    pub objects_added: Vec<ObjectEdit>,
    pub objects_removed: Vec<ObjectEdit>,
    pub objects_moved: Vec<ObjectEdit>,
    /// Those with another name, look, quantity or habit.
    pub objects_changed: Vec<ObjectEdit>,
    pub warps: Differences,
    /// Of items that come back, and of areas on which things appear.
    pub spawners: Differences,
    /// Those that hurt or protect, or on which nothing is built; of others the world knows nothing.
    pub areas: Differences,
    /// How many more or fewer items of a kind lie in the world.
    pub items: BTreeMap<ItemKind, i64>,
    /// What players laid down where nothing can lie any more.
    pub piles_moved: Vec<PileMoved>,
    /// Who is in the world and stands where nobody can stand any more.
    pub people_moved: Vec<PersonMoved>,
}

impl EditReport {
    pub(super) fn add_items(&mut self, kind: &ItemKind, count: i64) {
        *self.items.entry(kind.clone()).or_default() += count;
        self.items.retain(|_, count| *count != 0);
    }
}

/// How a list of the map differs. What says something else than before is counted in both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Differences {
    pub new: usize,
    pub gone: usize,
}

impl Differences {
    /// The order of the lists says nothing.
    pub(super) fn between<T: Serialize>(old: &[T], new: &[T]) -> Self {
        let mut counts: BTreeMap<Vec<u8>, i64> = BTreeMap::new();
        let counted = old.iter().map(|entry| (entry, -1)).chain(new.iter().map(|entry| (entry, 1)));
        for (entry, count) in counted {
            *counts.entry(postcard::to_allocvec(entry).unwrap_or_default()).or_default() += count;
        }
        let sum = |sign: i64| counts.values().map(|count| (count * sign).max(0).unsigned_abs() as usize).sum();
        Self { new: sum(1), gone: sum(-1) }
    }
}

/// A tile that a player had built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TileLost {
    pub at: Position,
    /// What it is called.
    pub name: String,
    pub why: TileLoss,
}

/// Why a built tile goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TileLoss {
    /// A warp is there, or leads there.
    Warp,
    /// The builder changed that very tile.
    Changed,
    /// It is beyond the edge of the smaller map.
    BeyondTheEdge,
    /// The tileset has nothing like it.
    Unknown,
    /// A door stands there now.
    Door,
    /// New characters appear there now.
    Spawn,
}

/// An object of the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObjectEdit {
    /// Its id in Tiled, or what stands for it.
    pub object: u32,
    pub kind: EntityKind,
    pub name: Arc<str>,
    /// Where it belongs now; of one that goes, where it did.
    pub at: Position,
}

/// Items that somebody laid down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PileMoved {
    pub name: Arc<str>,
    pub from: Position,
    pub to: Position,
}

/// Somebody who has to stand elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonMoved {
    pub character: CharacterId,
    pub from: Position,
    pub to: Position,
}
