//! Where one can walk in a baked map, and where characters begin.

use tilemud_maps::bake::Options;
use tilemud_maps::dialect::Dialect;
use tilemud_maps::drawing::{Cells, Content, FLIP_HORIZONTALLY, Object, Properties, Shape, Tile, Value};

use crate::drawings::{baked, blocked, good, kinds, layer, meadow, object, text, tiles};

fn yes(name: &str) -> Properties {
    Properties::from([(name.to_owned(), Value::Bool(true))])
}

fn solid_tile(name: &str) -> Tile {
    Tile { properties: yes(name), ..Tile::default() }
}

#[test]
fn a_hidden_layer_named_collision_blocks_and_is_not_drawn() {
    let plain = good(&meadow(4, 3));
    for name in ["Collision", "collisions", "BlockedTiles", "4_collision"] {
        let mut drawing = meadow(4, 3);
        let mut walls = tiles(name, &["bb..", "....", "...b"]);
        walls.visible = false;
        drawing.layers.push(walls);
        let baked = good(&drawing);
        assert_eq!(blocked(&baked), ["##..", "....", "...#"], "{name}");
        assert_eq!(baked.report.blocked_percent, 25);
        assert_eq!(baked.report.blocked_by[0].what, format!("layer {name}"));
        assert_eq!(baked.report.blocked_by[0].cells, 3);
        assert_eq!(baked.map.tileset.tiles.len(), plain.map.tileset.tiles.len() + 1, "one more, that blocks");
    }
}

#[test]
fn walls_block_unless_a_layer_is_there_for_it() {
    let mut drawing = meadow(3, 1);
    drawing.layers.push(tiles("Walls", &["b.."]));
    assert_eq!(blocked(&good(&drawing)), ["#.."]);
    drawing.layers.push(tiles("Collision", &["c.c"]));
    let baked = good(&drawing);
    assert_eq!(blocked(&baked), ["#.#"]);
    assert_eq!(baked.report.blocked_by.len(), 1, "the picture is not asked");
}

#[test]
fn the_property_of_a_layer_says_whether_it_blocks() {
    let mut drawing = meadow(3, 1);
    let mut trees = tiles("trees", &["b.."]);
    trees.properties = yes("Collides");
    drawing.layers.push(trees);
    assert_eq!(blocked(&good(&drawing)), ["#.."]);
    let mut walls = tiles("walls", &[".b."]);
    walls.properties = Properties::from([("solid".to_owned(), text("false"))]);
    drawing.layers.push(walls);
    assert_eq!(blocked(&good(&drawing)), ["#.."], "a layer that says no is not asked by name");
}

#[test]
fn objects_of_a_layer_named_collision_and_of_a_class_block() {
    let mut drawing = meadow(5, 4);
    let triangle = Object {
        shape: Shape::Polygon(vec![(0.0, 0.0), (24.0, 0.0), (0.0, 24.0)]),
        ..object(2, "", (0.0, 1.0), (0.0, 0.0))
    };
    drawing.layers.push(layer("Collisions", Content::Objects(vec![object(1, "", (3.0, 0.0), (2.0, 1.0)), triangle])));
    drawing.layers.push(layer("things", Content::Objects(vec![object(3, "collision", (4.0, 3.0), (1.0, 1.0))])));
    let baked = good(&drawing);
    assert_eq!(blocked(&baked), ["...##", "###..", "##...", "#...#"]);
    let sources: Vec<_> = baked.report.blocked_by.iter().map(|source| source.what.as_str()).collect();
    assert_eq!(sources, ["layer Collisions", "objects of class collision"]);
}

#[test]
fn shapes_on_tiles_block_where_the_tile_is_and_turn_with_it() {
    let mut drawing = meadow(4, 1);
    // The left half of a tile as wide as two cells.
    let shapes = vec![object(1, "", (0.0, 0.0), (1.0, 1.0))];
    drawing.tilesets[0].tileset.tile_width = 16;
    drawing.tilesets[0].tileset.tiles.insert(1, Tile { shapes, ..Tile::default() });
    drawing.layers.push(layer("trees", Content::Tiles(Cells::from_iter(vec![2, 0, 0, 0]))));
    assert_eq!(blocked(&good(&drawing)), ["#..."]);
    drawing.layers[1] = layer("trees", Content::Tiles(Cells::from_iter(vec![2 | FLIP_HORIZONTALLY, 0, 0, 0])));
    let baked = good(&drawing);
    assert_eq!(blocked(&baked), [".#.."]);
    assert_eq!(baked.report.blocked_by[0].what, "shapes on tiles");
}

