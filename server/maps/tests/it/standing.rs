//! What stands in a baked map, and where its warps lead.

use tilemud_maps::bake::Options;
use tilemud_maps::drawing::{Content, Drawing, Object, Shape, Tile, Value};
use tilemud_maps::problem::Problems;
use tilemud_schema::{EntityKind, Position};

use crate::drawings::{baked, good, kinds, layer, meadow, object, text, tiles};

fn with(mut object: Object, properties: &[(&str, Value)]) -> Object {
    object.properties.extend(properties.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    object
}

/// A walled meadow with these objects.
fn map(objects: Vec<Object>) -> Drawing {
    let mut drawing = meadow(6, 4);
    drawing.layers.push(tiles("collision", &["....cc", "......", "......", "......"]));
    drawing.layers.push(layer("anything", Content::Objects(objects)));
    drawing
}

fn problems(drawing: &Drawing) -> Problems {
    baked(drawing, &Options::default()).1
}

#[test]
fn doors_characters_and_items_stand_where_they_are_drawn() {
    let mut drawing = map(vec![
        with(object(1, "npc", (1.0, 1.0), (1.0, 1.0)), &[("look", text("miller")), ("wander", Value::Int(7))]),
        with(
            object(2, "item", (2.0, 3.0), (1.0, 1.0)),
            &[("look", text("plank")), ("quantity", Value::Int(5)), ("places", text("wall"))],
        ),
        with(object(3, "door", (4.0, 2.0), (1.0, 1.0)), &[("open", Value::Bool(true))]),
    ]);
    let wall = Tile { class: "wall".to_owned(), ..Tile::default() };
    drawing.tilesets[0].tileset.tiles.insert(3, wall);
    drawing.tilesets[0]
        .tileset
        .tiles
        .get_mut(&3)
        .expect("a tile")
        .properties
        .insert("solid".to_owned(), Value::Bool(true));
    let map = good(&drawing).map;
    let [npc, item, door] = map.objects.as_slice() else { panic!("{:?}", map.objects) };
    assert_eq!((npc.kind, &*npc.name, npc.wander), (EntityKind::Npc, "miller", 7));
    assert_eq!(npc.position, Position { x: 1, y: 1 });
    assert_eq!((item.kind, item.quantity, item.position), (EntityKind::Item, 5, Position { x: 2, y: 3 }));
    assert_eq!((door.kind, door.open, &*door.look), (EntityKind::Door, true, "door"));
    let placed = map.items["plank"].places.expect("a tile");
    let info = &map.tileset.tiles[usize::from(placed)];
    assert_eq!((info.name.as_str(), info.solid), ("wall", true));
    assert!(!map.tiles.contains(&placed), "what players place is a tile of its own");
}

#[test]
fn what_stands_in_a_wall_is_told_with_its_id_and_a_door_there_is_left_out() {
    let look = [("look", text("x"))];
    let drawing = map(vec![
        with(object(11, "npc", (4.0, 0.0), (1.0, 1.0)), &look),
        with(object(12, "item", (5.0, 0.0), (1.0, 1.0)), &look),
        object(13, "door", (5.0, 0.0), (1.0, 1.0)),
        with(object(14, "npc", (90.0, 0.0), (1.0, 1.0)), &look),
    ]);
    let found = problems(&drawing).found;
    let told: Vec<_> = found.iter().map(|problem| (problem.kind, problem.place.object)).collect();
    let expected = [
        ("npc-in-wall", Some(11)),
        ("item-in-wall", Some(12)),
        ("door-in-wall", Some(13)),
        ("object-outside", Some(14)),
    ];
    assert_eq!(told, expected);
    assert_eq!(good(&drawing).map.objects.len(), 2);
}

#[test]
fn classes_that_mean_nothing_are_told_once_each() {
    let objects = (0..50).map(|id| object(id, if id % 2 == 0 { "bell" } else { "music" }, (0.0, 0.0), (1.0, 1.0)));
    let told = problems(&map(objects.collect()));
    assert_eq!(kinds(&told), ["object-class", "object-class"]);
    assert!(told.found[0].what.ends_with("(25 of them)"), "{}", told.found[0].what);
}

#[test]
fn a_door_has_its_place_for_itself() {
    let drawing = map(vec![
        object(1, "door", (1.0, 1.0), (1.0, 1.0)),
        object(2, "door", (1.0, 1.0), (1.0, 1.0)),
        object(3, "door", (2.0, 2.0), (1.0, 1.0)),
        with(object(4, "npc", (2.0, 2.0), (1.0, 1.0)), &[("look", text("x"))]),
    ]);
    assert_eq!(kinds(&problems(&drawing)), ["door-twice", "door-on-npc"]);
    let doors: Vec<_> = good(&drawing).map.objects.iter().map(|object| (object.kind, object.open)).collect();
    assert_eq!(doors, [(EntityKind::Door, false), (EntityKind::Door, true), (EntityKind::Npc, false)]);
}

#[test]
fn values_that_cannot_be_are_told_and_do_not_count() {
    let npc = with(object(1, "npc", (1.0, 1.0), (1.0, 1.0)), &[("look", text("x")), ("wander", Value::Int(-4))]);
    let drawing = map(vec![npc]);
    assert_eq!(kinds(&problems(&drawing)), ["object-property"]);
    assert_eq!(good(&drawing).map.objects[0].wander, 3);
}

#[test]
fn names_do_not_move_the_text_of_others() {
    let mut npc = with(object(1, "npc", (1.0, 1.0), (1.0, 1.0)), &[("look", text("x\u{202e}\n"))]);
    npc.name = "\x1b[31m".repeat(2_000);
    let mut drawing = map(vec![npc]);
    drawing.properties.insert("name".to_owned(), text("a\u{202e}\nb"));
    let map = good(&drawing).map;
    assert_eq!(map.name, "ab");
    assert_eq!(&*map.objects[0].look, "x");
    assert!(map.objects[0].name.len() <= 48 && !map.objects[0].name.contains('\x1b'));
}

#[test]
fn warps_of_the_games_are_read_and_those_on_the_same_map_are_checked() {
    let warp = |id, at, to: &str, x, y| {
        let properties = [("DEST_MAP", text(to)), ("dest_x", text(x)), ("dest_y", Value::Int(y))];
        with(object(id, "Warp", at, (2.0, 1.0)), &properties)
    };
    let polygon = Object {
        shape: Shape::Polygon(vec![(0.0, 0.0), (15.0, 0.0), (15.0, 15.0)]),
        ..with(
            object(4, "warp", (2.0, 2.0), (0.0, 0.0)),
            &[("dest_map", text("Cave")), ("dest_pos_x", Value::Float(5.0)), ("dest_pos_y", Value::Float(6.0))],
        )
    };
    let drawing = map(vec![
        warp(1, (0.0, 3.0), "other", "12", 7),
        warp(2, (0.0, 3.0), "map.tmx", "5", 0),
        warp(3, (0.0, 3.0), "map", "99", 0),
        polygon,
        warp(5, (-20.0, 3.0), "other", "1", 1),
    ]);
    let (baked, problems) = baked(&drawing, &Options::default());
    let warps = baked.expect("a map").report.warps;
    assert_eq!((warps[0].to.as_str(), warps[0].x, warps[0].y), ("other", Some(12), Some(7)));
    let area = |index: usize| {
        let tilemud_maps::bake::Area { x, y, width, height } = warps[index].area;
        (x, y, width, height)
    };
    assert_eq!(area(0), (0, 3, 2, 1));
    assert_eq!((warps[3].to.as_str(), warps[3].x, area(3)), ("Cave", Some(5), (2, 2, 2, 2)));
    let told: Vec<_> = problems.found.iter().map(|problem| (problem.kind, problem.place.object)).collect();
    assert_eq!(told, [("warp-target", Some(2)), ("warp-target", Some(3)), ("warp-outside", Some(5))]);
}

#[test]
fn an_event_that_teleports_is_a_warp() {
    let event = with(
        object(7, "event", (1.0, 1.0), (1.0, 1.0)),
        &[
            ("act1", text("player_face up")),
            ("act10", text("transition_teleport town.tmx,16,29,0.3")),
            ("cond1", text("is x")),
        ],
    );
    let report = good(&map(vec![event])).report;
    assert_eq!(report.dialect.name.name(), "tuxemon");
    let [warp] = report.warps.as_slice() else { panic!("{:?}", report.warps) };
    assert_eq!((warp.to.as_str(), warp.x, warp.y), ("town.tmx", Some(16), Some(29)));
}
