//! What no map can do, and what is told of maps that try.

use std::path::PathBuf;

use tilemud_maps::bake::{Options, bake};
use tilemud_maps::drawing::{Cells, Content, Frame, Orientation, Placed, Tile, Value};
use tilemud_maps::problem::Problems;
use tilemud_schema::rest::{TileAnimation, TileFrame};

use crate::drawings::{
    CELL, Files, baked, blocked, drawing, files, good, kinds, layer, meadow, object, picture, png, text, tiles, tileset,
};
use crate::plain;

#[test]
fn a_map_of_no_or_too_many_cells_is_refused() {
    for (width, height, cell) in [(0, 1, 8), (1_025, 1, 8), (1, u32::MAX, 8), (1, 1, 0), (1, 1, 513), (1, 1, u32::MAX)]
    {
        let mut drawing = drawing(1, 1);
        (drawing.width, drawing.height, drawing.tile_width) = (width, height, cell);
        let (baked, problems) = baked(&drawing, &Options::default());
        assert!(baked.is_none() && problems.is_unusable(), "{width} x {height} of {cell}");
    }
}

#[test]
fn a_missing_picture_is_a_chequer_and_a_warning() {
    let drawing = meadow(2, 1);
    let mut problems = Problems::default();
    let baked = bake(&drawing, &Files::new(), &Options::default(), &mut problems).expect("a map");
    assert_eq!(kinds(&problems), ["picture", "no-walls"]);
    assert!(problems.found[0].what.contains("tiles.png is not there"), "{}", problems.found[0].what);
    let shown = plain::shown(&baked.map, 0);
    assert_eq!(shown.pixels[0], [1.0, 0.0, 1.0, 1.0], "magenta");
    assert_eq!(shown.pixels[2], [0.0, 0.0, 0.0, 1.0], "black");
}

#[test]
fn tiles_that_are_nowhere_are_told_and_not_drawn() {
    let mut drawing = meadow(3, 1);
    drawing.layers.push(layer("more", Content::Tiles(Cells::from_iter(vec![17, 0x0fff_ffff, 0xffff_ffff]))));
    drawing.tilesets.insert(0, Placed { first_gid: 1, tileset: tileset("first", "tiles.png", CELL, CELL) });
    let (baked, problems) = baked(&drawing, &Options::default());
    assert!(baked.is_some());
    assert_eq!(kinds(&problems), ["tile-outside-picture", "no-walls"]);
    drawing.tilesets.clear();
    let (_, problems) = self::baked(&drawing, &Options::default());
    assert!(kinds(&problems).contains(&"tile-without-tileset"));
}

#[test]
fn pictures_of_a_tile_that_moves_are_passed_over_when_they_cannot_be_shown() {
    let mut drawing = meadow(1, 1);
    let frame = |tile| Frame { tile, duration_ms: 100 };
    drawing.tilesets[0].tileset.tiles.insert(0, Tile { animation: vec![frame(5), frame(77)], ..Tile::default() });
    let mut still = meadow(1, 1);
    still.layers[0] = layer("ground", Content::Tiles(Cells::from_iter(vec![6])));
    assert_eq!(good(&drawing).map.tileset, good(&still).map.tileset);
    let (_, problems) = baked(&drawing, &Options::default());
    let told = problems.found.iter().find(|problem| problem.kind == "animation").expect("a warning");
    assert!(told.what.starts_with("1 of the 2 pictures") && told.place.tile == Some(0), "{told}");
}

