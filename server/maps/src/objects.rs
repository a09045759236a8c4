//! What stands in the world when it is new: the doors, characters and items among the objects of a
//! map, on whichever layer. Unlike the map files of our own, what is wrong is told and left out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tilemud_schema::{EntityKind, ItemKind, Position};
use tilemud_sim::map::{ItemInfo, MapObject, SPAWNERS_MAX, Spawner, give_ids};

use crate::dialect::{Dialect, objects, objects_of};
use crate::drawing::{Drawing, Layer, Object, Value};
use crate::names::{joined, number, shown, text, truth};
use crate::problem::{Place, Problems};
use crate::say::{self, warning};
use crate::{classes, named_areas, spawners, starts, unknown};

/// How far an NPC without the property `wander` wanders, tiles.
const WANDER_DEFAULT: u8 = 3;
/// Most things that stand in the world; further ones are left out.
const OBJECTS_MAX: usize = 20_000;

/// What stands in a world, and what its items can do.
#[derive(Debug, Default)]
pub struct Standing {
    pub objects: Vec<MapObject>,
    pub items: BTreeMap<ItemKind, ItemInfo>,
    /// What comes back.
    pub spawners: Vec<Spawner>,
}

/// What is asked about the map while its objects are read.
pub trait Ground {
    /// Whether nobody can stand there.
    fn is_blocked(&self, at: Position) -> bool;
    /// The tile that items of this class become when they are placed.
    fn placed(&mut self, class: &str) -> Option<u16>;
}

/// What an object of the game is.
#[must_use]
pub fn kind(object: &Object) -> Option<EntityKind> {
    let is = |class: &str| object.class.eq_ignore_ascii_case(class);
    // In other games these words mean other things, but only here have they a look.
    let has_look = has_look(object);
    match () {
        () if is("door") && (has_look || !leads_away(object)) => Some(EntityKind::Door),
        () if is("npc") && has_look => Some(EntityKind::Npc),
        () if is("item") && has_look => Some(EntityKind::Item),
        () => None,
    }
}

fn has_look(object: &Object) -> bool {
    object.properties.get("look").and_then(text).is_some()
}

/// In several games a door is a warp.
fn leads_away(object: &Object) -> bool {
    object
        .properties
        .keys()
        .any(|name| ["dest", "target", "to", "map"].iter().any(|word| joined(name).starts_with(word)))
}

/// Whether the game draws an object itself, or nobody does. A hazard may be the picture of one.
#[must_use]
pub fn is_of_the_game(object: &Object) -> bool {
    let is_area = spawners::is_area(object) || (named_areas::is_area(object) && !named_areas::is_hazard(object));
    kind(object).is_some() || is_area || starts::rank(object, Dialect::Auto).is_some()
}

/// Classes of tiles that items are placed as.
#[must_use]
pub fn placed_classes(drawing: &Drawing) -> BTreeSet<String> {
    let is_item = |object: &Object| kind(object) == Some(EntityKind::Item) || spawners::is_area(object);
    let items = objects(drawing).filter(|(_, object)| is_item(object));
    items.filter_map(|(_, object)| object.properties.get("places").and_then(text)).collect()
}

/// The cell under the middle of an object; `None` outside of the map.
#[must_use]
pub fn position(drawing: &Drawing, layer: &Layer, object: &Object) -> Option<Position> {
    // A tile stands on its place, all else hangs from it.
    let below = if object.gid.is_some() { -object.height / 2.0 } else { object.height / 2.0 };
    let (sin, cos) = object.rotation.to_radians().sin_cos();
    let middle = (object.width / 2.0, below);
    let x = object.x + layer.offset.0 + middle.0 * cos - middle.1 * sin;
    let y = object.y + layer.offset.1 + middle.0 * sin + middle.1 * cos;
    let cell = |at: f64, size: u32, count: u32| {
        let cell = (at / f64::from(size.max(1))).floor();
        // Not true of what is not a number.
        (cell >= 0.0 && cell < f64::from(count)).then_some(cell as i32)
    };
    let (x, y) = (cell(x, drawing.tile_width, drawing.width)?, cell(y, drawing.tile_height, drawing.height)?);
    Some(Position { x, y })
}

