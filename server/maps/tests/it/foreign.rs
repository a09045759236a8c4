//! How the maps of other games say where nobody can walk, and what of it is drawn.

use tilemud_maps::bake::{Baked, Options};
use tilemud_maps::dialect::Dialect;
use tilemud_maps::drawing::{
    Cells, Content, Drawing, FLIP_DIAGONALLY, Layer, Object, Placed, Properties, Shape, Tile, Value,
};

use crate::drawings::{baked, blocked, good, kinds, layer, meadow, object, text, tiles, tileset};
use crate::made::Made;

fn yes(name: &str) -> Properties {
    Properties::from([(name.to_owned(), Value::Bool(true))])
}

/// A meadow with this layer on it.
fn with(layer: Layer) -> Drawing {
    let mut drawing = meadow(4, 3);
    drawing.layers.push(layer);
    drawing
}

/// What the last layer is used for.
fn used(baked: &Baked) -> &str {
    &baked.report.layers.last().expect("a layer").used
}

/// A tile that an object shows, in cells; its place is its lower left corner.
fn tile_object(gid: u32, at: (f64, f64), size: (f64, f64)) -> Object {
    Object { gid: Some(gid), ..object(9, "", at, size) }
}

fn shaped(shape: Object) -> Tile {
    Tile { shapes: vec![shape], ..Tile::default() }
}

#[test]
fn a_ground_and_people_without_a_look_are_no_map_of_ours() {
    for class in ["npc", "item", "door", "spawn"] {
        let mut drawing = with(tiles("buildings", &["b...", "....", "...."]));
        drawing.layers.push(tiles("flowers", &["c...", "....", "...."]));
        drawing.layers.push(layer("objects", Content::Objects(vec![object(1, class, (2.0, 2.0), (1.0, 1.0))])));
        drawing.tilesets[0].tileset.tiles.insert(1, Tile { properties: yes("solid"), ..Tile::default() });
        let found = good(&drawing);
        assert_eq!(found.report.dialect.name, Dialect::Auto, "{class}");
        assert_eq!(blocked(&found)[0], "#...", "{class}");
    }
    let mut drawing = with(tiles("structures", &["b...", "....", "...."]));
    drawing.tilesets[0].tileset.tiles.insert(1, shaped(object(1, "", (0.0, 0.0), (1.0, 1.0))));
    drawing.layers.push(layer("objects", Content::Objects(vec![object(1, "spawn", (2.0, 2.0), (1.0, 1.0))])));
    let found = good(&drawing);
    assert_eq!(found.report.dialect.name, Dialect::TileMud, "with our layers a spawn is enough");
    assert_eq!(blocked(&found)[0], "#...", "shapes count in maps of ours too");
}

#[test]
fn what_blocks_is_drawn_unless_it_is_marks() {
    const DRAWN: &str = "drawn below the characters, blocks";
    const MARKS: &str = "not drawn: it says where one cannot walk, blocks";
    for (name, rows, wanted) in [
        ("blockedLayer", ["b...", "....", "...."], DRAWN),
        ("Block Tiles", ["bcd.", "....", "...."], DRAWN),
        ("Collision", ["bcd.", "....", "...."], DRAWN),
        ("Collision", ["b...", "....", "...."], MARKS),
        ("Collision", ["a...", "....", "...."], DRAWN),
    ] {
        let found = good(&with(tiles(name, &rows)));
        assert_eq!(used(&found), wanted, "{name} {rows:?}");
        assert_eq!(found.report.blocked_by[0].what, format!("layer {name}"));
    }
    let mut drawing = with(tiles("blockedLayer", &["bcd.", "....", "...."]));
    drawing.layers[1].opacity = 0.5;
    assert_eq!(used(&good(&drawing)), MARKS, "what is beneath is seen through it");
    // Around what is drawn lies a border of a single tile.
    let mut drawing = with(tiles("Collision", &["bbbb", "b..b", "bbbb"]));
    drawing.layers[0] = tiles("ground", &["....", ".aa.", "...."]);
    assert_eq!(used(&good(&drawing)), DRAWN);
    for (name, set, wanted) in
        [("Collision", "stones", MARKS), ("Blocked", "stones", DRAWN), ("Blocked", "meta_tiles", MARKS)]
    {
        let mut drawing =
            with(layer(name, Content::Tiles(Cells::from_iter(vec![101, 102, 103, 0, 0, 0, 0, 0, 0, 0, 0, 0]))));
        let set = Placed { first_gid: 101, tileset: tileset(set, "tiles.png", 8, 8) };
        drawing.tilesets.push(set);
        assert_eq!(used(&good(&drawing)), wanted, "{name}");
    }
    for name in ["Obstacles", "Collision"] {
        let found = good(&with(layer(name, Content::Objects(vec![tile_object(2, (1.0, 2.0), (1.0, 1.0))]))));
        assert_eq!(used(&found), DRAWN, "{name}");
        assert_eq!(blocked(&found), ["....", ".#..", "...."], "{name}");
        assert_ne!(found.map.ground[5], found.map.ground[6], "{name}");
    }
}

