//! The areas of a map: rectangles, ellipses and polygons of class `area`, on whichever layer, in
//! maps of any dialect and of our own. An object of class `hazard` is one with damage and nothing
//! else. What is wrong with one is told and does not count.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tilemud_schema::rest::{Area, Run};
use tilemud_sim::Map;
use tilemud_sim::map::{AREA_DAMAGE_MAX, AREA_RUNS_MAX, AREA_TILES_MAX, AREAS_MAX};

use crate::dialect::objects;
use crate::drawing::{Drawing, Layer, Object, Value};
use crate::files::{FileError, Files, resolve};
use crate::names::{shown, text};
use crate::problem::{self, Place, Problems};
use crate::said::{flag, whole};
use crate::say::{self, warning};
use crate::shapes::{Budget, Grid, Outline, covers_middle, outline};

/// Largest file of music, bytes.
const MUSIC_LEN_MAX: usize = 8 << 20;
/// All music of a map together, bytes: it is kept in memory to be served.
const MUSIC_ALL_LEN_MAX: usize = 32 << 20;

/// The files of music, by the names that areas have for them.
type Music = BTreeMap<String, Arc<[u8]>>;

/// Whether an object is an area.
#[must_use]
pub fn is_area(object: &Object) -> bool {
    object.class.eq_ignore_ascii_case("area") || is_hazard(object)
}

/// Whether it is one that only hurts.
#[must_use]
pub fn is_hazard(object: &Object) -> bool {
    object.class.eq_ignore_ascii_case("hazard")
}

/// Reads all of them, and their music.
pub fn read(drawing: &Drawing, files: &dyn Files, problems: &mut Problems) -> (Vec<Area>, Music) {
    let mut tiles = Tiles::of(drawing);
    let mut heard = Heard { map: &drawing.file, files, known: BTreeMap::new(), music: Music::new() };
    let mut areas = Vec::new();
    for (layer, object) in objects(drawing).filter(|(_, object)| is_area(object)) {
        let place = say::object(drawing, layer, object);
        let area = match is_hazard(object) {
            true => hazard(object, &place, problems),
            false => one(object, &mut heard, &place, problems),
        };
        let Some(area) = area else { continue };
        let runs = tiles.runs(layer, object).filter(|_| areas.len() < AREAS_MAX);
        let Some(runs) = runs else {
            let what = "there are more or larger areas than a map may have; this one and others are left out";
            problems.add(warning("areas-too-many", place, what, "delete some, or make them smaller"));
            break;
        };
        if runs.is_empty() {
            let what = match outline(object) {
                Some(Outline::Area(_)) => "it covers the middle of no tile of the map, and is left out",
                _ => "a line or a point is no area, and is left out",
            };
            let remedy = "draw it as a rectangle, ellipse or polygon over a tile at least";
            problems.add(warning("area-empty", place, what, remedy));
            continue;
        }
        areas.push(Area { runs, ..area });
    }
    (areas, heard.music)
}

/// Tells of what hurts where nobody can walk.
pub fn check(drawing: &Drawing, map: &Map, problems: &mut Problems) {
    let is_shut = |area: &&Area| {
        let mut tiles = area.runs.iter().flat_map(|run| (run.x..run.x + run.width).map(|x| (x, run.y)));
        area.damage > 0 && tiles.all(|(x, y)| map.is_solid(x, y))
    };
    for area in map.areas.iter().filter(is_shut) {
        let Some((layer, object)) = objects(drawing).find(|(_, object)| object.id == area.id && is_area(object)) else {
            continue;
        };
        let what = "nobody can walk on any tile of it, so it hurts nobody";
        let remedy = "move it, or put tiles there that are not solid";
        problems.add(warning("hazard-in-wall", say::object(drawing, layer, object), what, remedy));
    }
}

/// All but its tiles; `None` for one that changes nothing.
fn one(object: &Object, heard: &mut Heard<'_>, place: &Place, problems: &mut Problems) -> Option<Area> {
    // Within an i32, and a percentage within a u8.
    let damage = whole(object, "damage", &(0..=AREA_DAMAGE_MAX as u32), place, problems).unwrap_or(0) as i32;
    let is_said = object.properties.get("light").is_some_and(|light| *light != Value::Int(LIGHT_AROUND));
    let light = if is_said { whole(object, "light", &(0..=100), place, problems) } else { None };
    let area = Area {
        id: object.id,
        name: shown(&object.name),
        runs: Vec::new(),
        light: light.map(|percent| percent as u8),
        music: heard.music(object, place, problems),
        indoor: flag(object, "indoor", place, problems),
        damage,
        no_build: flag(object, "no_build", place, problems),
        safe: flag(object, "safe", place, problems),
    };
    if area == (Area { id: area.id, ..Area::default() }) {
        let what = "it has neither a name nor a property that counts, and is left out";
        problems.add(warning("area-idle", place.clone(), what, "give it a name or a property, or delete it"));
        return None;
    }
    Some(area)
}