/// Reads all of them. `has_meaning` tells of an object that is nothing of the game's whether it
/// means something to others here.
pub fn read(
    drawing: &Drawing,
    has_meaning: impl Fn(usize, &Object) -> bool,
    ground: &mut impl Ground,
    problems: &mut Problems,
) -> Standing {
    let mut standing = Standing::default();
    let mut unknown: BTreeMap<String, (usize, Place)> = BTreeMap::new();
    let mut areas = Vec::new();
    let layers = drawing.layers.iter().enumerate();
    let all = layers.flat_map(|(index, layer)| objects_of(layer).iter().map(move |object| (index, layer, object)));
    for (index, layer, object) in all {
        let place = say::object(drawing, layer, object);
        if spawners::is_area(object) {
            areas.push((layer, object, place));
            continue;
        }
        let Some(kind) = kind(object) else {
            if object.class.is_empty() && has_look(object) {
                let what = "it has a look and no class, and is left out";
                problems.add(warning("object-class", place, what, "set its class to npc, item, door or spawner"));
                continue;
            }
            if !object.class.is_empty() && object.gid.is_none() && !has_meaning(index, object) {
                unknown.entry(shown(&object.class)).or_insert((0, place)).0 += 1;
            }
            continue;
        };
        let Some(at) = position(drawing, layer, object) else {
            let what = "it is outside of the map, and is left out";
            problems.add(warning("object-outside", place, what, "move it into the map, or delete it"));
            continue;
        };
        if standing.objects.len() >= OBJECTS_MAX {
            let what = format!("there are more than {OBJECTS_MAX} things in the world; the others are left out");
            problems.add(warning("objects-too-many", place, what, "delete some"));
            break;
        }
        let read = one(object, kind, at, &place, problems);
        if ground.is_blocked(at) {
            tell_blocked(kind, at, &place, problems);
            // A door in a wall opens onto nothing, and the world keeps the two apart.
            if kind == EntityKind::Door {
                continue;
            }
        }
        if kind == EntityKind::Item {
            item(object, (&read.look, &read.name), ground, &mut standing.items, &place, problems);
            standing.spawners.extend(spawners::of_item(object, &read, &place, problems));
        }
        standing.objects.push(read);
    }
    // After the items, which say what the things of their kinds are called.
    for (layer, object, place) in areas {
        if standing.spawners.len() > SPAWNERS_MAX {
            break;
        }
        let Some(mut spawner) = spawners::area(drawing, layer, object, &place, problems) else { continue };
        if spawners::is_shut(&spawner, |at| ground.is_blocked(at)) {
            let what = "nobody can walk on any tile of it, and nothing appears there";
            problems.add(warning(
                "spawner-in-wall",
                place.clone(),
                what,
                "move it, or free its place of what blocks it",
            ));
        }
        item(object, (&spawner.kind, &spawner.name), ground, &mut standing.items, &place, problems);
        if let Some(info) = standing.items.get(&spawner.kind) {
            spawner.name = info.name.clone();
        }
        standing.spawners.push(spawner);
    }
    spawners::limit(drawing, &mut standing.spawners, problems);
    for (class, (count, place)) in unknown {
        let names: Vec<&str> = classes::CLASSES.iter().map(|(name, _)| *name).collect();
        let is_ours = ["npc", "item", "spawner"].iter().any(|name| class.eq_ignore_ascii_case(name));
        let (what, remedy) = match unknown::meant(&class, &names) {
            // Of ours, those without a look come here.
            _ if is_ours => {
                ("without the property look mean nothing to the game,", "give them a look, or leave it".to_owned())
            }
            _ if class.eq_ignore_ascii_case("warp") => {
                ("say no to_x and to_y, lead nowhere", "name the column and row they lead to, or leave it".to_owned())
            }
            _ if class.eq_ignore_ascii_case("spawn") => (
                "are the monster areas of such maps,",
                "leave them, or choose another dialect with --dialect".to_owned(),
            ),
            _ if class.eq_ignore_ascii_case("door") => {
                ("lead to another place or map,", "give them a look to be doors, or leave it".to_owned())
            }
            Some(meant) => ("mean nothing to the game,", format!("did you mean {meant}? Else leave it")),
            None => {
                let remedy = format!("set the class to one of {}, or leave it", names.join(", "));
                ("mean nothing to the game,", remedy)
            }
        };
        let what = format!("objects of class {class} {what} and are left out ({count} of them)");
        problems.add(warning("object-class", place, what, remedy));
    }
    part_doors(drawing, &mut standing.objects, problems);
    tell_ids(drawing, problems);
    give_ids(&mut standing.objects, Position { x: drawing.origin.0, y: drawing.origin.1 });
    standing
}

/// What an edit of a played world cannot know by its id.
fn tell_ids(drawing: &Drawing, problems: &mut Problems) {
    let things = || objects(drawing).filter(|(_, object)| kind(object).is_some());
    let mut known = BTreeSet::new();
    let nameless = things().filter(|(_, object)| object.id == 0);
    let double = things().filter(|(_, object)| object.id > 0 && !known.insert(object.id));
    let (nameless, double): (Vec<_>, Vec<_>) = (nameless.collect(), double.collect());
    for (found, what, remedy) in [
        (nameless, "have no id", "save the map again from Tiled, which numbers its objects"),
        (double, "have the id of another one", "cut them out and paste them in Tiled, which numbers them anew"),
    ] {
        let Some((layer, object)) = found.first() else { continue };
        let count = found.len();
        let what = format!(
            "{count} of the doors, characters and items {what}; in an edit of a played world they are known by name and place"
        );
        problems.add(warning("object-ids", say::object(drawing, layer, object), what, remedy));
    }
}

