//! Places that take a character to another place or map, as the games say them. Those that stay on
//! their map are checked here and become warps of the world; it does not follow the others yet.

use serde::Serialize;
use tilemud_schema::{Position, rest};
use tilemud_sim::map::WARPS_MAX;

use crate::dialect::{Dialect, objects};
use crate::drawing::{Drawing, Layer, Object, Properties, Value};
use crate::names::{number, shown, text};
use crate::problem::{Place, Problems};
use crate::say::{self, warning};
use crate::shapes::outline;

/// A place that takes a character elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warp {
    /// The id of its object.
    pub object: u32,
    pub area: Area,
    /// File or name of the map it leads to.
    pub to: String,
    /// Column and row there, if it says so.
    pub x: Option<i64>,
    pub y: Option<i64>,
}

/// A rectangle of cells, within the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Area {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

impl Area {
    #[must_use]
    pub fn contains(&self, x: i32, y: i32) -> bool {
        (self.x..self.x + self.width).contains(&x) && (self.y..self.y + self.height).contains(&y)
    }
}

/// Where a warp leads, as its object says.
struct Target {
    to: String,
    /// It needs no name to stay on its map.
    is_here: bool,
    x: Option<i64>,
    y: Option<i64>,
}

/// All warps of a map, and those of them that the world follows. `is_open` tells whether one can
/// stand in a cell.
#[must_use]
pub fn read(
    drawing: &Drawing,
    dialect: Dialect,
    is_open: impl Fn(i32, i32) -> bool,
    problems: &mut Problems,
) -> (Vec<Warp>, Vec<rest::Warp>) {
    let mut warps = Vec::new();
    let mut within = Vec::new();
    for (layer, object) in objects(drawing) {
        let Some(target) = target(drawing, object, dialect) else { continue };
        let place = || say::object(drawing, layer, object);
        if warps.len() >= WARPS_MAX {
            let what = format!("there are more than {WARPS_MAX} warps; the others are left out");
            problems.add(warning("warps-too-many", place(), what, "delete some"));
            break;
        }
        let Some(area) = area(drawing, layer, object) else {
            problems.add(warning("warp-outside", place(), "the warp is outside of the map", "move it into the map"));
            continue;
        };
        let warp = Warp { object: object.id, area, to: target.to, x: target.x, y: target.y };
        if target.is_here || is_this_map(drawing, &warp.to) {
            match landing(drawing, &warp, &is_open) {
                Ok(to) => within.push((place(), rest_warp(area, to))),
                Err(what) => {
                    problems.add(warning("warp-target", place(), what, "name a column and row where one can walk"));
                }
            }
        }
        warps.push(warp);
    }
    let followed = follow(&within, problems);
    (warps, followed)
}

fn rest_warp(Area { x, y, width, height }: Area, to: Position) -> rest::Warp {
    rest::Warp { x, y, width, height, to }
}

/// Leaves out those that lead onto a warp, or lie over one before them.
fn follow(within: &[(Place, rest::Warp)], problems: &mut Problems) -> Vec<rest::Warp> {
    let mut followed: Vec<rest::Warp> = Vec::new();
    for (place, warp) in within {
        let Position { x, y } = warp.to;
        if within.iter().any(|(_, next)| next.contains(x, y)) {
            let what = format!("the warp leads to {x}, {y}, where a warp lies, and is not followed");
            problems.add(warning("warp-chain", place.clone(), what, "let it lead to a cell beside that warp"));
        } else if followed.iter().any(|before| before.meets(warp)) {
            let what = "the warp lies over another one, which counts, and is not followed";
            problems.add(warning("warp-twice", place.clone(), what, "move one of the two or make it smaller"));
        } else {
            followed.push(*warp);
        }
    }
    followed
}

/// Whether an object is a warp.
#[must_use]
pub fn is_warp(drawing: &Drawing, object: &Object, dialect: Dialect) -> bool {
    target(drawing, object, dialect).is_some()
}

fn target(drawing: &Drawing, object: &Object, dialect: Dialect) -> Option<Target> {
    match dialect {
        Dialect::Tuxemon => transition(object),
        Dialect::Stendhal => None,
        Dialect::TileMud => destination(object).or_else(|| own(drawing, object)),
        Dialect::Auto => destination(object).or_else(|| own(drawing, object).filter(|own| own.x.is_some())),
        Dialect::Tmw | Dialect::Som => destination(object),
    }
}

