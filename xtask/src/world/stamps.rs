//! Whole things for builders: each drawn alone on an empty scene and cut out.

use super::canvas::TILE;
use super::countryside;
use super::land::plant;
use super::plants::{self, Tree};
use super::props;
use super::rocks;
use super::scene::{EDGE, Scene, Thing};
use super::terrain::Terrain;
use super::tileset::{Cells, cells, places};
use super::village;

/// Where things are drawn, tiles.
const AT: i32 = 60;

/// One whole thing.
pub struct Stamp {
    pub name: String,
    pub width: i32,
    pub height: i32,
    /// What stands, and what hangs over heads.
    pub cells: [Cells; 2],
    /// The same as numbers, once they are known.
    pub ids: [Vec<u16>; 2],
    pub things: Vec<Thing>,
}

impl Stamp {
    /// Where each layer has something: left, top, width and height.
    pub fn layers(&self) -> [Option<[i32; 4]>; 2] {
        [0, 1].map(|layer| {
            let full = self.cells[layer].iter().enumerate().filter(|(_, cell)| cell.is_some());
            bounds(full.map(|(index, _)| (index as i32 % self.width, index as i32 / self.width)))
        })
    }
}

fn bounds(places: impl Iterator<Item = (i32, i32)>) -> Option<[i32; 4]> {
    let (columns, rows): (Vec<i32>, Vec<i32>) = places.unzip();
    let (left, right) = (columns.iter().min()?, columns.iter().max()?);
    let (top, bottom) = (rows.iter().min()?, rows.iter().max()?);
    Some([*left, *top, right - left + 1, bottom - top + 1])
}

fn cut(name: &str, ground: Terrain, draw: impl FnOnce(&mut Scene)) -> Stamp {
    let mut scene = Scene::new();
    scene.fill(0, 0, EDGE, EDGE, ground);
    draw(&mut scene);
    let layers: [Cells; 2] = cells(&mut scene).into();
    let full =
        places().zip(layers[0].iter().zip(&layers[1])).filter(|(_, (low, high))| low.is_some() || high.is_some());
    let [left, top, width, height] = bounds(full.map(|(place, _)| place)).expect("something was drawn");
    let part = |cells: &Cells| -> Cells {
        let inside = (top..top + height).flat_map(|y| (left..left + width).map(move |x| (y * EDGE + x) as usize));
        inside.map(|index| cells[index].clone()).collect()
    };
    let things = scene.things.iter().map(|thing| Thing { x: thing.x - left, y: thing.y - top, ..thing.clone() });
    let things = things.collect();
    let ids = [0, 1].map(|_| vec![0; (width * height) as usize]);
    Stamp { name: name.to_owned(), width, height, cells: [part(&layers[0]), part(&layers[1])], ids, things }
}

/// All of them.
pub fn all() -> Vec<Stamp> {
    let mut stamps = Vec::new();
    let mut on = |ground: Terrain, name: &str, draw: &dyn Fn(&mut Scene)| stamps.push(cut(name, ground, draw));
    let grass = Terrain::Grass;
    for house in village::HOUSES {
        let owner = house.name.trim_end_matches("'s door").trim_end_matches(" door").to_lowercase();
        on(grass, &format!("house_{owner}"), &|scene| house.build(scene));
    }
    let trees = [
        ("oak", Tree::Oak),
        ("birch", Tree::Birch),
        ("pine", Tree::Pine),
        ("cherry", Tree::Cherry),
        ("beech", Tree::Beech),
    ];
    for (name, kind) in trees {
        for variant in 0..2 {
            on(grass, &format!("tree_{name}_{}", variant + 1), &|scene| {
                plant(scene, kind, variant, AT, AT);
            });
        }
    }
    on(grass, "tree_dead", &|scene| countryside::dead_tree(scene, AT, AT));
    for (name, kind) in [("oaks", Tree::Oak), ("pines", Tree::Pine)] {
        on(grass, &format!("wood_{name}"), &|scene| {
            for (row, column) in (0..4).flat_map(|row| (0..4).map(move |column| (row, column))) {
                plant(scene, kind, (row + column) as u32 % 2, AT + column * 3 + row % 2 * 2, AT + row * 2);
            }
        });
    }
    on(grass, "well", &|scene| village::well(scene, AT, AT));
    for kind in 0..3 {
        on(grass, &format!("stall_{}", ["red", "violet", "green"][kind]), &|scene| village::stall(scene, AT, AT, kind));
    }
    on(grass, "lamp", &|scene| scene.tower_on(&props::lamp(), AT, AT, "lamp"));
    on(grass, "statue", &|scene| scene.tower_on(&props::statue(), AT, AT, "statue"));
    on(grass, "scarecrow", &|scene| countryside::scarecrow(scene, AT, AT));
    on(grass, "notice_board", &|scene| village::wide(scene, props::notice_board(), AT, AT, "notice board"));
    on(grass, "bench", &|scene| village::wide(scene, props::bench(), AT, AT, "bench"));
    on(grass, "barrel", &|scene| scene.stand_on(props::barrel(), AT, AT, "barrel", true));
    on(grass, "crate", &|scene| scene.stand_on(props::wooden_crate(), AT, AT, "crate", true));
    on(grass, "signpost", &|scene| scene.stand_on(props::signpost(), AT, AT, "signpost", true));
    on(grass, "hay_bale", &|scene| scene.stand_on(props::hay_bale(), AT, AT, "hay bale", true));
    on(grass, "camp_fire", &|scene| scene.stand_on(props::campfire(), AT, AT, "camp fire", false));
    for (name, height) in [("whole", 40), ("cracked", 36), ("broken", 24)] {
        on(grass, &format!("pillar_{name}"), &|scene| scene.tower_on(&rocks::pillar(height), AT, AT, "pillar"));
    }
    on(grass, "ruined_wall", &|scene| {
        for (index, height) in [30, 26, 22, 28, 20, 16].into_iter().enumerate() {
            countryside::ruined_wall(scene, AT + index as i32, AT, height, index as u32 + 3);
        }
    });
    on(grass, "plateau", &|scene| {
        let is_high = |x: i32, y: i32| (AT..AT + 9).contains(&x) && (AT..AT + 5).contains(&y);
        rocks::plateau(scene, &is_high, AT..AT + 9, AT..AT + 5, AT + 3..AT + 6);
    });
    let water = Terrain::Water;
    on(water, "bridge", &|scene| rocks::bridge(scene, AT, AT, 10));
    on(water, "pier_to_east", &|scene| rocks::pier(scene, AT, AT, 7, 2));
    on(water, "pier_to_south", &|scene| rocks::pier(scene, AT, AT, 2, 7));
    on(water, "boat", &|scene| scene.stand(props::boat(), AT * TILE, AT * TILE, (AT + 1) * TILE));
    for variant in 0..3 {
        on(water, &format!("reeds_{}", variant + 1), &|scene| {
            scene.stand_on(plants::reeds(variant), AT, AT, "reeds", true);
        });
    }
    stamps
}
