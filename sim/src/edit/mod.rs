//! An edited map, taken into a world that is played: a three-way merge of the map as it was, the
//! map as it is, and the world. What the builder changed takes effect where players changed
//! nothing; what they built, hold and laid down stays theirs. Works on a snapshot and reads nothing
//! else, so that the same edit of the same world makes the same world wherever it is done.

mod known;
mod objects;
mod report;
mod shift;
mod tilesets;

use std::collections::BTreeSet;

use tilemud_schema::{EntityKind, Position, TileChange, WorldHashes};

use objects::{Things, merge as merge_objects};
pub use report::{Differences, EditReport, ObjectEdit, PersonMoved, PileMoved, TileLoss, TileLost};
use tilesets::Tilesets;

use crate::history::provenance::Provenance;
use crate::history::snapshot::{ObjectSnapshot, WorldSnapshot};
use crate::map::areas::Rules;
use crate::map::{HURTS, Map, MapObject, SAFE};
use crate::world::grid::distance;
use crate::world::nearest::nearest;
use crate::world::shifted::moved;
use crate::world::spawn::SpawnTiles;
use crate::world::terrain::fingerprint_of;

/// The world in the tick after, on the edited map, and what became of it. Its hashes are not known
/// yet, and its spawners are still those of the map before.
#[must_use]
pub fn merge(old: &Map, new: &Map, world: &WorldSnapshot) -> (WorldSnapshot, EditReport) {
    let by = shift_between(old, new);
    if by == Position::default() {
        return merge_in_place(old, new, world);
    }
    merge_in_place(&shift::map(old, new, by), new, &shift::world(world, by))
}

/// By how much places of a map are farther right and lower on another one that is its edit.
pub(crate) fn shift_between(old: &Map, new: &Map) -> Position {
    shift::between(old, new, &Tilesets::compare(&old.tileset, &new.tileset))
}

/// The same where a place of both maps has the same column and row.
fn merge_in_place(old: &Map, new: &Map, world: &WorldSnapshot) -> (WorldSnapshot, EditReport) {
    let rules = |map: &Map| map.areas.iter().filter_map(Rules::of).collect::<Vec<_>>();
    let mut report = EditReport {
        warps: Differences::between(&old.warps, &new.warps),
        spawners: Differences::between(&old.spawners, &new.spawners),
        areas: Differences::between(&rules(old), &rules(new)),
        ..EditReport::default()
    };
    let tilesets = Tilesets::compare(&old.tileset, &new.tileset);
    let mut tiles = merge_tiles(old, new, &tilesets, world, &mut report);

    let mut objects = world.objects.clone();
    objects.sort_unstable_by_key(|object| object.face.id);
    let origins = world.provenance.origins.iter().copied().collect();
    let mut things = Things { objects, origins, next_entity: world.next_entity, gone: BTreeSet::new() };
    let before = known::objects_before(old, new, &mut things);
    let doors = merge_objects(&before, new, &mut things, &mut report);
    lose_tiles(&mut tiles, new, TileLoss::Door, &mut report, |at| doors.contains(&(at.x, at.y)));
    lose_tiles(&mut tiles, new, TileLoss::Warp, &mut report, |at| {
        new.warps.iter().any(|warp| warp.to == at || warp.contains(at.x, at.y))
    });

    let ground = Ground::of(new, &tiles, &things.objects);
    let before = Ground::of(old, &world.tiles, &[]);
    settle_things(&mut things, &ground, &before, &mut report);
    let mut characters = world.characters.clone();
    characters.sort_unstable_by_key(|character| character.id);
    for character in &mut characters {
        let from = character.state.position.unwrap_or_default();
        let to = if ground.is_free(from) { from } else { ground.nearest_free(from) };
        if to != from {
            character.state.position = Some(to);
            report.people_moved.push(PersonMoved { character: character.identity.character_id, from, to });
        }
    }
    report.tiles_kept = tiles.len();
    let Things { objects, origins, next_entity, .. } = things;
    let stays: BTreeSet<_> = objects.iter().map(|object| object.face.id).collect();
    let mut spawners = world.spawners.clone();
    spawners.iter_mut().for_each(|state| state.things.retain(|id| stays.contains(id)));
    let provenance = Provenance {
        map: Some(new.id()),
        edits: world.provenance.edits.saturating_add(1),
        origins: origins.into_iter().collect(),
        shifted: world.provenance.shifted,
    };
    let merged = WorldSnapshot {
        tick: world.tick + 1,
        hashes: WorldHashes::default(),
        version: tilemud_schema::version().to_owned(),
        map: fingerprint_of(new),
        ticks_per_second: world.ticks_per_second,
        next_entity,
        tiles,
        objects,
        characters,
        provenance,
        spawners,
    };
    (merged, report)
}