/// Where a warp that stays on this map leads, or what is wrong with it.
fn landing(drawing: &Drawing, warp: &Warp, is_open: &impl Fn(i32, i32) -> bool) -> Result<Position, String> {
    let (Some(x), Some(y)) = (warp.x, warp.y) else { return Err("the warp says no place on this map".to_owned()) };
    // An infinite map counts from its own middle.
    let cell = |at: i64, origin: i32, count: u32| {
        let cell = at.checked_sub(origin.into()).and_then(|cell| i32::try_from(cell).ok());
        cell.filter(|cell| (0..count as i32).contains(cell))
    };
    let (column, row) = (cell(x, drawing.origin.0, drawing.width), cell(y, drawing.origin.1, drawing.height));
    match (column, row) {
        (Some(column), Some(row)) if is_open(column, row) => Ok(Position { x: column, y: row }),
        (Some(_), Some(_)) => Err(format!("the warp leads to {x}, {y} of this map, where nobody can stand")),
        _ => Err(format!("the warp leads to {x}, {y}, which is outside of this map")),
    }
}

/// Our own: a column and row of this map.
fn own(drawing: &Drawing, object: &Object) -> Option<Target> {
    if !object.class.eq_ignore_ascii_case("warp") {
        return None;
    }
    let get = |name: &str| find(&object.properties, &[name]).and_then(number);
    let to = shown(&drawing.file.file_stem().unwrap_or_default().to_string_lossy());
    Some(Target { to, is_here: true, x: get("to_x"), y: get("to_y") })
}

/// The Mana World, Land of Fire and Source of Mana: `dest_map` with a place.
fn destination(object: &Object) -> Option<Target> {
    if !object.class.eq_ignore_ascii_case("warp") {
        return None;
    }
    let get = |names: [&str; 2]| find(&object.properties, &names);
    let to = get(["dest_map", "destmap"]).and_then(text)?;
    let x = get(["dest_x", "dest_pos_x"]).and_then(number);
    let y = get(["dest_y", "dest_pos_y"]).and_then(number);
    Some(Target { to: shown(&to), is_here: false, x, y })
}

/// Tuxemon: an event one of whose actions is `transition_teleport file,x,y,seconds`.
fn transition(object: &Object) -> Option<Target> {
    if !object.class.eq_ignore_ascii_case("event") {
        return None;
    }
    let actions = object.properties.iter().filter(|(name, _)| name.starts_with("act"));
    let mut spoken = actions.filter_map(|(_, value)| text(value));
    let call = spoken.find_map(|action| {
        let call = action.strip_prefix("transition_teleport").or_else(|| action.strip_prefix("teleport"));
        call.filter(|call| call.starts_with(' ')).map(|call| call.trim().to_owned())
    })?;
    let mut parts = call.split(',').map(str::trim);
    let mut to = parts.next().filter(|to| !to.is_empty())?.to_owned();
    // Older events name the player first.
    if to == "player" {
        to = parts.next().filter(|to| !to.is_empty())?.to_owned();
    }
    let mut coordinate = || parts.next().and_then(|part| part.parse().ok());
    let (x, y) = (coordinate(), coordinate());
    Some(Target { to: shown(&to), is_here: false, x, y })
}

fn find<'a>(properties: &'a Properties, names: &[&str]) -> Option<&'a Value> {
    properties.iter().find(|(name, _)| names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted))).map(|it| it.1)
}

/// The cells that an object lies over; at least the one it begins in.
pub(crate) fn area(drawing: &Drawing, layer: &Layer, object: &Object) -> Option<Area> {
    let points = match outline(object) {
        Some(crate::shapes::Outline::Area(points) | crate::shapes::Outline::Line(points)) => points,
        None => vec![(object.x, object.y)],
    };
    let cell = (f64::from(drawing.tile_width.max(1)), f64::from(drawing.tile_height.max(1)));
    let (mut least, mut most) = ((f64::INFINITY, f64::INFINITY), (f64::NEG_INFINITY, f64::NEG_INFINITY));
    for (x, y) in points {
        let (x, y) = ((x + layer.offset.0) / cell.0, (y + layer.offset.1) / cell.1);
        least = (least.0.min(x), least.1.min(y));
        most = (most.0.max(x), most.1.max(y));
    }
    // A hair less, so that what ends at the edge of a cell does not reach into the next one.
    let span = |least: f64, most: f64, count: u32| {
        let first = (least + 0.01).floor().max(0.0);
        let last = (most - 0.01).floor().max((least + 0.01).floor()).min(f64::from(count) - 1.0);
        (first <= last).then_some((first as i32, (last - first) as i32 + 1))
    };
    let (x, width) = span(least.0, most.0, drawing.width)?;
    let (y, height) = span(least.1, most.1, drawing.height)?;
    Some(Area { x, y, width, height })
}

fn is_this_map(drawing: &Drawing, to: &str) -> bool {
    let stem = |name: &str| name.trim_end_matches(".tmx").trim_end_matches(".tmj").to_owned();
    let file = drawing.file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = drawing.properties.get("name").and_then(text);
    [file, name].into_iter().flatten().any(|own| stem(to) == own)
}