#[test]
fn a_stack_moves_as_all_that_moves_in_it_does_and_each_different_one_once() {
    let mut drawing = meadow(3, 1);
    let frames = |tiles: &[(u32, u32)]| {
        let animation = tiles.iter().map(|(tile, duration_ms)| Frame { tile: *tile, duration_ms: *duration_ms });
        Tile { animation: animation.collect(), ..Tile::default() }
    };
    let tileset = &mut drawing.tilesets[0].tileset.tiles;
    tileset.insert(0, frames(&[(1, 200), (2, 100)]));
    tileset.insert(3, frames(&[(4, 100), (3, 100)]));
    let ground = good(&drawing).map;
    assert_eq!(ground.tiles, [1, 1, 1]);
    let frame = |tile, ms| TileFrame { tile, ms };
    let moving = TileAnimation { tile: 1, frames: vec![frame(1, 200), frame(2, 100)] };
    assert_eq!(ground.tileset.animations, [moving]);
    // The second one is half of a tile to the side, so that both are seen: they are together again
    // after 600 ms.
    drawing.layers.push(layer("deco", Content::Tiles(Cells::from_iter(vec![4, 0, 0]))));
    drawing.layers[1].offset = (f64::from(CELL / 2), 0.0);
    let both = good(&drawing).map.tileset.animations;
    let times = |at: usize| both[at].frames.iter().map(|frame| frame.ms).collect::<Vec<_>>();
    assert_eq!(times(0), [100, 100, 100, 100, 100, 100]);
    assert_eq!(both.len(), 3, "beside it, and where nothing covers the ground");
}

#[test]
fn tiles_stand_still_when_there_are_too_many_pictures_of_them() {
    // Tiles of 256 pixels: there is room for 1024 pictures.
    let mut drawing = drawing(40, 1);
    (drawing.tile_width, drawing.tile_height) = (256, 256);
    let mut tileset = tileset("tiles", "tiles.png", 1, 1);
    for local in 0..40 {
        let frame = |at: u32| Frame { tile: 40 + (local * 7 + at * 11) % 80, duration_ms: 10 + at };
        tileset.tiles.insert(local, Tile { animation: (0..40).map(frame).collect(), ..Tile::default() });
    }
    tileset.fills_cell = true;
    drawing.tilesets = vec![Placed { first_gid: 1, tileset }];
    drawing.layers = vec![layer("ground", Content::Tiles((1..=40).collect()))];
    drawing.layers.push(layer("more", Content::Tiles((1..=40).rev().collect())));
    drawing.layers[1].opacity = 0.75;
    let files = Files::from([(
        PathBuf::from("tiles.png"),
        png(120, 1, |x, _| [x as u8, (x * x % 251) as u8, (x * 37 % 256) as u8, 255]),
    )]);
    let mut problems = Problems::default();
    let baked = bake(&drawing, &files, &Options::default(), &mut problems).expect("a map");
    assert_eq!(kinds(&problems), ["no-walls", "animation-many"]);
    assert!(baked.map.tileset.animations.is_empty() && baked.map.tileset.tile_size == 256);
}

#[test]
fn equal_pictures_are_one_tile_and_what_differs_only_in_walking_is_two() {
    let mut drawing = meadow(4, 1);
    // Hidden by an opaque tile: the same picture however deep it is.
    drawing.layers.push(tiles("a", &["b.b."]));
    drawing.layers.push(tiles("b", &["cc.."]));
    let free = good(&drawing);
    assert_eq!(free.map.tiles, [1, 1, 2, 3]);
    drawing.layers.push(tiles("collision", &["b..."]));
    let baked = good(&drawing);
    assert_eq!(blocked(&baked), ["#..."]);
    assert_eq!(baked.map.tiles, [1, 2, 3, 4]);
    assert_eq!(
        baked.map.tileset.tiles.iter().map(|tile| tile.solid).collect::<Vec<_>>(),
        [true, true, false, false, false]
    );
}

#[test]
fn cells_that_are_not_square_become_squares() {
    let mut drawing = meadow(2, 2);
    (drawing.tile_width, drawing.tile_height) = (16, 8);
    drawing.tilesets[0].tileset.tile_width = 16;
    let (baked, problems) = baked(&drawing, &Options::default());
    assert_eq!(kinds(&problems), ["cell-shape", "no-walls"]);
    assert_eq!(baked.expect("a map").map.tileset.tile_size, 16);
}

