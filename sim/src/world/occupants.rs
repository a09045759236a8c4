//! A trick: those who are in the chunks stand in blocks of one list, and a block belongs to a chunk
//! as long as somebody is in it.
//!
//! It replaces a list for each chunk, which the test keeps. Such lists have to grow when more come
//! to a chunk than ever before: together with lists for each delta, 3 to 12 ticks of a hundred
//! allocate (`perf sim-only`). There are as many blocks as the population can need at once, however
//! it is spread, so none is made when somebody comes to a chunk.

use bevy_ecs::prelude::Entity;
use tilemud_schema::{EntityId, Position, Tick};

use crate::api::CellId;
use crate::limits::BLOCK_PLACES;

/// Somebody or something in a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occupant {
    pub entity: Entity,
    pub id: EntityId,
    pub position: Position,
    /// When it came in.
    pub since: Tick,
    /// When it last changed; coming in is a change.
    pub changed: Tick,
}

/// Where an occupant is among those of all chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Place(u32);

const NONE: u32 = u32::MAX;

/// The occupants of all chunks.
#[derive(Debug)]
pub(crate) struct Occupants {
    /// Block by block; those of a chunk fill its blocks from the first place on.
    places: Vec<Option<Occupant>>,
    blocks: Vec<Block>,
    /// The first of the blocks that no chunk has, which are linked by [`Block::after`].
    free: u32,
    rows: Vec<Row>,
    /// Where an entity is, by its index.
    of_entity: Vec<Place>,
}

/// A block's neighbours among those of its chunk.
#[derive(Debug, Clone, Copy)]
struct Block {
    before: u32,
    after: u32,
}

/// The blocks of a chunk.
#[derive(Debug, Clone, Copy)]
struct Row {
    first: u32,
    last: u32,
    len: u32,
}

impl Occupants {
    /// Empty, for this many chunks.
    pub(crate) fn new(chunks: usize) -> Self {
        let rows = vec![Row { first: NONE, last: NONE, len: 0 }; chunks];
        Self { places: Vec::new(), blocks: Vec::new(), free: NONE, rows, of_entity: Vec::new() }
    }

    /// How many entities there were at once, at most.
    pub(crate) fn population(&self) -> usize {
        self.of_entity.len()
    }

    /// The occupants of a chunk by blocks; all that is in a block is somebody.
    fn blocks(&self, cell: CellId) -> impl Iterator<Item = &[Option<Occupant>]> {
        let Row { first, mut len, .. } = self.rows[cell.0 as usize];
        let mut next = first;
        std::iter::from_fn(move || {
            let inside = len.min(BLOCK_PLACES);
            if inside == 0 {
                return None;
            }
            let start = next * BLOCK_PLACES;
            next = self.blocks[next as usize].after;
            len -= inside;
            Some(&self.places[start as usize..(start + inside) as usize])
        })
    }

    /// The occupants of a chunk.
    pub(crate) fn of(&self, cell: CellId) -> impl Iterator<Item = &Occupant> {
        self.blocks(cell).flat_map(|inside| inside.iter().flatten())
    }

    /// The place of an entity that is, or was, in a chunk.
    fn place(&self, entity: Entity) -> Place {
        self.of_entity[entity.index_u32() as usize]
    }

    /// An entity, while it is in a chunk.
    pub(crate) fn get(&self, entity: Entity) -> Option<&Occupant> {
        let occupant = self.places[self.place(entity).0 as usize].as_ref();
        occupant.filter(|occupant| occupant.entity == entity)
    }

    /// The same, to be changed.
    pub(crate) fn get_mut(&mut self, entity: Entity) -> Option<&mut Occupant> {
        let place = self.place(entity);
        let occupant = self.places[place.0 as usize].as_mut();
        occupant.filter(|occupant| occupant.entity == entity)
    }

    /// Puts somebody behind all others of a chunk.
    pub(crate) fn push(&mut self, cell: CellId, occupant: Occupant) {
        let index = occupant.entity.index_u32() as usize;
        if self.of_entity.len() <= index {
            self.of_entity.resize(index + 1, Place::default());
            self.reserve_ahead();
        }
        let Row { last, len, .. } = self.rows[cell.0 as usize];
        let inside = len % BLOCK_PLACES;
        let block = if inside == 0 { self.append_block(cell) } else { last };
        let place = Place(block * BLOCK_PLACES + inside);
        self.rows[cell.0 as usize].len += 1;
        self.of_entity[index] = place;
        self.places[place.0 as usize] = Some(occupant);
    }

