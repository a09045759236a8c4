//! The figures that a world brings with it: what is read of them, and what is said of those that
//! cannot be.

use std::path::Path;

use tilemud_maps::bake::Options;
use tilemud_maps::check::{Check, check};
use tilemud_maps::drawing::{Content, Drawing, Object};
use tilemud_maps::kit;
use tilemud_maps::problem::Problems;
use tilemud_schema::Direction;
use tilemud_schema::sprites::{Look, LookKind};
use tilemud_sim::map::MapSprites;

use crate::drawings::{Files, files, kinds, layer, meadow, object, png, text};

const LIST: &str = r#"{
  "frame_w": 4, "frame_h": 6, "directions": ["south", "north", "east", "west"],
  "frames": ["stand", "step_a", "step_b"], "door_frames": ["closed", "open"],
  "looks": {
    "fisher": { "kind": "character", "x": 0, "y": 0 },
    "oar": { "kind": "item", "x": 12, "y": 18 },
    "gate": { "kind": "door", "x": 8, "y": 24 }
  }
}"#;

fn picture() -> Vec<u8> {
    png(16, 30, |x, y| if x == 15 { [9, 9, 9, 0] } else { [x as u8, y as u8, 200, 255] })
}

fn with(list: &str, picture: Vec<u8>) -> Files {
    let mut files = files();
    files.insert("sprites.json".into(), list.as_bytes().to_vec());
    files.insert("sprites.png".into(), picture);
    files
}

fn built(drawing: &Drawing, files: &Files) -> (tilemud_sim::Map, Problems) {
    let mut problems = Problems::default();
    let path = Path::new("map.tmx");
    let world = tilemud_maps::load::build(path, Some(drawing), files, &Options::default(), &mut problems);
    problems.found.retain(|problem| problem.kind != "no-walls");
    (world.expect("usable").into_map(), problems)
}

fn read(list: &str, picture: Vec<u8>) -> (Option<MapSprites>, Problems) {
    let (map, problems) = built(&meadow(2, 2), &with(list, picture));
    (map.sprites, problems)
}

