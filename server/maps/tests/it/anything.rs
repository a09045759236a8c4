//! Drawings of any numbers are baked or refused; nothing panics and nothing takes for ever.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;
use tilemud_maps::bake::{Options, bake};
use tilemud_maps::dialect::Dialect;
use tilemud_maps::drawing::{Content, Drawing, Frame, Layer, Object, Placed, Properties, Shape, Tile, Tileset, Value};
use tilemud_maps::problem::Problems;
use tilemud_sim::Map;

use crate::drawings::{drawing, files, layer, object, picture, tileset};
use crate::plain;

fn number() -> impl Strategy<Value = u32> {
    prop_oneof![0..20_u32, prop::sample::select(vec![0, 8, 255, 8_192, 1 << 28, 1 << 31, u32::MAX - 1, u32::MAX])]
}

fn offset() -> impl Strategy<Value = i32> {
    prop_oneof![-20..20_i32, prop::sample::select(vec![i32::MIN, i32::MAX, -100_000, 100_000])]
}

fn length() -> impl Strategy<Value = f64> {
    let odd = vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, -0.0, 1e7, -1e7, 999_999.0];
    prop_oneof![-40.0..80.0_f64, prop::sample::select(odd)]
}

fn value() -> impl Strategy<Value = Value> {
    let texts = vec!["", "true", "12", "tile", "-1e9", "transition_teleport map,1,2,3", "wall"];
    prop_oneof![
        prop::sample::select(texts).prop_map(|text| Value::Text(text.to_owned())),
        any::<i64>().prop_map(Value::Int),
        length().prop_map(Value::Float),
        any::<bool>().prop_map(Value::Bool),
    ]
}

fn properties() -> impl Strategy<Value = Properties> {
    let names = vec![
        "solid",
        "collides",
        "damage",
        "look",
        "wander",
        "quantity",
        "heals",
        "places",
        "dest_map",
        "dest_x",
        "dest_pos_y",
        "to_x",
        "to_y",
        "respawn",
        "every",
        "number",
        "act1",
        "light",
        "music",
        "no_build",
        "monster_id",
        "above",
        "open",
        "name",
        "text",
    ];
    prop::collection::btree_map(prop::sample::select(names).prop_map(str::to_owned), value(), 0..5)
}

fn shape() -> impl Strategy<Value = Shape> {
    let points = || prop::collection::vec((length(), length()), 0..5);
    prop_oneof![
        Just(Shape::Rectangle),
        Just(Shape::Ellipse),
        Just(Shape::Point),
        points().prop_map(Shape::Polygon),
        points().prop_map(Shape::Polyline),
    ]
}

fn any_object() -> impl Strategy<Value = Object> {
    let classes = vec![
        "",
        "npc",
        "item",
        "door",
        "spawn",
        "warp",
        "spawner",
        "area",
        "hazard",
        "sign",
        "event",
        "collision",
        "Wall",
        "tree",
    ];
    let place = (length(), length(), length(), length(), length());
    let rest = (shape(), prop::option::of(any::<u32>()), properties(), any::<bool>());
    (prop::sample::select(classes), place, rest).prop_map(|(class, place, (shape, gid, properties, visible))| Object {
        x: place.0,
        y: place.1,
        width: place.2,
        height: place.3,
        rotation: place.4,
        shape,
        gid,
        properties,
        visible,
        ..object(1, class, (0.0, 0.0), (0.0, 0.0))
    })
}

fn any_tile() -> impl Strategy<Value = Tile> {
    let frames = prop::collection::vec(number().prop_map(|tile| Frame { tile, duration_ms: 1 }), 0..2);
    let part = prop::option::of((number(), number(), number(), number()));
    let rest = (properties(), prop::collection::vec(any_object(), 0..2), any::<bool>());
    (frames, part, rest).prop_map(|(animation, part, (properties, shapes, has_picture))| Tile {
        class: "wall".to_owned(),
        properties,
        picture: has_picture.then(|| picture("tiles.png")),
        part,
        animation,
        shapes,
    })
}

