//! From a file to a world: our own maps as they always were, any other baked.

use std::path::{Path, PathBuf};

use tilemud_maps::bake::Options;
use tilemud_maps::check::{Check, Verdict, check};
use tilemud_maps::dialect::Dialect;
use tilemud_maps::problem::Problems;
use tilemud_maps::{Disk, LoadError, World, load};
use tilemud_sim::Map;

use crate::drawings::{Files, kinds, png};

/// A map of 2 x 1 cells with the layers of our own dialect.
fn own(cells: &str, objects: &str, more: &str) -> Files {
    let map = format!(
        r#"<map version="1.10" orientation="orthogonal" width="2" height="1" tilewidth="8" tileheight="8" infinite="0">
 <tileset firstgid="1" name="t" tilewidth="8" tileheight="8" tilecount="4" columns="2"><image source="t.png" width="16" height="16"/></tileset>
 {more}
 <layer id="1" name="ground" width="2" height="1"><data encoding="csv">{cells}</data></layer>
 <objectgroup id="2" name="objects">{objects}</objectgroup>
</map>"#
    );
    let picture = png(16, 16, |x, y| [x as u8 * 9, y as u8 * 9, 0, 255]);
    Files::from([(PathBuf::from("m.tmx"), map.into_bytes()), (PathBuf::from("t.png"), picture)])
}

const SPAWN: &str = r#"<object id="1" class="spawn" type="spawn" x="0" y="0" width="8" height="8"/>"#;

fn loaded(files: &Files, dialect: Dialect) -> (Result<World, LoadError>, Problems) {
    let mut problems = Problems::default();
    let options = Options { dialect, spawn: None };
    (load(Path::new("m.tmx"), files, &options, &mut problems), problems)
}

#[test]
fn the_built_in_world_is_the_same_when_it_is_read_from_its_files() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim/worlds/first_light.tmx");
    let files = Disk::new(&file, None).expect("a folder");
    let world = load(&file, &files, &Options::default(), &mut Problems::default()).expect("a world");
    let World::Own(map) = world else { panic!("baked") };
    // Figures come with the folder, which has other maps as well.
    assert!(Map { sprites: None, ..*map } == Map::built_in());
}

