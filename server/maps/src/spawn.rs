//! Where new characters appear: never in a wall, in a door, on a tile that hurts or takes them
//! elsewhere, or where there is no way out.

use serde::Serialize;
use tilemud_schema::{EntityKind, Position, rest};
use tilemud_sim::map::MapObject;

use crate::areas::{Areas, nearest};
use crate::bits::Bits;
use crate::dialect::{Dialect, objects};
use crate::drawing::Drawing;
use crate::names::shown;
use crate::objects::position;
use crate::problem::{Place, Problems};
use crate::say::{self, error, warning};
use crate::starts;
use crate::walls::Source;
use crate::warps::Warp;

/// The place and why it is this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spawn {
    pub x: i32,
    pub y: i32,
    pub why: String,
}

/// What is known of the map.
pub struct Known<'a> {
    /// Whether nobody can walk there, row by row.
    pub blocked: &'a [bool],
    /// What can be reached from where, through doors.
    pub reachable: &'a Areas,
    /// What blocks the other cells.
    pub blocked_by: &'a [Source],
    /// Whether standing there costs health.
    pub hurts: &'a dyn Fn(usize) -> bool,
    pub standing: &'a [MapObject],
    pub warps: &'a [Warp],
    /// Those that take whoever steps there elsewhere on this map.
    pub followed: &'a [rest::Warp],
}

/// The place; `None` where nobody can stand anywhere.
#[must_use]
pub fn choose(
    drawing: &Drawing,
    dialect: Dialect,
    asked: Option<(i32, i32)>,
    known: &Known<'_>,
    problems: &mut Problems,
) -> Option<Spawn> {
    let width = drawing.width as usize;
    let count = known.blocked.len();
    let mut doors = Bits::new(count);
    for door in known.standing.iter().filter(|object| object.kind == EntityKind::Door) {
        // Objects outside of the map were left out.
        doors.set(door.position.y as usize * width + door.position.x as usize);
    }
    // Doors can be opened: who stands behind one is not shut in.
    let outdoors = Areas::of(width, count, |cell| !known.blocked[cell] && !doors.get(cell));
    let mut leads_away = Bits::new(count);
    for warp in known.warps {
        for y in warp.area.y..warp.area.y + warp.area.height {
            let from = y as usize * width + warp.area.x as usize;
            for cell in from..from + warp.area.width as usize {
                leads_away.set(cell);
            }
        }
    }
    let is_followed = |cell: usize| {
        let (x, y) = ((cell % width) as i32, (cell / width) as i32);
        known.followed.iter().any(|warp| warp.contains(x, y))
    };
    let is_free = |cell: usize| !known.blocked[cell] && !doors.get(cell) && known.reachable.has_room(cell);
    let is_good = |cell: usize| is_free(cell) && !(known.hurts)(cell) && !leads_away.get(cell);

    let found = |cell: usize, why: String| {
        // Within the map, whose edges are i32.
        Some(Spawn { x: (cell % width) as i32, y: (cell / width) as i32, why })
    };
    let start = start(drawing, dialect, problems);
    if let (Some(start), Some(asked)) = (&start, asked) {
        let what = format!("it says where characters begin, and {}, {} does not count", asked.0, asked.1);
        problems.add(warning("spawn-twice", start.place.clone(), what, "leave the setting out, or rename the object"));
    }
    let wanted = start.or_else(|| {
        // As Tiled counts, which begins elsewhere on an infinite map.
        let (x, y) = asked?;
        let at = (x.saturating_sub(drawing.origin.0), y.saturating_sub(drawing.origin.1));
        let place = Place { cell: Some(at), ..say::map(drawing) };
        Some(Wanted { at, why: "it was asked for".to_owned(), place })
    });
    if let Some(Wanted { at, why, place }) = wanted {
        let cell = cell_of(drawing, at);
        let is_asked_good = cell.is_some_and(|cell| is_free(cell) && !(known.hurts)(cell) && !is_followed(cell));
        if let Some(cell) = cell.filter(|_| is_asked_good) {
            return found(cell, why);
        }
        if let Some(near) = nearest(width, count, (at.0.into(), at.1.into()), is_good) {
            let reason = cell.map_or("outside of the map", |cell| why_not(cell, known, &doors, is_followed(cell)));
            let (x, y) = (near % width, near / width);
            let what = format!("characters cannot begin at {}, {}, which is {reason}; they do at {x}, {y}", at.0, at.1);
            problems.add(warning("spawn-moved", place, what, "move it to a free place"));
            return found(near, format!("{why}, and this is the nearest free place"));
        }
    }
    if let Some(area) = outdoors.largest() {
        let (middle, size) = (area.middle, area.size);
        let within = |cell: usize| area.has(cell);
        let best = nearest(width, count, middle, |cell| within(cell) && is_good(cell));
        // A map that hurts everywhere, or only leads away, has still to begin somewhere.
        let any = best.or_else(|| nearest(width, count, middle, within));
        if let Some(cell) = any {
            let why = format!("no object says so; it is nearest to the middle of the largest area, of {size} cells");
            return found(cell, why);
        }
    }
    problems.add(error(
        "nowhere-to-stand",
        say::map(drawing),
        nowhere(known),
        "free some cells of what blocks them, or choose another dialect with --dialect",
    ));
    None
}