    /// Takes an entity out of its chunk and puts the last one of the chunk to its place.
    pub(crate) fn remove(&mut self, cell: CellId, entity: Entity) -> Option<Occupant> {
        let place = self.place(entity);
        let Row { last, len, .. } = self.rows[cell.0 as usize];
        let inside = len.checked_sub(1)? % BLOCK_PLACES;
        let moved = self.places[(last * BLOCK_PLACES + inside) as usize].take()?;
        self.rows[cell.0 as usize].len -= 1;
        if inside == 0 {
            self.free_last_block(cell);
        }
        if moved.entity == entity {
            return Some(moved);
        }
        self.of_entity[moved.entity.index_u32() as usize] = place;
        self.places[place.0 as usize].replace(moved)
    }

    fn append_block(&mut self, cell: CellId) -> u32 {
        let row = &mut self.rows[cell.0 as usize];
        let block = if self.free == NONE {
            self.places.resize(self.places.len() + BLOCK_PLACES as usize, None);
            self.blocks.push(Block { before: NONE, after: NONE });
            self.blocks.len() as u32 - 1
        } else {
            self.free
        };
        let taken = &mut self.blocks[block as usize];
        if self.free == block {
            self.free = taken.after;
        }
        *taken = Block { before: row.last, after: NONE };
        let before = std::mem::replace(&mut row.last, block);
        if before == NONE {
            row.first = block;
        } else {
            self.blocks[before as usize].after = block;
        }
        block
    }

    fn free_last_block(&mut self, cell: CellId) {
        let row = &mut self.rows[cell.0 as usize];
        let block = row.last;
        let before = self.blocks[block as usize].before;
        row.last = before;
        if before == NONE {
            row.first = NONE;
        } else {
            self.blocks[before as usize].after = NONE;
        }
        self.blocks[block as usize].after = std::mem::replace(&mut self.free, block);
    }

    /// Makes room for all blocks that the population can need: no chunk has more than one that is
    /// not full.
    fn reserve_ahead(&mut self) {
        let population = self.population();
        let blocks = population / BLOCK_PLACES as usize + self.rows.len().min(population);
        self.blocks.reserve(blocks.saturating_sub(self.blocks.len()));
        let places = blocks * BLOCK_PLACES as usize;
        self.places.reserve(places.saturating_sub(self.places.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::mixer::Mixer;

    fn occupant(number: u32) -> Occupant {
        let entity = Entity::from_raw_u32(number).expect("a number of an entity");
        let (id, position) = (EntityId(u64::from(number)), Position { x: 0, y: 0 });
        Occupant { entity, id, position, since: 0, changed: 0 }
    }

    /// Whatever comes and goes, in every chunk is the same in the same order as in a list of its
    /// own, and all that a population can need was there as soon as it was.
    #[test]
    fn blocks_hold_what_lists_would_and_none_is_made_while_the_population_stays() {
        const POPULATION: u32 = 100;
        let mut occupants = Occupants::new(4);
        let mut lists: [Vec<Entity>; 4] = Default::default();
        let mut cells = Vec::new();
        for number in 0..POPULATION {
            let cell = number as usize % 4;
            occupants.push(CellId(cell as u32), occupant(number));
            lists[cell].push(occupant(number).entity);
            cells.push(cell);
        }
        let room = (occupants.places.capacity(), occupants.blocks.capacity());
        for step in 0..4_000 {
            let chance = Mixer::new(step).finish();
            let number = chance as u32 % POPULATION;
            // Now most of them gather in one chunk, now in another.
            let to = if (chance >> 32) & 3 > 0 { step as usize / 1_000 } else { (chance >> 40) as usize & 3 };
            let from = std::mem::replace(&mut cells[number as usize], to);
            let mover = occupants.remove(CellId(from as u32), occupant(number).entity).expect("it is there");
            let place = lists[from].iter().position(|entity| *entity == mover.entity).expect("it is there");
            lists[from].swap_remove(place);
            lists[to].push(mover.entity);
            occupants.push(CellId(to as u32), mover);
            for (cell, list) in (0..).map(CellId).zip(&lists) {
                assert!(occupants.of(cell).map(|it| it.entity).eq(list.iter().copied()), "step {step}");
                assert!(occupants.of(cell).all(|it| occupants.get(it.entity) == Some(it)));
            }
        }
        assert_eq!((occupants.places.capacity(), occupants.blocks.capacity()), room);
        assert!(occupants.blocks.len() <= (POPULATION / BLOCK_PLACES + 4) as usize);
    }
}
