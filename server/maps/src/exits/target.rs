//! A map that another one leads to: read without its pictures, and kept as what is asked of it.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::said::{ENDINGS, MapName, exit, is_map_file};
use crate::dialect::{Dialect, choose, objects};
use crate::drawing::{Content, Drawing, GID, Orientation};
use crate::files::{Files, resolve};
use crate::names::text;
use crate::objects::position;
use crate::problem::{Problems, Severity};
use crate::read::read_within;
use crate::roles::{Drawn, roles};
use crate::walls;

/// Most maps of a folder whose own names are looked at.
const NAMES_MAX: usize = 400;
/// In which a map says its name, bytes.
const HEAD_LEN_MAX: usize = 16 << 10;

/// What is known of a map.
pub struct Target {
    file: PathBuf,
    /// Column and row in the file of the upper left cell.
    origin: (i32, i32),
    width: u32,
    height: u32,
    /// Pixels of a cell.
    cell: (u32, u32),
    /// Where nobody can stand, row by row; empty if that cannot be told.
    blocked: Vec<bool>,
    /// Where objects are, by name and by id.
    named: FxHashMap<String, Option<(i64, i64)>>,
    numbered: FxHashMap<u32, Option<(i64, i64)>>,
    /// Maps that its objects lead to.
    exits: Vec<MapName>,
}

/// Why nothing is known of a map.
pub enum Unread {
    /// With what is wrong with it.
    Broken(String),
    TooLarge,
}

/// What a place of a map is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    Free,
    Blocked,
    Outside,
    /// There is no such object, or nothing can be told.
    Unknown,
}

impl Target {
    /// Reads one, with at most so much memory.
    ///
    /// # Errors
    /// [`Unread`].
    pub fn read(path: &Path, asked: Dialect, memory: usize, files: &dyn Files) -> Result<Self, Unread> {
        let mut problems = Problems::default();
        let drawing = read_within(path, files, &mut problems, memory);
        let worst = problems.found.iter().find(|problem| problem.severity == Severity::Error);
        match (drawing, worst) {
            (_, Some(worst)) if worst.kind == "memory" => Err(Unread::TooLarge),
            (_, Some(worst)) => Err(Unread::Broken(worst.what.clone())),
            (None, None) => Err(Unread::Broken("nothing can be read of it".to_owned())),
            (Some(drawing), None) => Ok(Self::of(&drawing, asked)),
        }
    }

    /// What is known of a map that was read.
    #[must_use]
    pub fn of(drawing: &Drawing, asked: Dialect) -> Self {
        let mut target = Self {
            file: drawing.file.clone(),
            origin: drawing.origin,
            width: drawing.width,
            height: drawing.height,
            cell: (drawing.tile_width.max(1), drawing.tile_height.max(1)),
            blocked: Vec::new(),
            named: FxHashMap::default(),
            numbered: FxHashMap::default(),
            exits: Vec::new(),
        };
        for (layer, object) in objects(drawing) {
            let at = position(drawing, layer, object).map(|at| (i64::from(at.x), i64::from(at.y)));
            target.named.entry(object.name.trim().to_lowercase()).or_insert(at);
            target.numbered.insert(object.id, at);
            target.exits.extend(exit(object).and_then(|exit| exit.map));
        }
        if drawing.orientation == Orientation::Orthogonal {
            target.blocked = blocked(drawing, asked);
        }
        target
    }

    /// A place by column and row as Tiled shows them, or by the pixels of the map.
    pub fn at(&self, x: i64, y: i64) -> Where {
        let cell = self.cell_of(x.saturating_sub(self.origin.0.into()), y.saturating_sub(self.origin.1.into()));
        if cell != Where::Outside {
            return cell;
        }
        let inside = |at: i64, size: u32, count: u32| (0..i64::from(size) * i64::from(count)).contains(&at);
        let in_pixels =
            self.origin == (0, 0) && inside(x, self.cell.0, self.width) && inside(y, self.cell.1, self.height);
        if in_pixels { self.cell_of(x / i64::from(self.cell.0), y / i64::from(self.cell.1)) } else { Where::Outside }
    }

    /// Where the first object of a name is.
    pub fn named(&self, name: &str) -> Where {
        self.place_of(self.named.get(&name.trim().to_lowercase()))
    }

    /// Where the object of an id is.
    pub fn numbered(&self, id: u32) -> Where {
        self.place_of(self.numbered.get(&id))
    }

    fn place_of(&self, found: Option<&Option<(i64, i64)>>) -> Where {
        match found {
            None => Where::Unknown,
            Some(None) => Where::Outside,
            Some(Some((column, row))) => self.cell_of(*column, *row),
        }
    }

