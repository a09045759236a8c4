//! The built-in world can be loaded, and a newcomer can walk to every place worth seeing.

use std::collections::VecDeque;

use tilemud_schema::{EntityKind, Position};

use super::*;

/// Which tiles can be walked to from the spawn point, doors counting as open.
fn reached(map: &Map) -> Vec<bool> {
    let mut reached = vec![false; map.tiles.len()];
    let mut queue = VecDeque::from([map.spawn]);
    while let Some(Position { x, y }) = queue.pop_front() {
        if map.is_solid(x, y) {
            continue;
        }
        let index = map.index(x, y).expect("not solid, so inside");
        if !std::mem::replace(&mut reached[index], true) {
            queue.extend([(x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y)].map(|(x, y)| Position { x, y }));
        }
    }
    reached
}

#[test]
fn built_in_world_is_at_least_128_by_128_with_a_free_spawn_point() {
    let map = Map::built_in();
    assert_eq!(map.name, "First Light");
    assert!(map.width >= 128 && map.height >= 128);
    assert!(!map.is_solid(map.spawn.x, map.spawn.y));
    assert!(map.is_solid(-1, 0) && map.is_solid(0, -1) && map.is_solid(map.width, 0) && map.is_solid(0, map.height));
}

#[test]
fn built_in_world_has_water_walls_a_village_woods_and_paths() {
    let map = Map::built_in();
    let count =
        |name: &str, layer: &[u16]| layer.iter().filter(|id| map.tileset.tiles[usize::from(**id)].name == name).count();
    for (name, least) in
        [("deep water", 200), ("water", 300), ("path", 300), ("forest floor", 800), ("cobble", 100), ("sand", 100)]
    {
        assert!(count(name, &map.ground) >= least, "{name}: {}", count(name, &map.ground));
    }
    for (name, least) in [
        ("tree", 400),
        ("house wall", 100),
        ("floor", 60),
        ("ruined wall", 15),
        ("bridge", 10),
        ("pier", 10),
        ("stairs", 4),
        ("fence", 50),
    ] {
        assert!(count(name, &map.tiles) >= least, "{name}: {}", count(name, &map.tiles));
    }
    assert!(count("canopy", &map.canopy) > 1000);
}

#[test]
fn every_kind_of_place_can_be_reached_from_the_spawn_point() {
    let map = Map::built_in();
    let reached = reached(&map);
    let open: Vec<&str> = (0..map.tiles.len())
        .filter(|index| reached[*index])
        .map(|index| map.tileset.tiles[usize::from(map.tiles[index])].name.as_str())
        .collect();
    // One can stand on all of these: square, woods, lake shore, ruin's plateau, bridge, pier,
    // houses, fields.
    for name in
        ["cobble", "forest floor", "sand", "stairs", "bridge", "pier", "floor", "doorway", "crops", "path", "meadow"]
    {
        assert!(open.contains(&name), "no reachable {name}");
    }
    let bridge: Vec<i32> = (0..map.tiles.len())
        .filter(|index| map.tileset.tiles[usize::from(map.tiles[*index])].name == "bridge")
        .map(|index| index as i32 % map.width)
        .collect();
    let beyond = bridge.iter().max().expect("there is a bridge") + 2;
    let row = map.height / 2;
    assert!(
        (row - 10..row + 10).any(|y| map.index(beyond, y).is_some_and(|index| reached[index])),
        "beyond the bridge"
    );
}

#[test]
fn every_object_stands_where_one_can_walk() {
    let map = Map::built_in();
    let reached = reached(&map);
    for object in &map.objects {
        let index = map.index(object.position.x, object.position.y).expect("objects are inside");
        assert!(reached[index], "{} at {:?}", object.name, object.position);
    }
    for kind in [EntityKind::Npc, EntityKind::Item, EntityKind::Door] {
        assert!(map.objects.iter().filter(|object| object.kind == kind).count() >= 4, "{kind:?}");
    }
    let mut places: Vec<_> = map.objects.iter().map(|object| object.position).collect();
    places.sort_unstable();
    assert!(places.windows(2).all(|pair| pair[0] != pair[1]), "two objects on one tile");
}

#[test]
fn hardly_any_open_ground_is_cut_off() {
    let map = Map::built_in();
    let reached = reached(&map);
    let open = (0..map.tiles.len()).filter(|index| !map.is_solid(*index as i32 % map.width, *index as i32 / map.width));
    let (inside, cut_off): (Vec<usize>, Vec<usize>) = open.partition(|index| reached[*index]);
    assert!(cut_off.len() * 200 < inside.len(), "{} of {} tiles are cut off", cut_off.len(), inside.len());
}

#[test]
fn it_has_no_areas_which_are_read_where_there_are_files() {
    let file = BUILT_IN[0].1;
    let class = b"type=\"area\"";
    assert!(!file.windows(class.len()).any(|part| part == class), "Map::built_in passes them over");
}

#[test]
fn wood_and_stones_lie_where_one_can_walk_to_and_can_be_built_with() {
    let map = Map::built_in();
    let reached = reached(&map);
    for (kind, becomes) in [("wood", "fence"), ("stone", "boulder")] {
        let places = map.items.iter().find(|(known, _)| ***known == *kind).and_then(|(_, info)| info.places);
        let tile = places.expect("it can be built with");
        assert_eq!(map.tileset.tiles[usize::from(tile)].name, becomes);
        let grounds: Vec<&Spawner> = map.spawners.iter().filter(|it| *it.kind == *kind && !it.is_place).collect();
        assert!(grounds.len() >= 2, "{kind}");
        for ground in grounds {
            let tiles = (ground.y..ground.y + ground.height)
                .flat_map(|y| (ground.x..ground.x + ground.width).map(move |x| (x, y)));
            let free = tiles.filter(|(x, y)| reached[map.index(*x, *y).expect("within")]).count();
            assert!(free >= 3 * ground.number as usize, "{kind} at {}, {}: {free} tiles", ground.x, ground.y);
        }
    }
}
