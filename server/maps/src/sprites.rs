//! The figures that a world brings with it: `sprites.json` beside its map says where they are in
//! `sprites.png`. The picture is decoded here and written anew, so that no file of a builder is
//! served as it came. What is wrong is told, and what it was said of is left out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map as Object, Value};
use tilemud_schema::Direction;
use tilemud_schema::sprites::{Look, LookKind, Sprites};
use tilemud_sim::map::MapSprites;

use crate::bake::encode_rows;
use crate::drawing::Drawing;
use crate::files::{FileError, Files, resolve};
use crate::names;
use crate::pictures::{DECODED_BYTES_MAX, Decoded, decode};
use crate::problem::{Place, Problems, shown};
use crate::say::warning;
use crate::unknown::meant;

/// What the two files are called.
pub const LIST: &str = "sprites.json";
pub const PICTURE: &str = "sprites.png";

/// Largest list, bytes.
const LIST_LEN_MAX: usize = 1 << 20;
/// Most looks of a world.
const LOOKS_MAX: usize = 256;
/// Longest edge of the picture, pixels: phones draw no larger one.
const EDGE_MAX: u32 = 2_048;
/// Longest edge of a frame, pixels.
const FRAME_EDGE_MAX: u32 = 128;
/// What a list may say, and a look in it.
const OF_LIST: [&str; 6] = ["frame_w", "frame_h", "looks", "directions", "frames", "door_frames"];
const OF_LOOK: [&str; 3] = ["kind", "x", "y"];
/// The rows of a character where the list does not say otherwise.
const DIRECTIONS: [Direction; 4] = [Direction::South, Direction::North, Direction::East, Direction::West];

/// Reads them; `None` where there are none that can be used.
pub fn read(drawing: &Drawing, files: &dyn Files, problems: &mut Problems) -> Option<MapSprites> {
    let mut told = Told { file: resolve(&drawing.file, LIST), problems };
    let list = list(files, &mut told)?;
    told.unknown("", &list, &OF_LIST);
    told.order(&list);
    let (frame_w, frame_h) = (told.frame(&list, "frame_w"), told.frame(&list, "frame_h"));
    let (frame_w, frame_h) = (frame_w?, frame_h?);
    let directions = told.directions(&list);
    let picture = picture(&resolve(&drawing.file, PICTURE), files, &mut told)?;
    let looks = told.looks(&list, (frame_w, frame_h), &picture);
    if looks.is_empty() {
        told.warn("sprites-looks", "it has no look that can be used", "add one under looks, or delete the file");
        return None;
    }
    let image = encode_rows(picture.width, picture.height, usize::MAX, |y, row| {
        let pixels = row.as_chunks_mut::<4>().0.iter_mut().zip(0..);
        pixels.for_each(|(to, x)| *to = picture.pixel(x, y));
    });
    // A picture of this size is taken by every encoder.
    let image = image.ok()?.into();
    let sprites = Sprites { image: String::new(), frame_w, frame_h, directions, looks };
    Some(MapSprites { sprites, image })
}

/// The list as JSON; nothing is said where there is none.
fn list(files: &dyn Files, told: &mut Told<'_>) -> Option<Object<String, Value>> {
    let bytes = match files.read(&told.file) {
        Err(FileError::Missing) => return None,
        Err(error) => {
            told.warn("sprites-file", error.to_string(), error.remedy());
            return None;
        }
        Ok(bytes) => bytes,
    };
    if bytes.len() > LIST_LEN_MAX {
        told.warn("sprites-file", "it is larger than 1 MiB", "leave out what is no look");
        return None;
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(list)) => Some(list),
        Ok(_) => {
            told.warn("sprites-file", "it is no JSON object", "begin it with { and write the keys into it");
            None
        }
        Err(error) => {
            told.warn("sprites-file", format!("it is no JSON: {error}"), "mend it, or delete the file");
            None
        }
    }
}

fn picture(path: &Path, files: &dyn Files, told: &mut Told<'_>) -> Option<Decoded> {
    let place = || Place { file: path.to_owned(), ..Place::default() };
    let mut wrong = |what: String, remedy: &str| {
        told.problems.add(warning("sprites-picture", place(), what, remedy));
    };
    let bytes = match files.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            wrong(format!("the picture of the looks {error}"), "put a PNG of this name there, or delete sprites.json");
            return None;
        }
    };
    match decode(&bytes, None, DECODED_BYTES_MAX) {
        Ok(picture) if picture.width > EDGE_MAX || picture.height > EDGE_MAX => {
            let Decoded { width, height, .. } = picture;
            let what = format!("it has {width} x {height} pixels, at most {EDGE_MAX} on an edge are possible");
            wrong(what, "put the looks closer together, or leave some out");
            None
        }
        Ok(picture) => Some(picture),
        Err(error) => {
            wrong(error.to_string(), "save it anew as a PNG");
            None
        }
    }
}

/// What is said of the list.
struct Told<'a> {
    file: PathBuf,
    problems: &'a mut Problems,
}