#[test]
fn figures_beside_a_map_are_read_and_their_picture_is_written_anew() {
    let mut noted = picture();
    noted.extend_from_slice(b"what only its painter was to see");
    let (sprites, problems) = read(LIST, noted.clone());
    assert!(problems.found.is_empty(), "{problems:?}");
    let MapSprites { sprites, image } = sprites.expect("there are some");
    assert_eq!((sprites.frame_w, sprites.frame_h, &*sprites.image), (4, 6, ""));
    assert_eq!(sprites.directions, [Direction::South, Direction::North, Direction::East, Direction::West]);
    let look = |kind, x, y| Look { kind, x, y };
    let looks: Vec<_> = sprites.looks.iter().map(|(name, look)| (name.as_str(), *look)).collect();
    assert_eq!(
        looks,
        [
            ("fisher", look(LookKind::Character, 0, 0)),
            ("gate", look(LookKind::Door, 8, 24)),
            ("oar", look(LookKind::Item, 12, 18)),
        ]
    );
    assert!(!image.windows(7).any(|window| window == b"painter"), "nothing else of the file is served");
    let mut reader = png::Decoder::new(std::io::Cursor::new(&*image)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut pixels).expect("a picture");
    assert_eq!((reader.info().width, reader.info().height), (16, 30));
    assert_eq!((&pixels[4 * 17..4 * 18], &pixels[4 * 15..4 * 16]), (&[1, 1, 200, 255][..], &[0; 4][..]));

    let short = LIST.replace(r#""frames": ["stand", "step_a", "step_b"], "door_frames": ["closed", "open"],"#, "");
    let turned = short.replace(r#"["south", "north", "east", "west"]"#, r#"["west", "east", "north", "south"]"#);
    let (turned, problems) = read(&turned, picture());
    assert!(problems.found.is_empty(), "{problems:?}");
    assert_eq!(turned.expect("read").sprites.directions[0], Direction::West);
    let (map, problems) = built(&meadow(2, 2), &files());
    assert!(map.sprites.is_none() && problems.found.is_empty(), "most worlds have none");
}

#[test]
fn what_cannot_be_used_of_a_list_is_told_with_its_file_and_left_out() {
    for (from, to, kind, words) in [
        ("\"frame_w\": 4", "\"frame_wide\": 4", "sprites-unknown", "the key \"frame_wide\" is not known"),
        ("\"frame_h\": 6", "\"frame_h\": 0", "sprites-frame", "frame_h is no whole number from 1 to 128"),
        ("\"frame_h\": 6", "\"frame_h\": \"6\"", "sprites-frame", "frame_h is no whole number from 1 to 128"),
        ("{\n", "{,\n", "sprites-file", "it is no JSON"),
        ("\"looks\"", "\"look\"", "sprites-unknown", "did you mean \"looks\"?"),
    ] {
        let list = LIST.replacen(from, to, 1);
        let (sprites, problems) = read(&list, picture());
        assert!(sprites.is_none(), "{to}");
        assert_eq!(problems.found[0].kind, kind, "{to}: {problems:?}");
        assert!(problems.found[0].what.contains(words), "{to}: {problems:?}");
        assert_eq!(problems.found[0].place.file, Path::new("sprites.json"));
        assert!(problems.found.iter().all(|problem| !problem.remedy.is_empty()));
    }
    for (from, to, kind, words) in [
        (
            "\"kind\": \"item\"",
            "\"kind\": \"thing\"",
            "sprites-look",
            "the look \"oar\" is of no kind, and is left out",
        ),
        ("\"x\": 12", "\"x\": 13", "sprites-look", "takes 4 x 6 pixels from 13, 18 on, and the picture has 16 x 30"),
        ("\"x\": 12", "\"x\": 4294967295", "sprites-look", "takes 4 x 6 pixels from 4294967295, 18 on"),
        ("\"x\": 12", "\"x\": -1", "sprites-look", "does not say where it is"),
        ("\"oar\"", "\"oar\\u202e\"", "sprites-look", "has a name that cannot be shown"),
        ("{ \"kind\": \"item\", \"x\": 12, \"y\": 18 }", "7", "sprites-look", "the look \"oar\" is left out"),
    ] {
        let (sprites, problems) = read(&LIST.replacen(from, to, 1), picture());
        let names: Vec<_> = sprites.expect("the others").sprites.looks.into_keys().collect();
        assert_eq!(names, ["fisher", "gate"], "{to}");
        assert_eq!(kinds(&problems), [kind], "{to}");
        assert!(problems.found[0].what.contains(words), "{to}: {problems:?}");
    }
    for (from, to, kind) in [
        ("\"y\": 18", "\"y\": 18, \"why\": 1", "sprites-unknown"),
        ("\"west\"]", "\"east\"]", "sprites-directions"),
        ("\"closed\", \"open\"", "\"open\", \"closed\"", "sprites-frames"),
    ] {
        let (sprites, problems) = read(&LIST.replacen(from, to, 1), picture());
        assert_eq!((sprites.expect("all").sprites.looks.len(), kinds(&problems)), (3, vec![kind]), "{to}");
    }
}

#[test]
fn a_picture_of_figures_that_is_none_or_too_large_is_told_and_none_are_there() {
    let wide = png(2_049, 1, |_, _| [0; 4]);
    for (picture, words) in [
        (b"no picture".to_vec(), "it is no PNG, JPEG, WebP, BMP or GIF"),
        (wide, "it has 2049 x 1 pixels, at most 2048 on an edge are possible"),
    ] {
        let (sprites, problems) = read(LIST, picture);
        assert_eq!((sprites, kinds(&problems)), (None, vec!["sprites-picture"]));
        assert_eq!((&*problems.found[0].what, &*problems.found[0].place.file), (words, Path::new("sprites.png")));
    }
    let mut without = with(LIST, Vec::new());
    without.remove(Path::new("sprites.png"));
    let (map, problems) = built(&meadow(2, 2), &without);
    assert_eq!((map.sprites, &*problems.found[0].what), (None, "the picture of the looks is not there"));
}

#[test]
fn figures_are_bounded_in_number() {
    let looks: Vec<_> = (0..300).map(|it| format!("\"l{it}\": {{\"kind\": \"item\", \"x\": 0, \"y\": 0}}")).collect();
    let list = format!("{{\"frame_w\": 4, \"frame_h\": 6, \"looks\": {{{}}}}}", looks.join(","));
    let (sprites, problems) = read(&list, picture());
    assert_eq!((sprites.expect("read").sprites.looks.len(), kinds(&problems)), (256, vec!["sprites-too-many"]));
    let long = format!("{{{}}}", " ".repeat(1 << 20));
    assert_eq!(kinds(&read(&long, picture()).1), ["sprites-file"]);
}

#[test]
fn a_look_that_nobody_has_is_told_with_those_that_there_are() {
    let mut drawing = meadow(4, 2);
    let of = |id, class: &str, look: &str| -> Object {
        let mut object = object(id, class, (f64::from(id % 4), 0.0), (0.5, 0.5));
        object.properties.insert("look".to_owned(), text(look));
        object
    };
    let objects =
        vec![of(1, "npc", "fisher"), of(2, "npc", "villager_1"), of(3, "npc", "fsher"), of(4, "npc", "fsher"), {
            of(5, "item", "aplpe")
        }];
    drawing.layers.push(layer("o", Content::Objects(objects)));
    let (_, problems) = built(&drawing, &with(LIST, picture()));
    assert_eq!(kinds(&problems), ["look-unknown", "look-unknown"]);
    let [person, thing] = problems.found.as_slice() else { panic!("{problems:?}") };
    assert_eq!(person.place.object, Some(3));
    assert_eq!(person.what, "there is no look \"fsher\", and another one is shown (2 of them)");
    assert!(person.remedy.starts_with("choose one of fisher, traveller_1, "), "{}", person.remedy);
    assert!(!person.remedy.contains("apple"));
    assert!(thing.remedy.contains("apple, ") && thing.remedy.contains("oar, "), "{}", thing.remedy);
    let (_, problems) = built(&drawing, &files());
    assert_eq!(kinds(&problems).len(), 3, "without the list there is no fisher");
}

#[test]
fn a_check_of_a_map_tells_of_its_figures() {
    let there = tempfile::tempdir().expect("a folder");
    let folder = there.path().join("mine");
    let world = kit::write(&folder).expect("written");
    let other = LIST.replace("fisher", "ferryman").replace("\"x\": 12", "\"x\": 999");
    std::fs::write(folder.join("sprites.json"), other).expect("written");
    let mut said = Vec::new();
    check(&Check { files: vec![world], ..Check::default() }, &mut said).expect("memory");
    let said = String::from_utf8(said).expect("text");
    let lines: Vec<_> = said.lines().collect();
    assert!(lines[0].contains("sprites.json: the look \"oar\" takes"), "{said}");
    assert!(lines[1].contains("island.tmx") && lines[1].contains("there is no look \"fisher\""), "{said}");
}