#[test]
fn a_map_that_shows_only_walls_can_be_walked_on() {
    let rows = ["bbbb", "b..b", "bbbb"];
    for name in ["Walls", "Collision"] {
        let mut drawing = meadow(4, 3);
        drawing.layers = vec![tiles(name, &rows)];
        let (found, told) = baked(&drawing, &Options::default());
        assert_eq!(blocked(&found.expect("a map")), ["####", "#..#", "####"], "{name}");
        assert_eq!(kinds(&told), ["nothing-drawn"], "{name}");
    }
    let mut drawing = with(tiles("Walls", &["bbbb", "bbbb", "...."]));
    drawing.layers[0] = tiles("ground", &["aaaa", "aaaa", "...."]);
    drawing.layers.push(tiles("Water blocked", &["....", "....", "cccc"]));
    let (found, told) = baked(&drawing, &Options::default());
    assert!(found.is_none());
    let what = &told.found[0].what;
    assert_eq!(kinds(&told), ["nowhere-to-stand"]);
    assert!(what.ends_with("12 of 12 cells are blocked: layer Walls (8), layer Water blocked (4)"), "{what}");
}

#[test]
fn the_name_of_a_layer_says_whether_it_blocks_or_not() {
    for name in ["NoCollision", "Ground_no_collision", "Decoration without collision", "Collision_Off", "not_solid"] {
        assert_eq!(blocked(&good(&with(tiles(name, &["b...", "....", "...."]))))[0], "....", "{name}");
    }
    for name in ["collisionlayer", "wall tiles", "Boundaries", "Hitboxes", "Not Walkable", "nonwalkable", "Impassible"]
    {
        assert_eq!(blocked(&good(&with(tiles(name, &["b...", "....", "...."]))))[0], "#...", "{name}");
    }
}

/// What blocks where the second tile lies, with this said of it.
fn with_tile(tile: Tile) -> String {
    let mut drawing = with(tiles("things", &["b...", "....", "...."]));
    drawing.tilesets[0].tileset.tiles.insert(1, tile);
    blocked(&good(&drawing))[0].clone()
}

#[test]
fn a_tile_says_in_many_ways_that_it_blocks() {
    let said = |properties: Properties| with_tile(Tile { properties, ..Tile::default() });
    let one = |name: &str, value: Value| said([(name.to_owned(), value)].into());
    for name in ["isWall", "blocksMovement", "hasCollision", "ge_collide", "notWalkable"] {
        assert_eq!(one(name, Value::Bool(true)), "#...", "{name}");
    }
    for (name, value) in [("isPassable", "false"), ("blocked", ""), ("collision", "full"), ("type", "wall")] {
        assert_eq!(one(name, text(value)), "#...", "{name}");
    }
    assert_eq!(one("collision", text("none")), "....");
    let both = [("blocked".to_owned(), Value::Bool(false)), ("solid".to_owned(), Value::Bool(true))];
    assert_eq!(said(both.into()), "#...", "the first one hides the other");
    assert_eq!(one("physics", Value::Class(yes("solid"))), "#...", "a value of a class");
    let class = |class: &str| with_tile(Tile { class: class.to_owned(), ..Tile::default() });
    assert_eq!((class("Wall"), class("wall torch")), ("#...".to_owned(), "....".to_owned()));
    let mut drawing = with(tiles("things", &["b...", "....", "...."]));
    drawing.layers[1] = layer("things", Content::Tiles(Cells::from_iter(vec![101, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])));
    drawing.tilesets.push(Placed { first_gid: 101, tileset: tileset("rocks", "tiles.png", 8, 8) });
    drawing.tilesets[1].tileset.properties = yes("solid");
    assert_eq!(blocked(&good(&drawing))[0], "#...", "all tiles of a tileset");
}