#[test]
fn our_own_maps_keep_their_tiles_and_what_the_strict_reading_refuses_is_baked() {
    let (world, _) = loaded(&own("2,3", SPAWN, ""), Dialect::Auto);
    let Ok(World::Own(map)) = world else { panic!("{world:?}") };
    assert_eq!(map.tiles, [2, 3], "the numbers of Tiled");
    let second = r#"<tileset firstgid="5" name="u" tilewidth="8" tileheight="8"><image source="t.png"/></tileset>"#;
    let baked = [own("2,7", SPAWN, second), own("2,2147483651", SPAWN, ""), own("2,0", SPAWN, "")];
    for files in baked {
        let (world, _) = loaded(&files, Dialect::Auto);
        let Ok(World::Baked(baked)) = world else { panic!("{world:?}") };
        assert_eq!(baked.map.tiles[0], 1);
        assert_eq!(baked.report.dialect.name, Dialect::TileMud);
    }
    let (world, _) = loaded(&own("2,3", SPAWN, ""), Dialect::Tmw);
    assert!(matches!(world, Ok(World::Baked(_))), "another dialect was asked for");
    for (height, is_own) in [(1_024, true), (1_025, false)] {
        let size = format!(r#"width="1024" height="{height}""#);
        let mut files = own(&vec!["2"; 1_024 * height].join(","), SPAWN, "");
        let map = files.get_mut(Path::new("m.tmx")).expect("a map");
        *map = String::from_utf8(map.clone()).expect("text").replace(r#"width="2" height="1""#, &size).into_bytes();
        let (world, _) = loaded(&files, Dialect::Auto);
        let world = world.expect("a world");
        assert_eq!((matches!(world, World::Own(_)), world.map().height), (is_own, height as i32));
    }
    // As builders may write them, which makes no other world of it.
    let signed = r#"<object id="9" type="Sign" x="0" y="0"><properties><property name="text" value="Hello"/></properties></object>"#;
    let (world, _) = loaded(&own("2,3", &format!("{SPAWN}{signed}"), ""), Dialect::Auto);
    assert!(matches!(&world, Ok(World::Own(map)) if map.signs.len() == 1), "{world:?}");
}

#[test]
fn a_map_of_our_own_that_can_be_walked_on_is_warned_of_and_one_whose_door_leads_nowhere_is_refused_as_ever() {
    let odd = r#"<object id="9" type="odd" x="0" y="0" width="8" height="8"/>"#;
    for objects in [format!("{SPAWN}{SPAWN}"), format!("{SPAWN}{odd}"), String::new()] {
        let (world, problems) = loaded(&own("2,3", &objects, ""), Dialect::Auto);
        assert!(matches!(&world, Ok(World::Baked(_))), "{world:?}");
        assert!(!problems.is_unusable(), "{problems:?}");
    }
    let door = r#"<object id="9" type="door" x="0" y="0" width="8" height="8"><properties>
        <property name="look" value="door"/></properties></object>"#;
    let (world, _) = loaded(&own("2,3", &format!("{SPAWN}{door}{door}"), ""), Dialect::Auto);
    assert!(matches!(world, Err(LoadError::Own(_))), "{world:?}");
}

#[test]
fn what_our_own_maps_show_otherwise_and_what_stands_in_walls_is_told() {
    let tiles = r#"<tileset firstgid="5" name="u" tilewidth="8" tileheight="8"/>"#;
    assert!(matches!(loaded(&own("2,3", SPAWN, tiles), Dialect::Auto).0, Ok(World::Baked(_))), "two tilesets");
    let mut files = own("2,3", &format!("{SPAWN}{RAT}"), "");
    let map = files.get_mut(Path::new("m.tmx")).expect("the map");
    let text = String::from_utf8(map.clone()).expect("text");
    let solid = r#"<tile id="2"><properties><property name="solid" type="bool" value="true"/></properties></tile>"#;
    let text = text
        .replace(r#" height="1"><data"#, r#" height="1" opacity="0.5" offsetx="3"><data"#)
        .replace("</tileset>", &format!("{solid}</tileset>"))
        .replace(r#"columns="2"><image"#, r#"columns="2"><tileoffset x="1" y="2"/><image"#);
    *map = text.into_bytes();
    let (world, problems) = loaded(&files, Dialect::Auto);
    assert!(matches!(world, Ok(World::Own(_))), "{world:?}");
    let kinds: Vec<_> = problems.found.iter().map(|problem| (problem.kind, problem.place.object)).collect();
    let expected =
        [("property-unknown", Some(7)), ("layer-look", None), ("tileset-look", None), ("npc-in-wall", Some(7))];
    assert_eq!(kinds, expected, "{problems:?}");
    assert!(problems.found[1].what.contains("opacity, offset"), "{problems:?}");
}

/// It stands on the second cell, and has a misspelt property.
const RAT: &str = r#"<object id="7" name="Rat" class="npc" type="npc" x="8" y="0" width="8" height="8"><properties>
    <property name="look" value="villager_1"/><property name="wnader" type="int" value="1"/></properties></object>"#;

#[test]
fn cells_in_a_comment_end_no_check() {
    let (world, _) = loaded(&own("2<!-- ,3 -->", SPAWN, ""), Dialect::Auto);
    assert!(matches!(world, Err(LoadError::Unusable(_))), "{world:?}");
}

#[test]
fn a_file_that_is_not_there_is_no_chequer_in_a_played_world() {
    let mut files = own("2,3", SPAWN, "");
    files.remove(Path::new("t.png"));
    let (world, _) = loaded(&files, Dialect::Auto);
    let Err(error @ LoadError::File { .. }) = world else { panic!("{world:?}") };
    assert_eq!(error.to_string(), "the file t.png of the map is not there");
    files.remove(Path::new("m.tmx"));
    assert!(matches!(loaded(&files, Dialect::Auto).0, Err(LoadError::File { .. })));
}

#[test]
fn a_map_with_errors_says_the_first_with_its_place_and_remedy() {
    let files = Files::from([(PathBuf::from("m.tmx"), b"<map/>".to_vec())]);
    let (world, problems) = loaded(&files, Dialect::Auto);
    let Err(error @ LoadError::Unusable(_)) = world else { panic!("{world:?}") };
    assert!(problems.is_unusable() && !kinds(&problems).is_empty());
    assert!(error.to_string().starts_with("m.tmx"), "{error}");
}

/// What is told of a builder's slip in a map of our own, and why it is baked, if it is.
fn slip(objects: &str, more: &str) -> (Vec<String>, String) {
    let (world, problems) = loaded(&own("2,3", &format!("{SPAWN}{objects}"), more), Dialect::Auto);
    let because = match world.expect("a world") {
        World::Own(_) => String::new(),
        World::Baked(baked) => baked.report.because,
    };
    let told = problems.found.iter().map(|problem| format!("{}; {}", problem.what, problem.remedy)).collect();
    (told, because)
}

#[test]
fn a_map_that_is_baked_says_what_it_has_that_ours_have_not() {
    let layer = |name: &str| {
        format!(r#"<layer id="7" name="{name}" width="2" height="1"><data encoding="csv">0,0</data></layer>"#)
    };
    let second = r#"<tileset firstgid="5" name="u" tilewidth="8" tileheight="8"><image source="t.png"/></tileset>"#;
    for (more, because) in [
        (
            layer("decor"),
            "layer \"decor\" is none of the tile layers ground, structures and canopy and the object layer objects, or is in a group",
        ),
        (layer("Structures"), "layer \"Structures\" is none of"),
        (layer("ground"), "it has two layers ground"),
        (second.to_owned(), "tileset"),
        (String::new(), ""),
    ] {
        let said = slip("", &more).1;
        assert!(said.contains(because) && said.is_empty() == because.is_empty(), "{said}");
    }
    let (world, _) = loaded(&own("2,0", SPAWN, ""), Dialect::Auto);
    let Ok(World::Baked(baked)) = world else { panic!("{world:?}") };
    assert!(baked.report.because.contains("the ground layer is empty at 1, 0"), "{}", baked.report.because);
    assert!(baked.report.to_string().contains("\nbaked, as the ground layer is empty at 1, 0"), "{}", baked.report);
}

#[test]
fn slips_of_builders_are_told_with_what_was_meant() {
    let object = |class: &str, more: &str, properties: &str| {
        let said = format!("<properties>{properties}</properties>");
        format!(r#"<object id="4" name="Olaf" class="{class}" type="{class}" x="9" y="0" {more}>{said}</object>"#)
    };
    let look = r#"<property name="look" value="villager_1"/>"#;
    let hurts = r#"<property name="damage" type="int" value="5"/>"#;
    let wall = r#"<tileset firstgid="9" name="w" tilewidth="8" tileheight="8"><image source="t.png"/></tileset>"#;
    for (slip, said) in [
        (self::slip(&object("", "", look), ""), "it has a look and no class"),
        (self::slip(&object("npc", "", ""), ""), "objects of class npc without the property look mean nothing"),
        (self::slip(&object("ncp", "", look), wall), "did you mean npc?"),
        (
            self::slip(&object("bell", "", ""), wall),
            "set the class to one of spawn, door, npc, item, spawner, warp, area",
        ),
        (self::slip(&object("area", "", hurts), ""), "a line or a point is no area"),
        (self::slip(&object("hazard", r#"width="1" height="1""#, hurts), ""), "covers the middle of no tile"),
    ] {
        assert!(slip.0.iter().any(|told| told.contains(said)), "{said}: {slip:?}");
    }
}

#[test]
fn what_hurts_where_nobody_can_walk_is_told() {
    let reef = r#"<object id="4" class="hazard" type="hazard" x="8" y="0" width="8" height="8"><properties>
        <property name="damage" type="int" value="5"/></properties></object>"#;
    let files = |solid: &str| {
        let mut files = own("2,3", &format!("{SPAWN}{reef}"), "");
        let map = files.get_mut(Path::new("m.tmx")).expect("a map");
        let tile = format!(
            r#"<tile id="2"><properties><property name="solid" type="bool" value="{solid}"/></properties></tile></tileset>"#
        );
        *map = String::from_utf8(map.clone()).expect("text").replace("</tileset>", &tile).into_bytes();
        files
    };
    let told = |solid| kinds(&loaded(&files(solid), Dialect::Auto).1);
    assert_eq!((told("true"), told("false")), (vec!["hazard-in-wall"], vec![]));
}

#[test]
fn a_map_is_ours_whatever_its_layer_of_objects_is_called() {
    let files = |name: &str| {
        let look = r#"<properties><property name="look" value="villager_1"/></properties>"#;
        let mut files =
            own("2,3", &format!(r#"{SPAWN}<object id="2" class="npc" type="npc" x="9" y="1">{look}</object>"#), "");
        let map = files.get_mut(Path::new("m.tmx")).expect("a map");
        *map = String::from_utf8(map.clone())
            .expect("text")
            .replace("name=\"objects\"", &format!("name=\"{name}\""))
            .into_bytes();
        files
    };
    let (world, _) = loaded(&files("things"), Dialect::Auto);
    let Ok(World::Baked(baked)) = world else { panic!("{world:?}") };
    assert_eq!(baked.report.dialect.name, Dialect::TileMud, "{}", baked.report.dialect.why);
}

#[test]
fn a_file_that_is_not_there_is_one_error_with_its_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("m.tmx");
    let tileset = r#"<tileset firstgid="5" source="gone.tsx"/>"#;
    for (files, gone) in [(own("2,3", SPAWN, ""), "t.png"), (own("2,3", SPAWN, tileset), "gone.tsx")] {
        std::fs::write(&file, &files[Path::new("m.tmx")]).unwrap();
        let mut said = Vec::new();
        let verdict = check(&Check { files: vec![file.clone()], ..Check::default() }, &mut said).unwrap();
        let said = String::from_utf8(said).unwrap();
        assert_eq!(verdict, Verdict::Unusable, "{said}");
        let errors: Vec<&str> = said.lines().filter(|line| line.starts_with("error: ")).collect();
        assert!(errors.len() == 1 && errors[0].contains(gone) && errors[0].contains("put the file there"), "{said}");
        assert!(said.ends_with("errors: 1, warnings: 0\n"), "{said}");
    }
}