#[test]
fn properties_of_tiles_block_and_in_our_dialect_the_uppermost_tile_decides() {
    for name in ["collides", "solid", "c", "blocked", "Is Solid"] {
        let mut drawing = meadow(2, 1);
        drawing.tilesets[0].tileset.tiles.insert(1, solid_tile(name));
        drawing.layers.push(tiles("water", &["b."]));
        drawing.layers.push(tiles("bridge", &["c."]));
        assert_eq!(blocked(&good(&drawing)), ["#."], "{name}");
        let options = Options { dialect: Dialect::TileMud, spawn: None };
        let (ours, _) = baked(&drawing, &options);
        assert_eq!(blocked(&ours.expect("a map")), [".."], "{name}");
    }
}

#[test]
fn nobody_walks_where_nothing_is_drawn_and_a_map_without_walls_is_told() {
    let mut drawing = meadow(3, 1);
    drawing.layers[0] = tiles("ground", &["aa."]);
    let (baked, problems) = baked(&drawing, &Options::default());
    let baked = baked.expect("a map");
    assert_eq!(blocked(&baked), ["..#"]);
    assert_eq!(baked.map.tiles[2], 0);
    assert_eq!(kinds(&problems), ["no-walls"]);
}

/// Where characters begin, and what was told.
fn spawn(drawing: &tilemud_maps::drawing::Drawing, options: Options) -> ((i32, i32), Vec<&'static str>) {
    let (baked, problems) = baked(drawing, &options);
    let spawn = baked.expect("a map").map.spawn;
    ((spawn.x, spawn.y), kinds(&problems))
}

fn asked(x: i32, y: i32) -> Options {
    Options { dialect: Dialect::Auto, spawn: Some((x, y)) }
}

#[test]
fn characters_begin_at_an_object_else_where_asked_else_in_the_middle_of_the_largest_area() {
    let mut drawing = meadow(7, 7);
    let walls = [".......", ".......", ".......", "ccccccc", "...c...", "...c...", "...c..."];
    drawing.layers.push(tiles("collision", &walls));
    let alone = spawn(&drawing, Options::default());
    assert_eq!(alone, ((3, 1), vec![]), "the upper area is the largest");
    assert_eq!(spawn(&drawing, asked(5, 2)).0, (5, 2));
    for (id, name) in (1..).zip(["start", "Player Start", "player_spawn", "spawn"]) {
        let mut with = drawing.clone();
        let start = Object { name: name.to_owned(), ..object(id, "", (6.0, 0.0), (1.0, 1.0)) };
        with.layers.push(layer("things", Content::Objects(vec![start])));
        assert_eq!(spawn(&with, Options::default()), ((6, 0), vec![]), "{name}");
        assert_eq!(spawn(&with, asked(5, 2)), ((6, 0), vec!["spawn-twice"]), "{name}");
    }
}