/// The same of a hazard, whose name is for its builder alone.
fn hazard(object: &Object, place: &Place, problems: &mut Problems) -> Option<Area> {
    if !object.properties.contains_key("damage") {
        let (what, remedy) = ("it does not say how much it hurts, and is left out", "add the property damage, an int");
        problems.add(warning("hazard-damage", place.clone(), what, remedy));
        return None;
    }
    let damage = whole(object, "damage", &(1..=AREA_DAMAGE_MAX as u32), place, problems)?;
    // Within an i32.
    Some(Area { id: object.id, damage: damage as i32, ..Area::default() })
}

/// Stands for the light around an area.
const LIGHT_AROUND: i64 = -1;

/// The tiles of areas, of which there are not more than a map may have.
struct Tiles {
    grid: Grid,
    budget: Budget,
    tiles: usize,
    runs: usize,
}

impl Tiles {
    fn of(drawing: &Drawing) -> Self {
        let grid = Grid {
            columns: (0, drawing.width.into()),
            rows: (0, drawing.height.into()),
            cell: (drawing.tile_width.max(1).into(), drawing.tile_height.max(1).into()),
        };
        Self { grid, budget: Budget::default(), tiles: 0, runs: 0 }
    }

    /// Those whose middle is inside, row by row; `None` when that is too much.
    fn runs(&mut self, layer: &Layer, object: &Object) -> Option<Vec<Run>> {
        let Some(outline @ Outline::Area(_)) = outline(object) else { return Some(Vec::new()) };
        let outline = outline.map(|(x, y)| (x + layer.offset.0, y + layer.offset.1));
        let mut runs: Vec<Run> = Vec::new();
        for (column, row, mask) in outline.cells(&self.grid, &mut self.budget)? {
            if !covers_middle(mask) {
                continue;
            }
            // Within the map, whose edges are i32.
            let (x, y) = (column as i32, row as i32);
            match runs.last_mut() {
                Some(run) if run.y == y && run.x + run.width == x => run.width += 1,
                _ => runs.push(Run { x, y, width: 1 }),
            }
            self.tiles += 1;
        }
        self.runs += runs.len();
        (self.tiles <= AREA_TILES_MAX && self.runs <= AREA_RUNS_MAX).then_some(runs)
    }
}

/// The music that was named so far. A file is read and told of once.
struct Heard<'a> {
    map: &'a Path,
    files: &'a dyn Files,
    /// What each file is called, if it is music.
    known: BTreeMap<PathBuf, Option<String>>,
    music: Music,
}

impl Heard<'_> {
    fn music(&mut self, object: &Object, place: &Place, problems: &mut Problems) -> Option<String> {
        let file = match object.properties.get("music")? {
            // What is not set is nothing.
            Value::File(path) if path.as_os_str().is_empty() => return None,
            Value::File(path) => path.clone(),
            named => resolve(self.map, &text(named)?),
        };
        if let Some(known) = self.known.get(&file) {
            return known.clone();
        }
        let read = self.read(&file).map_err(|(what, remedy)| {
            let what = format!("its music {} {what}", problem::shown(&file.to_string_lossy()));
            problems.add(warning("area-music", place.clone(), what, remedy));
        });
        let name = read.ok().map(|(bytes, kind)| {
            let name = format!("{}.{kind}", self.music.len() + 1);
            self.music.insert(name.clone(), bytes.into());
            name
        });
        self.known.insert(file, name.clone());
        name
    }

    /// The file and what it is, or what is wrong with it and what to do.
    fn read(&self, file: &Path) -> Result<(Vec<u8>, &'static str), (String, &'static str)> {
        let bytes = self.files.read(file).map_err(|error| (error.to_string(), error.remedy()))?;
        let all = self.music.values().map(|music| music.len()).sum::<usize>();
        if bytes.len() > MUSIC_LEN_MAX || all + bytes.len() > MUSIC_ALL_LEN_MAX {
            let (one, all) = (MUSIC_LEN_MAX >> 20, MUSIC_ALL_LEN_MAX >> 20);
            let what = format!("is too large: a file may have {one} MiB, and all of a map {all} MiB");
            return Err((what, FileError::TooLarge.remedy()));
        }
        match kind_of_sound(&bytes) {
            Some(kind) => Ok((bytes, kind)),
            None => Err(("is no sound that can be played".to_owned(), "choose an .ogg, .mp3, .flac or .wav file")),
        }
    }
}

/// What a file is, by how it begins.
fn kind_of_sound(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'O', b'g', b'g', b'S', ..] => Some("ogg"),
        [b'f', b'L', b'a', b'C', ..] => Some("flac"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some("wav"),
        [b'I', b'D', b'3', ..] => Some("mp3"),
        // The head of a frame of the third layer, without tags before it.
        [0xff, second, ..] if second & 0xe6 == 0xe2 => Some("mp3"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sounds_are_known_by_how_they_begin() {
        for (bytes, kind) in [
            (&b"OggS\0"[..], Some("ogg")),
            (b"fLaC", Some("flac")),
            (b"RIFF\x24\0\0\0WAVEfmt ", Some("wav")),
            (b"RIFF\x24\0\0\0AVI ", None),
            (b"ID3\x04", Some("mp3")),
            (&[0xff, 0xfb, 0x90], Some("mp3")),
            (&[0xff, 0xff], None),
            (&[0xff, 0xd8, 0xff], None),
            (b"<html>", None),
            (b"", None),
        ] {
            assert_eq!(kind_of_sound(bytes), kind, "{bytes:?}");
        }
    }
}