impl Told<'_> {
    fn warn(&mut self, kind: &'static str, what: impl Into<String>, remedy: impl Into<String>) {
        let place = Place { file: self.file.clone(), ..Place::default() };
        self.problems.add(warning(kind, place, what, remedy));
    }

    /// Tells of keys that mean nothing.
    fn unknown(&mut self, of: &str, object: &Object<String, Value>, known: &[&'static str]) {
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            let near = meant(key, known).map(|near| format!(": did you mean \"{near}\"?")).unwrap_or_default();
            let what = format!("the key {}{of} is not known{near}", shown(key));
            self.warn("sprites-unknown", what, format!("leave it out, or call it one of {}", known.join(", ")));
        }
    }

    /// What the columns are is always the same; a list may say it.
    fn order(&mut self, list: &Object<String, Value>) {
        for (key, wanted) in [("frames", &["stand", "step_a", "step_b"][..]), ("door_frames", &["closed", "open"])] {
            let is_so = |said: &Value| said.as_array().is_some_and(|said| said.iter().eq(wanted.iter()));
            if list.get(key).is_some_and(|said| !is_so(said)) {
                let what = format!("{key} is not {}, and does not count", wanted.join(", "));
                self.warn(
                    "sprites-frames",
                    what,
                    "put the columns of the picture into this order, or leave the key out",
                );
            }
        }
    }

    fn frame(&mut self, list: &Object<String, Value>, key: &str) -> Option<u32> {
        let pixels = list.get(key).and_then(Value::as_u64).and_then(|pixels| u32::try_from(pixels).ok());
        let pixels = pixels.filter(|pixels| (1..=FRAME_EDGE_MAX).contains(pixels));
        if pixels.is_none() {
            let what = format!("{key} is no whole number from 1 to {FRAME_EDGE_MAX}");
            self.warn("sprites-frame", what, format!("say how many pixels a frame has, as \"{key}\": 16"));
        }
        pixels
    }

    fn directions(&mut self, list: &Object<String, Value>) -> Vec<Direction> {
        let Some(said) = list.get("directions") else { return DIRECTIONS.to_vec() };
        let directions: Vec<Direction> = serde_json::from_value(said.clone()).unwrap_or_default();
        if directions.len() == DIRECTIONS.len() && DIRECTIONS.iter().all(|it| directions.contains(it)) {
            return directions;
        }
        self.warn(
            "sprites-directions",
            "directions does not name each of south, north, east and west once, and does not count",
            "name them in the order of the rows, or leave the key out: then they are in this order",
        );
        DIRECTIONS.to_vec()
    }

    fn looks(&mut self, list: &Object<String, Value>, frame: (u32, u32), picture: &Decoded) -> BTreeMap<String, Look> {
        let mut looks = BTreeMap::new();
        let Some(said) = list.get("looks").and_then(Value::as_object) else { return looks };
        for (name, said) in said {
            if looks.len() >= LOOKS_MAX {
                let what = format!("there are more than {LOOKS_MAX} looks; the others are left out");
                self.warn("sprites-too-many", what, "delete some");
                break;
            }
            if names::shown(name) != *name || name.is_empty() {
                let what = format!("the look {} has a name that cannot be shown, and is left out", shown(name));
                self.warn("sprites-look", what, "call it by up to 48 letters that can be seen");
                continue;
            }
            let Some(fields) = said.as_object() else {
                self.warn("sprites-look", format!("the look {} is left out", shown(name)), "say its kind, x and y");
                continue;
            };
            self.unknown(&format!(" of the look {}", shown(name)), fields, &OF_LOOK);
            match look(fields, frame, picture) {
                Ok(look) => drop(looks.insert(name.clone(), look)),
                Err((what, remedy)) => {
                    let what = format!("the look {} {what}, and is left out", shown(name));
                    self.warn("sprites-look", what, remedy);
                }
            }
        }
        looks
    }
}

/// A look, or what is wrong with it and what to do.
fn look(
    fields: &Object<String, Value>,
    (width, height): (u32, u32),
    picture: &Decoded,
) -> Result<Look, (String, &'static str)> {
    let kind = fields.get("kind").cloned().and_then(|kind| serde_json::from_value::<LookKind>(kind).ok());
    let Some(kind) = kind else {
        return Err(("is of no kind".to_owned(), "make kind one of \"character\", \"item\" or \"door\""));
    };
    let place = |key: &str| fields.get(key).and_then(Value::as_u64).and_then(|at| u32::try_from(at).ok());
    let (Some(x), Some(y)) = (place("x"), place("y")) else {
        return Err(("does not say where it is".to_owned(), "make x and y the pixels left of it and above it"));
    };
    let (columns, rows) = kind.frames();
    let (width, height) = (columns * width, rows * height);
    let fits = |at: u32, length: u32, all: u32| at.checked_add(length).is_some_and(|end| end <= all);
    if !fits(x, width, picture.width) || !fits(y, height, picture.height) {
        let what = format!(
            "takes {width} x {height} pixels from {x}, {y} on, and the picture has {} x {}",
            picture.width, picture.height
        );
        return Err((what, "move it into the picture, or make the picture larger"));
    }
    Ok(Look { kind, x, y })
}
