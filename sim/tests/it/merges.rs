//! FR-022: whatever people do and whatever a builder changes, nothing is lost or doubled by the
//! merge, the same edit of the same world makes the same world, and it can all be done again.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use tilemud_schema::{Action, Direction, EntityKind, Intent, MapId, Position, TileChange};
use tilemud_sim::api::{Input, TickOutput};
use tilemud_sim::map::{MapObject, MapTileset};
use tilemud_sim::map_art::{CRATE, FLOOR, RUG, WALL};
use tilemud_sim::{EditReport, Map, Sim, SimConfig, WorldSnapshot};

use crate::actions::joining;
use crate::cases;
use crate::players::{identity, intent, walk};
use crate::replays::logged;

const ART: [&str; 7] = ["......i.", ".@..D.f.", "...###c.", "..i...r.", ".W..c..i", "....D...", "...r...."];
const PLAYERS: u64 = 3;
const BAG: [(&str, u32); 3] = [("apple", 6), ("crate", 4), ("rug", 3)];

#[derive(Debug, Clone)]
enum Deed {
    /// What lies within reach, if anything does.
    Take,
    Drop(&'static str, u32),
    Place(&'static str, Direction),
    Remove(Direction),
    Turn(Direction),
    Walk(Direction),
    /// The world moves on by itself.
    Pass(u64),
}

/// What a builder does to the map.
#[derive(Debug, Clone)]
enum Stroke {
    Paint(i32, i32, u16),
    Resize(i32, i32),
    Add(EntityKind, i32, i32, u32),
    Remove(prop::sample::Index),
    Move(prop::sample::Index, i32, i32),
    Change(prop::sample::Index, u32),
    Look(prop::sample::Index, &'static str),
    Spawn(i32, i32),
    /// Rugs and crates have each other's numbers.
    Renumber,
}

fn deed() -> impl Strategy<Value = Deed> {
    let kind = || prop::sample::select(vec!["apple", "crate", "rug"]);
    let way = || (0..4usize).prop_map(|way| Direction::ALL[way]);
    prop_oneof![
        4 => Just(Deed::Take),
        4 => (kind(), 1..4u32).prop_map(|(kind, count)| Deed::Drop(kind, count)),
        5 => (prop::sample::select(vec!["crate", "rug"]), way()).prop_map(|(kind, way)| Deed::Place(kind, way)),
        1 => way().prop_map(Deed::Remove),
        1 => way().prop_map(Deed::Turn),
        6 => way().prop_map(Deed::Walk),
        1 => (1..50u64).prop_map(Deed::Pass),
    ]
}

fn stroke() -> impl Strategy<Value = Stroke> {
    let any = any::<prop::sample::Index>;
    let tile = prop::sample::select(vec![FLOOR, WALL, RUG, CRATE]);
    let kind = prop::sample::select(vec![EntityKind::Item, EntityKind::Npc, EntityKind::Door]);
    let place = || (0..9i32, 0..8i32);
    prop_oneof![
        5 => (place(), tile).prop_map(|((x, y), tile)| Stroke::Paint(x, y, tile)),
        1 => (3..10i32, 3..9i32).prop_map(|(width, height)| Stroke::Resize(width, height)),
        2 => (kind, place(), 1..5u32).prop_map(|(kind, (x, y), count)| Stroke::Add(kind, x, y, count)),
        2 => any().prop_map(Stroke::Remove),
        2 => (any(), place()).prop_map(|(which, (x, y))| Stroke::Move(which, x, y)),
        2 => (any(), 1..6u32).prop_map(|(which, count)| Stroke::Change(which, count)),
        1 => (any(), prop::sample::select(vec!["apple", "crate", "rug"])).prop_map(|(which, look)| Stroke::Look(which, look)),
        1 => place().prop_map(|(x, y)| Stroke::Spawn(x, y)),
        1 => Just(Stroke::Renumber),
    ]
}

fn painted(mut map: Map, strokes: &[Stroke], next_object: &mut u32) -> Map {
    for stroke in strokes {
        let count = map.objects.len();
        match *stroke {
            Stroke::Paint(x, y, tile) => {
                if let Some(index) = map.index(x, y) {
                    map.tiles[index] = tile;
                }
            }
            Stroke::Resize(width, height) => map = resized(map, width, height),
            Stroke::Add(kind, x, y, quantity) => {
                let (name, open) = ("apple".into(), kind == EntityKind::Door && quantity > 2);
                *next_object += 1;
                let (id, position, look) = (*next_object, Position { x, y }, "apple".into());
                let quantity = if kind == EntityKind::Item { quantity } else { 1 };
                map.objects.push(MapObject { id, kind, name, look, position, open, quantity, wander: 1 });
            }
            Stroke::Remove(which) if count > 0 => drop(map.objects.remove(which.index(count))),
            Stroke::Move(which, x, y) if count > 0 => map.objects[which.index(count)].position = Position { x, y },
            Stroke::Change(which, quantity) if count > 0 => {
                let object = &mut map.objects[which.index(count)];
                object.name = format!("{} {quantity}", object.look).into();
                if object.kind == EntityKind::Item {
                    object.quantity = quantity;
                }
            }
            Stroke::Look(which, look) if count > 0 => map.objects[which.index(count)].look = look.into(),
            Stroke::Spawn(x, y) => map.spawn = Position { x, y },
            Stroke::Renumber => map = renumbered(map),
            _ => {}
        }
    }
    tidied(map)
}

fn resized(map: Map, width: i32, height: i32) -> Map {
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let tiles: Vec<u16> = places.map(|(x, y)| map.index(x, y).map_or(FLOOR, |index| map.tiles[index])).collect();
    Map { width, height, ground: vec![FLOOR; tiles.len()], canopy: vec![0; tiles.len()], tiles, ..map }
}

fn renumbered(map: Map) -> Map {
    let other = |tile: u16| match tile {
        RUG => CRATE,
        CRATE => RUG,
        tile => tile,
    };
    let mut tiles = map.tileset.tiles.clone();
    tiles.swap(usize::from(RUG), usize::from(CRATE));
    (0_u16..).zip(&mut tiles).for_each(|(id, info)| info.id = id);
    let mut items = map.items.clone();
    items.values_mut().for_each(|info| info.places = info.places.map(other));
    let all = map.tiles.iter().map(|tile| other(*tile)).collect();
    Map { tiles: all, tileset: MapTileset { tiles, ..map.tileset }, items, ..map }
}

/// What no reader of maps lets through is put right: all inside, doors alone and on free ground.
fn tidied(mut map: Map) -> Map {
    let inside = |at: Position| Position { x: at.x.min(map.width - 1), y: at.y.min(map.height - 1) };
    map.spawn = inside(map.spawn);
    let mut doors = vec![map.spawn];
    map.objects.iter_mut().for_each(|object| object.position = inside(object.position));
    map.objects.retain(|object| {
        let is_free = object.kind != EntityKind::Door || !doors.contains(&object.position);
        if is_free && object.kind == EntityKind::Door {
            doors.push(object.position);
        }
        is_free
    });
    for place in doors {
        let index = map.index(place.x, place.y).expect("inside");
        map.tiles[index] = FLOOR;
    }
    map
}

/// All there is of each kind: in bags, on the ground and built.
fn census(sim: &Sim) -> BTreeMap<String, i64> {
    let (snapshot, map) = (sim.snapshot(), sim.map());
    let mut sums = BTreeMap::new();
    let mut add = |kind: &str, count: u32| *sums.entry(kind.to_owned()).or_default() += i64::from(count);
    for object in snapshot.objects.iter().filter(|object| object.face.kind == EntityKind::Item) {
        add(&object.face.look, object.quantity.expect("items are counted"));
    }
    for stack in snapshot.characters.iter().flat_map(|it| it.state.inventory.iter()) {
        add(&stack.item, stack.quantity);
    }
    for TileChange { tile, .. } in &snapshot.tiles {
        add(map.item_of_tile(*tile).expect("built of an item"), 1);
    }
    sums
}

/// What there must be after an edit, by what it says of itself: what the builder adds and takes
/// away, and of what was built what goes, or is the builder's by now.
fn expected(before: &Sim, report: &EditReport, after: &Sim) -> BTreeMap<String, i64> {
    let mut sums = census(before);
    for (kind, count) in &report.items {
        *sums.entry(kind.to_string()).or_default() += count;
    }
    let kept: Vec<_> = after.snapshot().tiles.iter().map(|tile| (tile.x, tile.y)).collect();
    let mut gone = 0;
    for TileChange { x, y, tile } in before.snapshot().tiles {
        if !kept.contains(&(x, y)) {
            gone += 1;
            *sums.entry(before.map().item_of_tile(tile).expect("built of an item").to_string()).or_default() -= 1;
        }
    }
    assert_eq!((gone, kept.len()), (report.tiles_lost.len() + report.tiles_met, report.tiles_kept));
    sums.retain(|_, count| *count != 0);
    sums
}

/// What holds in every world.
fn check_world(sim: &Sim) -> Result<(), TestCaseError> {
    let (snapshot, map) = (sim.snapshot(), sim.map());
    let tile = |x: i32, y: i32| {
        let built = snapshot.tiles.iter().find(|tile| (tile.x, tile.y) == (x, y)).map(|tile| tile.tile);
        built.or_else(|| map.index(x, y).map(|index| map.tiles[index]))
    };
    let is_solid = |x, y| tile(x, y).is_none_or(|tile| map.tileset.is_solid(tile));
    let closed: Vec<_> = snapshot.objects.iter().filter(|it| it.face.open == Some(false)).collect();
    for character in &snapshot.characters {
        let Position { x, y } = character.state.position.expect("it is in the world");
        prop_assert!(!is_solid(x, y), "somebody stands in a wall at {}, {}", x, y);
        prop_assert!(!closed.iter().any(|door| (door.face.x, door.face.y) == (x, y)), "in a door at {}, {}", x, y);
    }
    let origins: BTreeMap<_, _> = snapshot.provenance.origins.iter().copied().collect();
    for object in &snapshot.objects {
        let (x, y) = (object.face.x, object.face.y);
        prop_assert!(map.index(x, y).is_some(), "{:?} is outside", object);
        if object.face.kind == EntityKind::Item && !origins.contains_key(&object.face.id) {
            prop_assert!(!is_solid(x, y), "{:?} lies in a wall", object);
        }
        if object.face.kind == EntityKind::Door {
            prop_assert!(!is_solid(x, y), "{:?} is in a wall", object);
        }
    }
    prop_assert!(snapshot.tiles.iter().all(|it| map.index(it.x, it.y).is_some()));
    let ids: std::collections::BTreeSet<u32> = origins.values().copied().collect();
    prop_assert_eq!(ids.len(), origins.len(), "no object is there twice");
    let stored = WorldSnapshot::decode(&snapshot.encode()).expect("what was encoded");
    let again = Sim::restore(Arc::new(map.clone()), SimConfig::default(), &stored);
    prop_assert_eq!(again.expect("of this map").snapshot().encode(), snapshot.encode());
    Ok(())
}

struct Play {
    sim: Sim,
    outputs: Vec<TickOutput>,
    maps: BTreeMap<MapId, Vec<u8>>,
    seqs: [u64; PLAYERS as usize + 1],
    /// Handles of sessions: new ones after every edit.
    round: u64,
}

impl Play {
    fn new() -> Self {
        let map = Arc::new(Map::from_art(&ART));
        let maps = BTreeMap::from([(map.id(), map.content())]);
        let sim = Sim::new(map, SimConfig::default());
        let mut play = Self { sim, outputs: Vec::new(), maps, seqs: [0; PLAYERS as usize + 1], round: 0 };
        let joins = (1..=PLAYERS).map(|number| joining(number, (number as i32, 6), &BAG, 100)).collect();
        play.tick(joins);
        play
    }

    fn tick(&mut self, inputs: Vec<Input>) {
        let output = self.sim.tick(&mut { inputs });
        self.outputs.push(output);
    }

    /// Everybody comes in again, as after a start: with new handles, and where the world has them.
    fn come_back(&mut self) {
        self.round += 1;
        let joins = (1..=PLAYERS).map(|number| {
            let Input::Join { character, .. } = joining(number, (0, 0), &BAG, 100) else { unreachable!("a join") };
            let session = tilemud_sim::api::SessionKey(self.handle(number));
            Input::Join { session, identity: identity(number), character, last_seq: 0 }
        });
        let joins = joins.collect();
        self.seqs = [0; PLAYERS as usize + 1];
        self.tick(joins);
    }

    fn handle(&self, number: u64) -> u64 {
        number + 10 * self.round
    }

    fn place(&self, number: u64) -> Position {
        let characters = self.sim.characters();
        let mut own = characters.iter().filter(|(it, _)| **it == *identity(number));
        own.next().and_then(|(_, state)| state.position).expect("it is in the world")
    }

    fn act(&mut self, number: u64, deed: &Deed) {
        let at = self.place(number);
        let beside = |way: Direction| {
            let (dx, dy) = way.step();
            (at.x + dx, at.y + dy)
        };
        let step = match deed {
            Deed::Pass(ticks) => {
                let until = self.sim.last_tick() + ticks;
                while self.sim.last_tick() < until {
                    self.tick(Vec::new());
                }
                return;
            }
            Deed::Walk(way) => {
                let seq = self.next_seq(number);
                let step = walk(self.handle(number), seq, *way);
                return self.tick(vec![step]);
            }
            Deed::Take => {
                let objects = self.sim.snapshot().objects;
                let items = objects.iter().filter(|object| object.face.kind == EntityKind::Item);
                let near =
                    |it: &&tilemud_sim::ObjectSnapshot| (it.face.x - at.x).abs().max((it.face.y - at.y).abs()) <= 1;
                let Some(item) = items.filter(near).map(|object| object.face.id).min() else { return };
                Action::Take { item }
            }
            Deed::Drop(kind, count) => Action::Drop { item: (*kind).into(), quantity: Some(*count) },
            Deed::Place(kind, way) => {
                let (x, y) = beside(*way);
                Action::Place { item: (*kind).into(), x, y }
            }
            Deed::Remove(way) => {
                let (x, y) = beside(*way);
                Action::Remove { x, y }
            }
            Deed::Turn(way) => {
                let (x, y) = beside(*way);
                Action::Open { x, y }
            }
        };
        let seq = self.next_seq(number);
        let action = intent(self.handle(number), seq, Intent::Action { steps: vec![step] });
        self.tick(vec![action]);
    }

    fn next_seq(&mut self, number: u64) -> u64 {
        self.seqs[number as usize] += 1;
        self.seqs[number as usize]
    }
}

proptest! {
    // A world is made anew several times in each.
    #![proptest_config(ProptestConfig { cases: cases().cases / 2, ..cases() })]

    #[test]
    fn an_edit_loses_and_doubles_nothing_and_is_the_same_whenever_it_is_done(
        rounds in prop::collection::vec(
            (prop::collection::vec((1..=PLAYERS, deed()), 0..40), prop::collection::vec(stroke(), 0..8)), 1..4),
    ) {
        let mut play = Play::new();
        let mut next_object = 10_000;
        for (deeds, strokes) in &rounds {
            for (number, deed) in deeds {
                play.act(*number, deed);
            }
            let map = Arc::new(painted(play.sim.map().clone(), strokes, &mut next_object));
            play.maps.insert(map.id(), map.content());
            let config = SimConfig::default();
            let stored = WorldSnapshot::decode(&play.sim.snapshot().encode()).expect("what was encoded");
            let mut other = Sim::restore(Arc::new(play.sim.map().clone()), config, &stored).expect("of this map");
            let (output, report) = play.sim.edit(map.clone());
            prop_assert_eq!(census(&play.sim), expected(&other, &report, &play.sim));
            check_world(&play.sim)?;
            // Another process, and a map that comes from a store.
            let from_store = Map::from_content(&map.content()).expect("a map");
            let (again, same) = other.edit(Arc::new(from_store));
            prop_assert_eq!(&again.record, &output.record);
            prop_assert_eq!(&same, &report);
            prop_assert_eq!(other.snapshot().encode(), play.sim.snapshot().encode());
            play.outputs.push(output);
            play.come_back();
        }
        let mut replayed = Sim::new(Arc::new(Map::from_art(&ART)), SimConfig::default());
        for tick in play.outputs.iter().filter_map(logged) {
            let outcome = match tick.record.map_change {
                None => replayed.replay(&tick),
                Some(change) => {
                    let map = Map::from_content(&play.maps[&change.to]).expect("a map");
                    replayed.replay_edit(&tick, Arc::new(map))
                }
            };
            prop_assert_eq!(outcome, Ok(()));
        }
        prop_assert_eq!(replayed.snapshot().encode(), play.sim.snapshot().encode());
    }
}

#[test]
fn an_edit_that_is_not_as_recorded_is_named() {
    let mut play = Play::new();
    let map = |tile| {
        let mut map = Map::from_art(&ART);
        map.tiles[0] = tile;
        Arc::new(map)
    };
    let (output, _) = play.sim.edit(map(WALL));
    let tick = logged(&output).expect("an edit is durable");
    let start = || {
        let mut sim = Sim::new(Arc::new(Map::from_art(&ART)), SimConfig::default());
        sim.replay(&logged(&play.outputs[0]).expect("somebody came")).map(|()| sim).expect("as recorded")
    };
    assert_eq!(start().replay_edit(&tick, map(WALL)), Ok(()));
    for error in [start().replay(&tick), start().replay_edit(&tick, map(RUG))] {
        let error = error.expect_err("another map").to_string();
        assert!(error.contains(&format!("tick {} differs: it has the map change", tick.record.tick)), "{error}");
    }
    let mut other = tick;
    other.record.hashes.objects += 1;
    let error = start().replay_edit(&other, map(WALL)).expect_err("another state").to_string();
    assert!(error.ends_with("another state of objects"), "{error}");
}