#[test]
fn a_map_that_is_not_orthogonal_is_refused_by_its_name() {
    for (orientation, name) in [
        (Orientation::Isometric, "isometric"),
        (Orientation::Staggered, "staggered"),
        (Orientation::Hexagonal, "hexagonal"),
        (Orientation::Oblique, "oblique"),
    ] {
        let mut drawing = meadow(2, 2);
        drawing.orientation = orientation;
        let (baked, problems) = baked(&drawing, &Options::default());
        assert!(baked.is_none() && kinds(&problems) == ["orientation"]);
        assert!(problems.found[0].to_string().contains(name), "{}", problems.found[0]);
    }
}

#[test]
fn what_the_game_cannot_draw_is_told() {
    let mut drawing = meadow(2, 1);
    drawing.layers[0].blend_mode = Some("multiply".to_owned());
    drawing.layers[0].parallax = (0.5, 1.0);
    assert_eq!(kinds(&baked(&drawing, &Options::default()).1), ["blend-mode", "parallax", "no-walls"]);
}

#[test]
fn stacks_that_do_not_fit_are_drawn_smaller() {
    // Every tile on every tile, in cells so large that 256 of them fill a file.
    let mut drawing = drawing(17, 64);
    (drawing.tile_width, drawing.tile_height) = (256, 256);
    let cells = |tile: fn(u32) -> u32| Content::Tiles((0..1_088).map(tile).collect());
    drawing.layers.push(layer("ground", cells(|cell| 1 + cell % 16)));
    let mut deco = layer("deco", cells(|cell| 1 + cell / 16 % 16));
    deco.offset = (20.0, -20.0);
    drawing.layers.push(deco);
    let mut moved = layer("more", cells(|cell| 1 + cell / 256));
    moved.offset = (40.0, -40.0);
    drawing.layers.push(moved);
    let (baked, problems) = baked(&drawing, &Options::default());
    let baked = baked.expect("a map");
    assert_eq!((baked.map.tileset.tile_size, baked.map.tileset.images.len()), (128, 2));
    assert!(baked.report.stacks_below > 1_024, "{}", baked.report.stacks_below);
    assert_eq!(kinds(&problems), ["no-walls", "stacks-many"]);
}

#[test]
fn tiles_that_do_not_fit_into_one_picture_go_on_in_others() {
    // Every tile on every tile, in cells so large that 256 of them fill a file.
    let stacks = |cells: &[u32]| {
        let mut drawing = drawing(cells.len() as u32, 1);
        (drawing.tile_width, drawing.tile_height) = (256, 256);
        let tiles = |tile: fn(u32) -> u32| Content::Tiles(cells.iter().map(|cell| 1 + tile(*cell)).collect());
        drawing.layers.push(layer("ground", tiles(|cell| cell % 16)));
        let mut deco = layer("deco", tiles(|cell| cell / 16 % 16));
        deco.offset = (20.0, -20.0);
        let mut more = layer("more", tiles(|cell| cell / 256));
        more.offset = (40.0, -40.0);
        drawing.layers.extend([deco, more]);
        baked(&drawing, &Options::default())
    };
    let (baked, problems) = stacks(&(0..600).collect::<Vec<_>>());
    let baked = baked.expect("a map");
    assert_eq!(kinds(&problems), ["no-walls"]);
    let map = baked.map;
    assert_eq!((map.tileset.tile_size, map.tileset.columns, baked.report.sheets), (256, 16, 3));
    let heights: Vec<i64> = map.tileset.images.iter().map(|image| plain::Image::decode(image).height).collect();
    assert_eq!(heights, [4_096, 4_096, 6 * 256]);
    let all = plain::Image::of_all(&map.tileset.images);
    for cell in [0, 17, 255, 256, 300, 511, 512, 599] {
        let index = i64::from(map.tiles[cell as usize]) - 1;
        let (left, top) = (index % 16 * 256, index / 16 * 256);
        let alone = plain::shown(&stacks(&[cell]).0.expect("a map").map, 0);
        for at in (0..256 * 256).step_by(77) {
            let [red, green, blue, opacity] = all.pixel(left + at % 256, top + at / 256);
            let shown = [red * opacity, green * opacity, blue * opacity, opacity];
            assert_eq!(shown, alone.pixels[at as usize], "cell {cell} at {at}");
        }
    }
    let prints = tilemud_maps::prints(&map.tileset);
    assert_eq!(prints.len(), 601);
    assert_eq!(prints.iter().collect::<std::collections::BTreeSet<_>>().len(), 601, "each as it looks");
    assert!(map.tileset.images.iter().map(|image| image.len()).sum::<usize>() == baked.report.sheet_len);
}