    fn cell_of(&self, column: i64, row: i64) -> Where {
        if !(0..i64::from(self.width)).contains(&column) || !(0..i64::from(self.height)).contains(&row) {
            return Where::Outside;
        }
        let index = row as usize * self.width as usize + column as usize;
        match self.blocked.get(index) {
            Some(true) => Where::Blocked,
            _ => Where::Free,
        }
    }

    /// Columns and rows.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Whether something on it leads to a map.
    pub fn leads_to(&self, drawing: &Drawing, from: &Path) -> bool {
        let is_it = |name: &MapName| is_called(drawing, &name.said) || candidates(from, name).contains(&drawing.file);
        debug_assert_eq!(from, self.file);
        self.exits.iter().any(is_it)
    }
}

/// Where nobody can stand, and where no layer has a tile if that tells anything.
fn blocked(drawing: &Drawing, asked: Dialect) -> Vec<bool> {
    let dialect = choose(drawing, asked).name;
    let roles = roles(drawing, dialect);
    let mut blocked = walls::find(drawing, &roles, dialect, &mut Problems::default()).blocked;
    let is_whole = drawing.background.is_some()
        || drawing.layers.iter().any(|layer| matches!(layer.content, Content::Image { .. }))
        || drawing.tilesets.iter().any(|placed| {
            placed.tileset.tile_width > drawing.tile_width || placed.tileset.tile_height > drawing.tile_height
        });
    if is_whole {
        return blocked;
    }
    let mut drawn = vec![false; blocked.len()];
    for (layer, _) in drawing.layers.iter().zip(&roles).filter(|(_, role)| !matches!(role.drawn, Drawn::Not(_))) {
        if let Content::Tiles(cells) = &layer.content {
            drawn.iter_mut().zip(cells.iter()).filter(|(_, gid)| gid & GID != 0).for_each(|(drawn, _)| *drawn = true);
        }
    }
    let room = blocked.iter().zip(&drawn).any(|(blocked, drawn)| !blocked && *drawn);
    if room {
        blocked.iter_mut().zip(drawn).for_each(|(blocked, drawn)| *blocked |= !drawn);
    }
    blocked
}

/// The files that a name may mean which stands in another file.
pub fn candidates(file: &Path, map: &MapName) -> Vec<PathBuf> {
    let as_said = map.file.clone().unwrap_or_else(|| resolve(file, &map.said));
    if is_map_file(&map.said) {
        return vec![as_said];
    }
    let ended = |ending: &str| {
        let mut path = as_said.clone().into_os_string();
        path.push(ending);
        PathBuf::from(path)
    };
    ENDINGS.map(ended).into()
}

/// A name of a file without the ending of a map.
#[must_use]
pub fn without_ending(name: &str) -> &str {
    let lower = name.to_lowercase();
    let longest = ENDINGS.iter().filter(|ending| lower.ends_with(**ending)).map(|ending| ending.len()).max();
    longest.and_then(|len| name.get(..name.len() - len)).unwrap_or(name)
}

/// The maps beside a file by the names that they give themselves.
pub fn names_beside(file: &Path, files: &dyn Files) -> Vec<(String, PathBuf)> {
    let maps = files.beside(file).into_iter().filter(|path| is_map_file(&path.to_string_lossy())).take(NAMES_MAX);
    maps.filter_map(|path| Some((own_name(&files.read(&path).ok()?)?, path))).collect()
}

/// The property `name` of a map, which stands before its tilesets and layers. Only looked for in
/// XML that is not compressed.
fn own_name(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..HEAD_LEN_MAX).unwrap_or(bytes));
    let end = ["<tileset", "<layer", "<objectgroup"].iter().filter_map(|begin| head.find(begin)).min();
    let head = &head[..end.unwrap_or(head.len())];
    let property = head.split("<property ").find(|property| property.starts_with("name=\"name\""))?;
    let value = property.split("value=\"").nth(1)?.split('"').next()?;
    let value = quick_xml::escape::unescape(value).ok()?;
    text(&crate::drawing::Value::Text(value.into_owned()))
}

/// Whether a name that something leads to is that of a map: of its file, with or without its
/// ending, or the one it gives itself.
pub fn is_called(drawing: &Drawing, said: &str) -> bool {
    let name = drawing.properties.get("name").and_then(text);
    let said = said.trim().replace('\\', "/");
    let last = said.rsplit('/').next().unwrap_or(&said);
    let whole = file_name(&drawing.file);
    let stem = without_ending(&whole);
    last.eq_ignore_ascii_case(&whole)
        || last.eq_ignore_ascii_case(stem)
        || name.is_some_and(|name| name.eq_ignore_ascii_case(&said))
}

/// The last part of a path.
pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
