//! Where the objects of a map lead: whether the map is there, and the place in it, and a way back.
//! Told for whoever builds it; which warps the world follows stands in [`crate::warps`].
//!
//! Maps of other games say it in many ways, so what is asked of a property depends on its name:
//! some can only mean another map, others do so on an object that is called a door, a portal ...

mod said;
mod target;

use std::path::PathBuf;

use rustc_hash::FxHashMap;

use crate::dialect::{Dialect, objects};
use crate::drawing::{Drawing, Layer, Object};
use crate::files::{FileError, Files};
use crate::problem::{Problems, shown};
use crate::say::{self, warning};
use crate::warps;
use said::{Exit, To};
use target::{Target, Unread, Where};

/// Most other maps that are looked into for one map.
const TARGETS_MAX: usize = 64;

/// Where a map is looked for whose name was said.
enum Found {
    Here,
    There(PathBuf),
    No(Box<FileError>),
}

/// Looks after all objects that lead somewhere. `memory` is how much looking into another map may
/// take, bytes; a larger one is passed over.
pub fn check(drawing: &Drawing, asked: Dialect, memory: usize, files: &dyn Files, problems: &mut Problems) {
    let exits: Vec<(&Layer, &Object, Exit)> =
        objects(drawing).filter_map(|(layer, object)| Some((layer, object, said::exit(object)?))).collect();
    if exits.is_empty() {
        return;
    }
    let dialect = crate::dialect::choose(drawing, asked).name;
    let mut finder = Finder { drawing, files, names: FxHashMap::default(), by_name: None };
    let mut targets: FxHashMap<PathBuf, Result<Target, Unread>> = FxHashMap::default();
    let mut own: Option<Target> = None;
    let mut no_way_back = Vec::new();
    for (layer, object, exit) in &exits {
        let mut tell = |kind, what: String, remedy: String| {
            problems.add(warning(kind, say::object(drawing, layer, object), what, remedy));
        };
        let found = match &exit.map {
            None => Found::Here,
            Some(map) => finder.find(map),
        };
        let (target, name) = match found {
            // Those are told of where they are followed.
            Found::Here if warps::is_warp(drawing, object, dialect) => continue,
            Found::Here => {
                let own = own.get_or_insert_with(|| Target::of(drawing, asked));
                (&*own, "this map".to_owned())
            }
            Found::No(error) => {
                let map = shown(exit.map.as_ref().map_or("", |map| &map.said));
                let remedy = match &*error {
                    FileError::Missing => format!(
                        "set {} under Custom Properties to the file of a map beside this one, or put that map there",
                        exit.by
                    ),
                    error => error.remedy().to_owned(),
                };
                let what = match &*error {
                    FileError::Missing => format!("it leads to the map {map}, which is not there"),
                    error => format!("it leads to the map {map}, which {error}"),
                };
                tell("warp-map", what, remedy);
                continue;
            }
            Found::There(path) => {
                if !targets.contains_key(&path) && targets.len() >= TARGETS_MAX {
                    let what = format!(
                        "the map leads to more than {TARGETS_MAX} others; where this and further ones lead is not looked after"
                    );
                    tell("warps-unchecked", what, "look at them with tilemud map check of those maps".to_owned());
                    break;
                }
                let is_new = !targets.contains_key(&path);
                let target = targets.entry(path.clone()).or_insert_with(|| Target::read(&path, asked, memory, files));
                let name = format!("the map {}", shown(&target::file_name(&path)));
                match target {
                    Ok(target) => {
                        if is_new && !target.leads_to(drawing, &path) {
                            no_way_back.push((*layer, *object, name.clone()));
                        }
                        (&*target, name)
                    }
                    Err(Unread::Broken(why)) if is_new => {
                        let what = format!("it leads to {name}, which cannot be used: {why}");
                        tell("warp-map", what, "look at that map with tilemud map check".to_owned());
                        continue;
                    }
                    // Told once, or too large to be looked into.
                    Err(_) => continue,
                }
            }
        };
        if let Err((what, remedy)) = judged(exit, target, &name) {
            tell("warp-place", what, remedy);
        }
    }
    for (layer, object, name) in no_way_back {
        let what = format!("it leads to {name}, where nothing leads back to this map");
        let remedy = "let an object there lead here, or leave it if nobody is to come back";
        problems.add(warning("warp-one-way", say::object(drawing, layer, object), what, remedy));
    }
}

/// Whether the place that an exit leads to is there, or else what is so and what to do.
fn judged(exit: &Exit, target: &Target, name: &str) -> Result<(), (String, String)> {
    let set = |to: &str| format!("set {} under Custom Properties to {to}", exit.by_place);
    let (place, what) = match &exit.to {
        To::Somewhere => return Ok(()),
        To::Cell(x, y) => (target.at(*x, *y), format!("{x}, {y} of {name}")),
        To::Name(object) => match target.named(object) {
            Where::Unknown => {
                let what = format!("it leads to {} of {name}, and no object there is called so", shown(object));
                return Err((what, set("the name of an object there")));
            }
            place => (place, format!("{} of {name}", shown(object))),
        },
        To::Object(id) => match target.numbered(*id) {
            Where::Unknown => {
                let what = format!("it leads to object {id} of {name}, which is not there");
                return Err((what, set("an object that is there")));
            }
            place => (place, format!("object {id} of {name}")),
        },
    };
    match place {
        Where::Free | Where::Unknown => Ok(()),
        Where::Outside => {
            let (width, height) = target.size();
            let what = format!("it leads to {what}, which is outside: there are {width} x {height} tiles");
            Err((what, set("a place within it")))
        }
        Where::Blocked => {
            Err((format!("it leads to {what}, where nobody can stand"), set("a place where one can walk")))
        }
    }
}

/// Finds maps by what is said of them.
struct Finder<'a> {
    drawing: &'a Drawing,
    files: &'a dyn Files,
    /// What was found before.
    names: FxHashMap<String, Option<PathBuf>>,
    /// Maps of the folder by their own names, once somebody was asked for by one.
    by_name: Option<Vec<(String, PathBuf)>>,
}

impl Finder<'_> {
    fn find(&mut self, map: &said::MapName) -> Found {
        let drawing = self.drawing;
        if target::is_called(drawing, &map.said) {
            return Found::Here;
        }
        if let Some(known) = self.names.get(&map.said) {
            return known.clone().map_or_else(|| Found::No(Box::new(FileError::Missing)), Found::There);
        }
        let mut refused = None;
        for path in target::candidates(&drawing.file, map) {
            let error = match self.files.read(&path) {
                Ok(_) => return self.there(map, path),
                Err(error) => error,
            };
            match (error, self.files.near(&path, &drawing.file).filter(|near| self.files.read(near).is_ok())) {
                (_, Some(near)) => return self.there(map, near),
                (FileError::Missing, None) => {}
                (error, None) => drop(refused.get_or_insert(error)),
            }
        }
        if let Some(error) = refused {
            return Found::No(Box::new(error));
        }
        let by_name = self.by_name.get_or_insert_with(|| target::names_beside(&drawing.file, self.files));
        match by_name.iter().find(|(name, _)| name.eq_ignore_ascii_case(map.said.trim())).cloned() {
            Some((_, path)) => self.there(map, path),
            None => {
                self.names.insert(map.said.clone(), None);
                Found::No(Box::new(FileError::Missing))
            }
        }
    }

    fn there(&mut self, map: &said::MapName, path: PathBuf) -> Found {
        if path == self.drawing.file {
            return Found::Here;
        }
        self.names.insert(map.said.clone(), Some(path.clone()));
        Found::There(path)
    }
}