#[test]
fn more_stacks_than_there_are_numbers_are_refused_with_a_remedy() {
    let mut drawing = drawing(257, 256);
    (drawing.tile_width, drawing.tile_height) = (2, 2);
    let name = "background.png";
    drawing.layers.push(layer("background", Content::Image { picture: Some(picture(name)), repeats: (false, false) }));
    // All cells differ.
    let pixel = |x: u32, y: u32| {
        let [_, red, green, blue] = (y / 2 * 257 + x / 2).to_be_bytes();
        [red, green, blue, 255]
    };
    let files = Files::from([(PathBuf::from(name), png(514, 512, pixel))]);
    let mut problems = Problems::default();
    assert!(bake(&drawing, &files, &Options::default(), &mut problems).is_none());
    let last = problems.found.last().expect("a problem");
    assert_eq!(last.kind, "stacks-too-many");
    assert!(last.what.contains("65792 different stacks") && last.what.contains("65535 fit"), "{}", last.what);
}

#[test]
fn numbers_without_end_in_a_drawing_do_no_harm() {
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -1e300, 1e18] {
        let mut drawing = meadow(3, 3);
        drawing.layers[0].opacity = 1.0;
        let mut moved = tiles("deco", &["b..", "...", "..."]);
        moved.offset = (odd, odd);
        moved.opacity = odd as f32;
        drawing.layers.push(moved);
        let mut thing = object(1, "npc", (odd, odd), (odd, odd));
        thing.rotation = odd;
        thing.properties.insert("look".to_owned(), text("x"));
        let mut tile = thing.clone();
        (tile.gid, tile.class) = (Some(3), String::new());
        let mut warp = object(2, "warp", (odd, 1.0), (odd, 1.0));
        warp.properties.extend([("dest_map".to_owned(), text("map")), ("dest_x".to_owned(), Value::Float(odd))]);
        let collision = object(3, "collision", (odd, 0.0), (1.0, odd));
        drawing.layers.push(layer("objects", Content::Objects(vec![thing, tile, warp, collision])));
        let (baked, _) = baked(&drawing, &Options { spawn: Some((i32::MIN, i32::MAX)), ..Options::default() });
        assert!(baked.is_some(), "{odd}");
    }
    let mut drawing = meadow(3, 3);
    let set = &mut drawing.tilesets[0].tileset;
    (set.margin, set.spacing, set.offset) = (u32::MAX, u32::MAX, (i32::MIN, i32::MAX));
    (set.tile_width, set.tile_height) = (u32::MAX, 0);
    assert!(baked(&drawing, &Options::default()).0.is_none(), "nothing is drawn, so nobody can stand");
    let mut drawing = meadow(3, 3);
    drawing.layers.push(layer("short", Content::Tiles(Cells::from_iter(vec![2]))));
    drawing.layers.push(layer("long", Content::Tiles(Cells::from_iter(vec![3; 50]))));
    assert!(files().contains_key(&PathBuf::from("tiles.png")) && baked(&drawing, &Options::default()).0.is_some());
}

#[test]
fn the_picture_of_the_whole_map_is_bounded_and_tints_what_blocks() {
    let mut drawing = meadow(3, 1);
    drawing.layers.push(tiles("collision", &["b.."]));
    let picture = good(&drawing).picture().expect("a picture");
    let mut reader = png::Decoder::new(std::io::Cursor::new(picture)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("pixels");
    assert_eq!((info.width, info.height), (24, 8));
    let red = |cell: usize| pixels[cell * 8 * 4];
    assert!(red(0) > red(2) && red(2) == 0, "blocked {} and free {}", red(0), red(2));
}