fn tell_blocked(kind: EntityKind, at: Position, place: &Place, problems: &mut Problems) {
    let place = Place { cell: Some((at.x, at.y)), ..place.clone() };
    let (word, what) = match kind {
        EntityKind::Door => ("door-in-wall", "the door is where nobody can walk, and is left out"),
        EntityKind::Npc => ("npc-in-wall", "the character stands where nobody can walk, and cannot go anywhere"),
        _ => ("item-in-wall", "the item lies where nobody can walk; it can be reached only from beside it"),
    };
    problems.add(warning(word, place, what, "move it, or free its place of what blocks it"));
}

fn one(object: &Object, kind: EntityKind, position: Position, place: &Place, problems: &mut Problems) -> MapObject {
    let mut get = |name: &str, wanted: &str, is_right: &dyn Fn(&Value) -> bool| {
        let value = object.properties.get(name)?;
        if is_right(value) {
            return Some(value.clone());
        }
        let what = format!("the property {name} is not {wanted}, and does not count");
        problems.add(warning("object-property", place.clone(), what, format!("make it {wanted}")));
        None
    };
    let is_count = |value: &Value| number(value).is_some_and(|count| (1..=i64::from(u32::MAX)).contains(&count));
    let is_distance = |value: &Value| number(value).is_some_and(|far| (0..=i64::from(u8::MAX)).contains(&far));
    let open = get("open", "true or false", &|value| truth(value).is_some());
    let quantity = get("quantity", "a whole number from 1 on", &is_count);
    let wander = get("wander", "a whole number from 0 to 255", &is_distance);
    let look = object.properties.get("look").and_then(text).map_or_else(|| "door".to_owned(), |look| shown(&look));
    let name = shown(&object.name);
    MapObject {
        id: object.id,
        kind,
        name: if name.is_empty() { look.as_str().into() } else { name.into() },
        look: look.into(),
        position,
        open: open.as_ref().and_then(truth).unwrap_or(false),
        quantity: quantity.as_ref().and_then(number).and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
        wander: wander.as_ref().and_then(number).and_then(|far| u8::try_from(far).ok()).unwrap_or(WANDER_DEFAULT),
    }
}

/// What one item says holds for all of its kind; the first one that says it counts.
fn item(
    object: &Object,
    (kind, called): (&ItemKind, &Arc<str>),
    ground: &mut impl Ground,
    items: &mut BTreeMap<ItemKind, ItemInfo>,
    place: &Place,
    problems: &mut Problems,
) {
    let mut tell = |what: String, remedy: &str| {
        problems.add(warning("item-kind", place.clone(), what, remedy));
    };
    let heals = object.properties.get("heals").and_then(number).and_then(|heals| i32::try_from(heals).ok());
    let heals = heals.unwrap_or(0).max(0);
    let class = object.properties.get("places").and_then(text);
    let tile = class.as_ref().and_then(|class| ground.placed(class));
    if let (Some(class), None) = (&class, tile) {
        tell(format!("it places {}, which is the class of no tile", shown(class)), "name the class of a tile");
    }
    let other = items.iter().find(|(other, info)| tile.is_some() && info.places == tile && *other != kind);
    let tile = match other {
        Some((other, _)) => {
            let what = format!("both {other} and {kind} are placed as the same tile, which only the first is");
            tell(what, "give one of them another tile");
            None
        }
        None => tile,
    };
    let info = items.entry(kind.clone()).or_insert_with(|| ItemInfo { name: called.clone(), heals: 0, places: None });
    let differs = (heals != 0 && info.heals != 0 && info.heals != heals)
        || (tile.is_some() && info.places.is_some() && info.places != tile);
    if differs {
        let what = format!("another item of kind {kind} heals or places something else, and counts");
        tell(what, "say it at one item of each kind");
    }
    info.heals = if info.heals == 0 { heals } else { info.heals };
    info.places = info.places.or(tile);
}

/// A door has its place for itself: a second one goes, and one that is shut on somebody is opened.
fn part_doors(drawing: &Drawing, objects: &mut Vec<MapObject>, problems: &mut Problems) {
    let at = |position: Position| Place { cell: Some((position.x, position.y)), ..say::map(drawing) };
    let mut doors = BTreeSet::new();
    objects.retain(|object| {
        let is_second = object.kind == EntityKind::Door && !doors.insert(object.position);
        if is_second {
            let what = "there are two doors in one place, and the second is left out";
            problems.add(warning("door-twice", at(object.position), what, "move or delete one"));
        }
        !is_second
    });
    let people: BTreeSet<_> =
        objects.iter().filter(|object| object.kind == EntityKind::Npc).map(|object| object.position).collect();
    for door in objects.iter_mut().filter(|object| object.kind == EntityKind::Door && !object.open) {
        if people.contains(&door.position) {
            let what = "a character stands in the closed door, which is open at first";
            problems.add(warning("door-on-npc", at(door.position), what, "move one of them"));
            door.open = true;
        }
    }
}