fn nowhere(known: &Known<'_>) -> String {
    let (all, blocked) = (known.blocked.len(), known.blocked.iter().filter(|blocked| **blocked).count());
    let by = known.blocked_by.iter().map(|source| format!("{} ({})", source.what, source.cells));
    let by: Vec<String> = by.collect();
    let by = if by.is_empty() { String::new() } else { format!(": {}", by.join(", ")) };
    format!("there is no place where anybody could stand; {} of {all} cells are blocked{by}", blocked)
}

/// A place that somebody wants.
struct Wanted {
    at: (i32, i32),
    why: String,
    place: Place,
}

/// The object that says where characters begin, or the property of the map.
fn start(drawing: &Drawing, dialect: Dialect, problems: &mut Problems) -> Option<Wanted> {
    let ranked =
        objects(drawing).filter_map(|(layer, object)| Some((starts::rank_on(layer, object, dialect)?, layer, object)));
    let mut ranked: Vec<_> = ranked.collect();
    // The first of those with the best name, as the sort keeps their order.
    ranked.sort_by_key(|(rank, _, _)| *rank);
    let Some((rank, layer, object)) = ranked.first().copied() else {
        let at = starts::of_map(drawing)?;
        return Some(Wanted { at, why: "a property of the map says so".to_owned(), place: say::map(drawing) });
    };
    let place = say::object(drawing, layer, object);
    let same = ranked.iter().filter(|(other, _, _)| *other == rank).count();
    if same > 1 {
        let what = format!("{same} objects say where characters begin, and this one counts");
        problems.add(warning("spawn-many", place.clone(), what, "keep one of them"));
    }
    let Some(Position { x, y }) = position(drawing, layer, object) else {
        let what = "it says where characters begin, and is outside of the map";
        problems.add(warning("spawn-outside", place, what, "move it into the map"));
        return None;
    };
    let mut names = [&object.name, &object.class].into_iter();
    let name = names.find(|name| !name.is_empty()).unwrap_or(&layer.name);
    Some(Wanted { at: (x, y), why: format!("object {} \"{}\" says so", object.id, shown(name)), place })
}

fn cell_of(drawing: &Drawing, (x, y): (i32, i32)) -> Option<usize> {
    let (x, y) = (u32::try_from(x).ok()?, u32::try_from(y).ok()?);
    (x < drawing.width && y < drawing.height).then(|| y as usize * drawing.width as usize + x as usize)
}

fn why_not(cell: usize, known: &Known<'_>, doors: &Bits, is_warp: bool) -> &'static str {
    if known.blocked[cell] {
        "in a wall"
    } else if doors.get(cell) {
        "in a door"
    } else if (known.hurts)(cell) {
        "where standing hurts"
    } else if is_warp {
        "on a warp"
    } else {
        "without a way out"
    }
}