/// Whether a map can be an edit of another one: an object of both is as it was, or at least half of
/// the tiles are. Two maps of one name that have nothing in common are two worlds.
pub fn is_edit_of(new: &Map, old: &Map) -> bool {
    let before = old.objects_by_id();
    let tilesets = Tilesets::compare(&old.tileset, &new.tileset);
    let by = shift::between(old, new, &tilesets);
    let is_known = |now: &MapObject| {
        let was = before.get(&now.id);
        was.is_some_and(|was| (was.kind, &was.look, moved(was.position, by)) == (now.kind, &now.look, now.position))
    };
    let same = || shift::same_tiles(old, new, &tilesets, by);
    new.objects.iter().any(is_known) || same() * 2 >= new.tiles.len().max(old.tiles.len())
}

/// The tiles that are not as on the edited map: those that players built, by their new numbers.
fn merge_tiles(
    old: &Map,
    new: &Map,
    tilesets: &Tilesets,
    world: &WorldSnapshot,
    report: &mut EditReport,
) -> Vec<TileChange> {
    let tile = |map: &Map, x, y| map.index(x, y).map(|index| map.tiles[index]);
    let is_changed = |x, y| tile(old, x, y).and_then(|tile| tilesets.now(tile)) != tile(new, x, y);
    let all = (0..new.height).flat_map(|y| (0..new.width).map(move |x| Position { x, y }));
    report.tiles_changed = all.filter(|at| is_changed(at.x, at.y)).collect();

    let spawn = SpawnTiles::of_map(new, 0);
    let mut built = world.tiles.clone();
    built.sort_unstable_by_key(|change| (change.y, change.x));
    let mut kept = Vec::with_capacity(built.len());
    for TileChange { x, y, tile: built } in built {
        let at = Position { x, y };
        let now = tilesets.now(built);
        let is_harmless = |tile: u16| !new.tileset.is_solid(tile) && !new.tileset.damage.contains_key(&tile);
        let why = match (tile(new, x, y), now) {
            (None, _) => TileLoss::BeyondTheEdge,
            (Some(there), Some(now)) if there == now => {
                report.tiles_met += 1;
                continue;
            }
            _ if is_changed(x, y) => TileLoss::Changed,
            (_, None) => TileLoss::Unknown,
            (_, Some(now)) if !is_harmless(now) && spawn.contains(at) => TileLoss::Spawn,
            (_, Some(now)) => {
                kept.push(TileChange { x, y, tile: now });
                continue;
            }
        };
        report.tiles_lost.push(TileLost { at, name: name(old, built), why });
    }
    kept
}

fn name(map: &Map, tile: u16) -> String {
    map.tileset.tiles.get(usize::from(tile)).map(|info| info.name.clone()).unwrap_or_default()
}

/// Takes away built tiles that block where something has to be.
fn lose_tiles(
    tiles: &mut Vec<TileChange>,
    map: &Map,
    why: TileLoss,
    report: &mut EditReport,
    is_needed: impl Fn(Position) -> bool,
) {
    tiles.retain(|change| {
        let at = Position { x: change.x, y: change.y };
        let goes = map.tileset.is_solid(change.tile) && is_needed(at);
        if goes {
            report.tiles_lost.push(TileLost { at, name: name(map, change.tile), why });
        }
        !goes
    });
}