fn any_tileset() -> impl Strategy<Value = Tileset> {
    let sizes = (number(), number(), number(), number(), (offset(), offset()));
    let tiles = prop::collection::btree_map(number(), any_tile(), 0..4);
    (sizes, tiles, any::<[bool; 2]>()).prop_map(|(sizes, tiles, [fills_cell, is_collection])| Tileset {
        margin: sizes.2,
        spacing: sizes.3,
        offset: sizes.4,
        fills_cell,
        tiles,
        picture: (!is_collection).then(|| picture("tiles.png")),
        ..tileset("any", "tiles.png", sizes.0, sizes.1)
    })
}

fn any_layer() -> impl Strategy<Value = Layer> {
    let cells = prop::collection::vec(prop_oneof![0..20_u32, any::<u32>()], 0..20)
        .prop_map(|cells: Vec<u32>| Content::Tiles(cells.into_iter().collect()));
    let objects = prop::collection::vec(any_object(), 0..5).prop_map(Content::Objects);
    let image =
        any::<(bool, bool)>().prop_map(|repeats| Content::Image { picture: Some(picture("tiles.png")), repeats });
    let content = prop_oneof![cells, objects, image];
    let names = vec!["ground", "objects", "Fringe", "Collision", "walls", "3_roof"];
    let look = (any::<f32>(), (length(), length()), properties(), any::<bool>());
    (prop::sample::select(names), content, look).prop_map(|(name, content, (opacity, offset, properties, visible))| {
        Layer { opacity, offset, properties, visible, ..layer(name, content) }
    })
}

fn any_drawing() -> impl Strategy<Value = Drawing> {
    let sizes = (0..5_u32, 0..5_u32, prop_oneof![Just(8_u32), number()], prop_oneof![Just(8_u32), number()]);
    let sets = prop::collection::vec((number(), any_tileset()), 0..3);
    let background = prop::option::of(any::<[u8; 4]>());
    (sizes, sets, prop::collection::vec(any_layer(), 0..4), background).prop_map(|(sizes, sets, layers, background)| {
        let mut drawing = drawing(sizes.0, sizes.1);
        (drawing.tile_width, drawing.tile_height) = (sizes.2, sizes.3);
        let sets: BTreeMap<u32, Tileset> = sets.into_iter().collect();
        let placed = sets.into_iter().map(|(first_gid, tileset)| Placed { first_gid, tileset });
        drawing.tilesets.extend(placed.filter(|placed| placed.first_gid > 1));
        drawing.layers = layers;
        drawing.background = background;
        drawing.file = PathBuf::from("map.tmx");
        drawing
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_drawing_of_any_numbers_is_baked_or_refused(
        drawing in any_drawing(),
        dialect in prop::sample::select(Dialect::ALL.to_vec()),
        spawn in prop::option::of((offset(), offset())),
    ) {
        let mut problems = Problems::default();
        let baked = bake(&drawing, &files(), &Options { dialect, spawn }, &mut problems);
        prop_assert_eq!(baked.is_none(), problems.is_unusable());
        if let Some(baked) = baked {
            let map = &baked.map;
            let area = (map.width * map.height) as usize;
            prop_assert!([&map.tiles, &map.ground, &map.canopy].iter().all(|layer| layer.len() == area));
            prop_assert!(map.tiles.iter().chain(&map.canopy).all(|tile| usize::from(*tile) < map.tileset.tiles.len()));
            prop_assert!(!map.is_solid(map.spawn.x, map.spawn.y), "characters can stand where they begin");
            for (index, warp) in map.warps.iter().enumerate() {
                prop_assert!(!map.is_solid(warp.to.x, warp.to.y) && map.warp(warp.to.x, warp.to.y).is_none());
                prop_assert!(map.index(warp.x, warp.y).is_some());
                prop_assert!(map.index(warp.x + warp.width - 1, warp.y + warp.height - 1).is_some());
                prop_assert!(!map.warps[..index].iter().any(|before| before.meets(warp)));
            }
            prop_assert!(map.spawners.iter().all(|spawner| spawner.is_within(map)));
            for run in map.areas.iter().flat_map(|area| &area.runs) {
                prop_assert!(run.width >= 1 && map.index(run.x, run.y).is_some());
                prop_assert!(map.index(run.x + run.width - 1, run.y).is_some());
            }
            let stored = Map::from_content(&map.content()).expect("a map as a store keeps it");
            prop_assert_eq!(stored.id(), map.id());
            let _ = plain::shown(map, 0);
            prop_assert!(baked.picture().is_some());
        }
    }
}
