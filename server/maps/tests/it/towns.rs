//! A small town in the style of each game, read and baked as a server would.

use std::path::{Path, PathBuf};

use tilemud_maps::bake::{Baked, Options, bake};
use tilemud_maps::dialect::Dialect;
use tilemud_maps::problem::Problems;
use tilemud_maps::{Disk, read};
use tilemud_schema::Position;

use crate::drawings::{blocked, kinds};

/// The town of a dialect. Its picture and report are left where builds leave their files, for
/// whoever wants to look at them.
fn town(dialect: Dialect) -> (Baked, Vec<&'static str>) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/maps").join(dialect.name()).join("town.tmx");
    let files = Disk::new(&file, None).expect("a folder");
    let mut problems = Problems::default();
    let drawing = read(&file, &files, &mut problems).unwrap_or_else(|| panic!("{problems:?}"));
    let baked = bake(&drawing, &files, &Options::default(), &mut problems);
    let baked = baked.unwrap_or_else(|| panic!("{problems:?}"));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(folder.join(format!("{dialect}.png")), baked.picture().expect("a picture")).expect("written");
    let told: String = problems.found.iter().map(|problem| format!("{problem}\n")).collect();
    std::fs::write(folder.join(format!("{dialect}.txt")), format!("{}\n{told}", baked.report)).expect("written");
    assert_eq!(baked.report.dialect.name, dialect, "{}", baked.report.dialect.why);
    (baked, kinds(&problems))
}

/// What blocks, in words.
fn sources(baked: &Baked) -> Vec<&str> {
    baked.report.blocked_by.iter().map(|source| source.what.as_str()).collect()
}

#[test]
fn our_own_town_with_two_tilesets_and_a_group() {
    let (baked, told) = town(Dialect::TileMud);
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(baked.map.name, "Millbrook");
    assert_eq!(sources(&baked), ["properties of tiles"]);
    assert_eq!((baked.map.spawn.x, baked.map.spawn.y), (10, 9));
    assert!(!baked.map.is_solid(15, 9), "a bridge over water");
    assert_eq!(baked.map.objects.len(), 3);
    assert!(baked.map.items["plank"].places.is_some());
}

#[test]
fn a_town_of_the_mana_world() {
    let (baked, told) = town(Dialect::Tmw);
    assert_eq!(told, ["object-class", "object-class"], "the guard has no look, and monsters do not come yet");
    assert_eq!(sources(&baked), ["layer Collision"]);
    assert_eq!((baked.report.warps.len(), baked.report.warps_followed), (2, 1));
    assert_eq!(baked.map.warp(5, 8), Some(Position { x: 9, y: 11 }), "into the house, which is on the same map");
    assert_eq!(baked.map.name, "Hurnscald End");
}

#[test]
fn a_town_of_stendhal() {
    let (baked, told) = town(Dialect::Stendhal);
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(sources(&baked), ["layer collision"]);
    let drawn = |name: &str| {
        let layer = baked.report.layers.iter().find(|layer| layer.name == name).expect("a layer");
        layer.used.starts_with("drawn")
    };
    assert!(drawn("3_roof") && drawn("4_roof_add"));
    assert!(!drawn("objects") && !drawn("protection"));
}

#[test]
fn a_town_of_tuxemon() {
    let (baked, told) = town(Dialect::Tuxemon);
    assert_eq!(told, ["object-class"], "events are not known");
    assert_eq!(sources(&baked), ["layer Collision"]);
    let warps: Vec<_> = baked.report.warps.iter().map(|warp| (warp.to.as_str(), warp.x, warp.y)).collect();
    assert_eq!(warps, [("player_house.tmx", Some(5), Some(9)), ("route1.tmx", Some(38), Some(11))]);
    let rows = blocked(&baked);
    assert_eq!(&rows[8][9..12], "###", "a fence drawn as a line");
    assert_eq!(&rows[6][2..8], "##.###", "a wall with a way to its door");
}

#[test]
fn a_town_of_source_of_mana() {
    let (baked, told) = town(Dialect::Som);
    assert_eq!(told, ["object-class", "object-class"]);
    assert!(baked.report.moving > 0);
    assert_eq!(sources(&baked), ["shapes on tiles"]);
    let [warp] = baked.report.warps.as_slice() else { panic!("{:?}", baked.report.warps) };
    assert_eq!((warp.to.as_str(), warp.x, warp.y), ("Splatyna's Cave", Some(42), Some(60)));
    assert!(baked.map.is_solid(15, 10), "the trunk of an oak");
    assert!(!baked.map.is_solid(15, 8), "under its crown");
}