/// Where one can stand.
struct Ground {
    width: i32,
    height: i32,
    solid: Vec<bool>,
    /// Where standing hurts.
    hurts: Vec<bool>,
    /// Places of closed doors, row and column.
    closed: BTreeSet<(i32, i32)>,
}

impl Ground {
    fn of(map: &Map, tiles: &[TileChange], objects: &[ObjectSnapshot]) -> Self {
        let hurts = |tile: u16| map.tileset.damage.contains_key(&tile);
        let mut solid: Vec<bool> = map.tiles.iter().map(|tile| map.tileset.is_solid(*tile)).collect();
        let mut hurting: Vec<bool> = map.tiles.iter().map(|tile| hurts(*tile)).collect();
        for change in tiles {
            if let Some(index) = map.index(change.x, change.y) {
                (solid[index], hurting[index]) = (map.tileset.is_solid(change.tile), hurts(change.tile));
            }
        }
        for (hurts, marks) in hurting.iter_mut().zip(map.area_marks()) {
            *hurts = marks & SAFE == 0 && (*hurts || marks & HURTS != 0);
        }
        let doors = objects.iter().filter(|object| object.face.open == Some(false));
        let closed = doors.map(|door| (door.face.y, door.face.x)).collect();
        Self { width: map.width, height: map.height, solid, hurts: hurting, closed }
    }

    fn is_inside(&self, at: Position) -> bool {
        (0..self.width).contains(&at.x) && (0..self.height).contains(&at.y)
    }

    /// Whether the tile there is solid, also true outside.
    fn is_solid(&self, at: Position) -> bool {
        !self.is_inside(at) || self.solid[(at.y * self.width + at.x) as usize]
    }

    fn is_free(&self, at: Position) -> bool {
        !self.is_solid(at) && !self.closed.contains(&(at.y, at.x))
    }

    /// Of a map without any free place, the nearest one at all.
    fn nearest_free(&self, from: Position) -> Position {
        let size = (self.width, self.height);
        let good = nearest(size, from, |at| self.is_free(at) && !self.hurts[(at.y * self.width + at.x) as usize]);
        let free = good.or_else(|| nearest(size, from, |at| self.is_free(at)));
        free.or_else(|| nearest(size, from, |_| true)).unwrap_or(from)
    }
}

/// NPCs that stand where they cannot go home, and what players laid down where it cannot lie any
/// more is moved to the nearest free place.
fn settle_things(things: &mut Things, ground: &Ground, before: &Ground, report: &mut EditReport) {
    let Things { objects, origins, .. } = things;
    for object in objects.iter_mut() {
        let from = Position { x: object.face.x, y: object.face.y };
        let to = match object.face.kind {
            EntityKind::Npc | EntityKind::Player => {
                let home = object.home.filter(|home| ground.is_inside(home.home));
                let strays = home.is_some_and(|home| distance(home.home, from) > u32::from(home.reach));
                match home {
                    Some(home) if strays || !ground.is_free(from) => home.home,
                    _ => from,
                }
            }
            EntityKind::Item => {
                let is_laid = !origins.contains_key(&object.face.id);
                let was_solid = before.is_solid(from) && before.is_inside(from);
                let is_buried = ground.is_solid(from) && !(was_solid && ground.is_inside(from));
                let to = if is_laid && is_buried { ground.nearest_free(from) } else { from };
                if to != from {
                    report.piles_moved.push(PileMoved { name: object.face.name.clone(), from, to });
                }
                to
            }
            EntityKind::Door => from,
        };
        (object.face.x, object.face.y) = (to.x, to.y);
    }
    // Things of maps whose objects have no ids, which nothing can be said of.
    objects.retain(|object| {
        let stays = ground.is_inside(Position { x: object.face.x, y: object.face.y });
        if !stays {
            origins.remove(&object.face.id);
        }
        stays
    });
}