#[test]
fn a_start_is_found_by_the_words_of_its_name_its_layer_or_the_map() {
    let at = (6.0, 0.0);
    let mut walled = meadow(7, 7);
    walled.layers.push(tiles("collision", &["c......"; 7]));
    let with = |name: &str, of: &str| {
        let mut drawing = walled.clone();
        let start = Object { name: name.to_owned(), ..object(1, "", at, (1.0, 1.0)) };
        drawing.layers.push(layer(of, Content::Objects(vec![start])));
        drawing
    };
    let names = ["mainPlayer", "Hero Start", "start_pos", "spawn_player", "PlayerSpawnLocation", "startingPosition"];
    for name in names.into_iter().chain(["initial_position", "Default Spawn", "hero_pos"]) {
        assert_eq!(spawn(&with(name, "things"), Options::default()), ((6, 0), vec![]), "{name}");
    }
    for layer in ["Spawn", "PlayerStart"] {
        assert_eq!(spawn(&with("", layer), Options::default()), ((6, 0), vec![]), "{layer}");
    }
    assert_ne!(spawn(&with("goblin", "Spawn"), Options::default()).0, (6, 0), "it has a name of its own");
    let mut flare = walled.clone();
    flare.properties.insert("hero_pos".to_owned(), text("5, 1"));
    assert_eq!(spawn(&flare, Options::default()), ((5, 1), vec![]));
    let mut many = with("start", "things");
    let other = Object { name: "start".to_owned(), ..object(2, "", (2.0, 3.0), (1.0, 1.0)) };
    let Content::Objects(objects) = &mut many.layers[2].content else { panic!("objects") };
    objects.push(other);
    let (_, problems) = baked(&many, &Options::default());
    assert_eq!(problems.found[0].what, "2 objects say where characters begin, and this one counts");
    assert_eq!(problems.found[0].place.object, Some(1));
}

#[test]
fn a_place_of_monsters_is_no_place_to_begin() {
    let mut drawing = meadow(5, 5);
    let mut monsters = object(1, "spawn", (0.0, 0.0), (1.0, 1.0));
    monsters.properties.insert("monster_id".to_owned(), text("12"));
    drawing.layers.push(layer("Objects", Content::Objects(vec![monsters])));
    let (baked, _) = baked(&drawing, &Options::default());
    let baked = baked.expect("a map");
    assert_eq!((baked.map.spawn.x, baked.map.spawn.y), (2, 2));
    assert_eq!(baked.report.dialect.name, Dialect::Tmw);
}

#[test]
fn nobody_begins_in_a_wall_or_shut_in_or_outside() {
    let mut drawing = meadow(7, 7);
    let walls = ["cccc...", "c..c...", "cccc...", ".......", ".......", ".......", "......."];
    drawing.layers.push(tiles("collision", &walls));
    assert_eq!(spawn(&drawing, asked(3, 1)), ((4, 1), vec!["spawn-moved"]), "in a wall");
    assert_eq!(spawn(&drawing, asked(1, 1)), ((1, 3), vec!["spawn-moved"]), "shut in");
    assert_eq!(spawn(&drawing, asked(-9, i32::MAX)), ((0, 6), vec!["spawn-moved"]), "outside");
    let mut door = object(1, "door", (5.0, 5.0), (1.0, 1.0));
    door.properties.insert("look".to_owned(), text("door"));
    drawing.layers.push(layer("things", Content::Objects(vec![door])));
    let (at, told) = spawn(&drawing, asked(5, 5));
    assert_ne!(at, (5, 5), "in a door");
    assert_eq!(told, ["spawn-moved"]);
}

#[test]
fn nobody_begins_behind_a_door_by_chance_but_may_by_wish() {
    let mut drawing = meadow(9, 5);
    // The larger room is on the right, and a door parts it.
    let walls = [".........", ".........", "ccccccccc", "....c....", "....c...."];
    drawing.layers.push(tiles("collision", &walls));
    assert_eq!(spawn(&drawing, asked(1, 3)).0, (1, 1), "a room of eight cells is none");
    let free = [".........", ".........", "ccccccc.c", "....c....", "....c...."];
    drawing.layers[1] = tiles("collision", &free);
    let door = object(1, "door", (7.0, 2.0), (1.0, 1.0));
    drawing.layers.push(layer("things", Content::Objects(vec![door])));
    assert_eq!(spawn(&drawing, Options::default()).0, (4, 0), "the room above the door is larger");
    assert_eq!(spawn(&drawing, asked(6, 4)), ((6, 4), vec![]), "doors can be opened");
}

#[test]
fn a_map_without_any_place_to_stand_is_refused_with_a_remedy() {
    let mut drawing = meadow(3, 1);
    drawing.layers.push(tiles("collision", &["ccc"]));
    let (baked, problems) = baked(&drawing, &Options::default());
    assert!(baked.is_none() && problems.is_unusable());
    assert_eq!(kinds(&problems), ["nowhere-to-stand"]);
}