#[test]
fn what_a_group_says_holds_for_its_layers() {
    let property = |name: &str, value: &str| {
        format!(r#"<properties><property name="{name}" type="bool" value="{value}"/></properties>"#)
    };
    let inner = |name: &str, properties: &str| {
        format!(
            r#"<layer name="{name}" width="4" height="4">{properties}<data encoding="csv">{}</data></layer>"#,
            ["1"; 16].join(",")
        )
    };
    let map = format!(
        r#"<tileset firstgid="1" source="t.tsx"/><group name="a" class="outer">{}<group name="b">{}{}</group></group>{}"#,
        property("collides", "true"),
        inner("one", ""),
        inner("two", &property("collides", "false")),
        inner("three", "")
    );
    let drawing = Made::map(&map).read().fine();
    let said = |layer: &Layer| (layer.class.clone(), layer.properties.get("collides").cloned());
    let said: Vec<_> = drawing.layers.iter().map(said).collect();
    assert_eq!(
        said,
        [
            ("outer".to_owned(), Some(Value::Bool(true))),
            ("outer".to_owned(), Some(Value::Bool(false))),
            (String::new(), None),
        ]
    );
}

#[test]
fn a_tile_that_an_object_shows_blocks_as_in_a_layer() {
    let mut drawing = meadow(6, 3);
    // The left half of the tile.
    drawing.tilesets[0].tileset.tiles.insert(1, shaped(object(1, "", (0.0, 0.0), (0.5, 1.0))));
    drawing.tilesets[0].tileset.tiles.insert(2, Tile { properties: yes("solid"), ..Tile::default() });
    let mut things = vec![tile_object(2, (0.0, 1.0), (1.0, 1.0))];
    drawing.layers.push(layer("things", Content::Objects(things.clone())));
    assert_eq!(blocked(&good(&drawing)), ["#.....", "......", "......"]);
    let mut with = |object: Object| {
        things = vec![object];
        drawing.layers[1] = layer("things", Content::Objects(things.clone()));
        blocked(&good(&drawing))
    };
    let large = tile_object(2, (2.0, 3.0), (4.0, 2.0));
    assert_eq!(with(large.clone()), ["......", "..##..", "..##.."], "enlarged");
    let turned = Object { rotation: 90.0, ..tile_object(2, (1.0, 0.0), (4.0, 2.0)) };
    assert_eq!(with(turned), [".##...", ".##...", "......"], "turned around its lower left corner");
    assert_eq!(
        with(tile_object(3, (2.0, 3.0), (2.0, 3.0))),
        ["......", "......", "..##.."],
        "the foot of what is solid"
    );
    assert_eq!(with(Object { visible: false, ..large }), ["......"; 3], "hidden");
}

#[test]
fn a_layer_that_is_moved_blocks_where_its_tiles_are() {
    for (offset, wanted) in [((8.0, 0.0), ".#.."), ((4.0, 0.0), ".#.."), ((3.0, 3.0), "#..."), ((-5.0, 0.0), "....")] {
        for name in ["Collision", "things"] {
            let mut drawing = with(tiles(name, &["b...", "....", "...."]));
            drawing.tilesets[0].tileset.tiles.insert(1, Tile { properties: yes("solid"), ..Tile::default() });
            drawing.layers[1].offset = offset;
            assert_eq!(blocked(&good(&drawing))[0], wanted, "{name} {offset:?}");
        }
    }
}

#[test]
fn a_tile_larger_than_a_cell_blocks_all_it_marks_or_its_foot() {
    let large = |name: &str, gid: u32| {
        let mut drawing =
            with(layer(name, Content::Tiles(Cells::from_iter(vec![0, 0, 0, 0, 0, 0, 0, 0, gid, 0, 0, 0]))));
        let mut set = tileset("large", "tiles.png", 16, 24);
        set.tiles.insert(0, Tile { properties: yes("solid"), ..Tile::default() });
        drawing.tilesets.push(Placed { first_gid: 101, tileset: set });
        blocked(&good(&drawing))
    };
    assert_eq!(large("Collision", 101), ["##..", "##..", "##.."], "marks");
    assert_eq!(large("Walls", 101), ["....", "....", "##.."], "a picture");
    assert_eq!(large("things", 101), ["....", "....", "##.."], "a solid tile");
    assert_eq!(large("things", 101 | FLIP_DIAGONALLY), ["....", "....", "###."], "on its side");
}

#[test]
fn a_few_collisions_do_not_switch_off_walls() {
    let mut drawing = with(tiles("Walls", &["bbbb", "b..b", "bbbb"]));
    let rock = object(1, "", (0.0, 0.0), (1.0, 1.0));
    drawing.layers.push(layer("Collision", Content::Objects(vec![rock])));
    assert_eq!(blocked(&good(&drawing)), ["####", "#..#", "####"]);
    let foot = object(1, "", (0.0, 2.0), (4.0, 1.0));
    drawing.layers[2] = layer("Collision", Content::Objects(vec![foot]));
    assert_eq!(blocked(&good(&drawing)), ["....", "....", "####"], "one walks behind the upper part of walls");
}

#[test]
fn events_and_what_the_game_knows_do_not_block_among_collisions() {
    let mut objects = vec![object(1, "", (0.0, 0.0), (4.0, 1.0)), object(2, "tree", (0.0, 2.0), (1.0, 1.0))];
    for (id, class) in (3..).zip(["warp", "spawn", "sign", "area", "npc", "event", "trigger", "Portal"]) {
        objects.push(object(id, class, (2.0, 1.0), (1.0, 1.0)));
    }
    objects.push(Object { shape: Shape::Point, ..object(20, "", (2.0, 2.0), (0.0, 0.0)) });
    objects.push(Object { name: "player start".to_owned(), ..object(21, "", (3.0, 2.0), (1.0, 1.0)) });
    objects.push(object(22, "", (0.0, 0.0), (4.0, 3.0)));
    let drawing = with(layer("Collision & Events", Content::Objects(objects)));
    assert_eq!(blocked(&good(&drawing)), ["####", "....", "#..."], "a rectangle around the map is no wall either");
}

#[test]
fn what_a_name_says_is_below_is_not_drawn_above() {
    let used = |name: &str| used(&good(&with(tiles(name, &["b...", "....", "...."])))).to_owned();
    for name in ["Bridge over water", "Under Roof", "below_roof", "Ground Overlay", "Path_Overlay", "OverGround"] {
        assert_eq!(used(name), "drawn below the characters", "{name}");
    }
    for name in ["Treetop", "tree tops", "Overhang", "Ceilings", "Foregrounds", "InFront", "over_player", "Layer over"]
    {
        assert_eq!(used(name), "drawn above the characters", "{name}");
    }
    let mut drawing = with(tiles("Ground", &["b...", "....", "...."]));
    drawing.layers[1].groups = vec!["Above player".to_owned()];
    assert_eq!(good(&drawing).report.layers[1].used, "drawn above the characters");
    drawing.layers[1].name = "Below roofs".to_owned();
    assert_eq!(good(&drawing).report.layers[1].used, "drawn below the characters");
}

#[test]
fn a_hidden_layer_of_nothing_but_walls_blocks() {
    let mut drawing = with(tiles("Meta", &["b...", ".c..", "...."]));
    drawing.layers[1].visible = false;
    drawing.tilesets[0].tileset.tiles.insert(1, Tile { properties: yes("Collidable"), ..Tile::default() });
    assert_eq!(blocked(&good(&drawing)), ["...."; 3], "another picture of the place");
    drawing.tilesets[0].tileset.tiles.insert(2, shaped(object(1, "", (0.0, 0.0), (1.0, 1.0))));
    assert_eq!(blocked(&good(&drawing)), ["#...", ".#..", "...."]);
}
