//! The objects of a Tiled map: the initial entities, the spawn point, and the properties of item
//! kinds. Gets the object layer from [`super::tmx`]; refuses what has no meaning in the game.

use std::collections::BTreeMap;
use std::sync::Arc;

use tiled::{Layer, LayerType, PropertyValue};
use tilemud_schema::{EntityKind, ItemKind, Position};

use super::drawn::{ItemInfo, MapObject, MapTileset, OBJECTS, Spawner};
use super::error::MapError;
use super::together::{Standing, What};
use super::{spawners, warps};

/// How far an NPC without the property `wander` wanders, tiles.
const WANDER_DEFAULT: u8 = 3;

/// What the layer holds.
pub(super) struct Objects {
    pub(super) spawn: Position,
    pub(super) objects: Vec<MapObject>,
    pub(super) items: BTreeMap<ItemKind, ItemInfo>,
    pub(super) warps: Vec<warps::Drawn>,
    pub(super) spawners: Vec<Spawner>,
    /// The id of the spawn point, as Tiled shows it.
    pub(super) spawn_object: u32,
    /// All of them, to be held against each other and the tiles.
    pub(super) standing: Vec<Standing>,
}

/// Reads the layer of objects.
pub(super) fn read_objects(source: &tiled::Map, layer: Layer<'_>, tileset: &MapTileset) -> Result<Objects, MapError> {
    let LayerType::Objects(layer) = layer.layer_type() else {
        return Err(MapError::LayerKind { name: OBJECTS.to_owned() });
    };
    let mut spawns = Vec::new();
    let mut objects = Vec::new();
    let mut items = BTreeMap::new();
    let mut standing = Vec::new();
    let (mut drawn_warps, mut spawners) = (Vec::new(), Vec::new());
    for object in layer.objects() {
        if object.user_type == "warp" {
            drawn_warps.push(warps::read(source, &object)?);
            continue;
        }
        // After the items, and elsewhere.
        if ["spawner", "area", "hazard", "sign"].iter().any(|class| object.user_type.eq_ignore_ascii_case(class)) {
            continue;
        }
        let position = object_position(source, &object)?;
        let mut stands = |what| standing.push(Standing { id: object.id(), name: object.name.clone(), what, position });
        let kind = match object.user_type.as_str() {
            "spawn" => {
                spawns.push((position, object.id()));
                stands(What::Spawn);
                continue;
            }
            "npc" => EntityKind::Npc,
            "item" => EntityKind::Item,
            "door" => EntityKind::Door,
            class => {
                return Err(MapError::ObjectClass {
                    id: object.id(),
                    name: object.name.clone(),
                    class: class.to_owned(),
                });
            }
        };
        let read = read_object(&object, kind, position)?;
        if kind == EntityKind::Item {
            read_item(&object, &read.look, &read.name, tileset, &mut items)?;
            spawners.extend(spawners::read_place(&object, &read)?);
        }
        match kind {
            EntityKind::Door => stands(What::Door { open: read.open }),
            EntityKind::Npc => stands(What::Npc),
            // Items hold nobody up and lie wherever somebody lets them fall.
            EntityKind::Item | EntityKind::Player => {}
        }
        objects.push(read);
    }
    // After the items, which say what the things of their kinds are called.
    for object in layer.objects().filter(|object| object.user_type == "spawner") {
        let spawner = spawners::read_area(source, &object)?;
        read_item(&object, &spawner.kind, &spawner.name, tileset, &mut items)?;
        spawners.push(spawner);
    }
    spawners::check(&mut spawners, &items)?;
    match spawns.as_slice() {
        [(spawn, spawn_object)] => {
            let (spawn, spawn_object) = (*spawn, *spawn_object);
            Ok(Objects { spawn, objects, items, warps: drawn_warps, spawners, spawn_object, standing })
        }
        _ => Err(MapError::Spawns { count: spawns.len() }),
    }
}

fn read_object(object: &tiled::ObjectData, kind: EntityKind, position: Position) -> Result<MapObject, MapError> {
    let wrong =
        |property, wanted| MapError::ObjectProperty { id: object.id(), name: object.name.clone(), property, wanted };
    let look = match object.properties.get("look") {
        Some(PropertyValue::StringValue(look)) if !look.is_empty() => look.as_str(),
        None if kind == EntityKind::Door => "door",
        _ => return Err(wrong("look", "a string, the name of a sprite")),
    };
    let open = match object.properties.get("open") {
        None => false,
        Some(PropertyValue::BoolValue(open)) => *open,
        Some(_) => return Err(wrong("open", "a bool")),
    };
    let quantity = match object.properties.get("quantity") {
        None => 1,
        Some(PropertyValue::IntValue(quantity)) if *quantity >= 1 => *quantity as u32,
        Some(_) => return Err(wrong("quantity", "an int of at least 1")),
    };
    let wander = match object.properties.get("wander") {
        None => WANDER_DEFAULT,
        Some(PropertyValue::IntValue(wander)) if (0..=i32::from(u8::MAX)).contains(wander) => *wander as u8,
        Some(_) => return Err(wrong("wander", "an int from 0 to 255")),
    };
    let name = if object.name.is_empty() { look } else { object.name.as_str() };
    Ok(MapObject { id: object.id(), kind, name: name.into(), look: look.into(), position, open, quantity, wander })
}

/// The properties of a kind, as its objects state them. What one object states holds for the whole
/// kind; two must not contradict each other.
fn read_item(
    object: &tiled::ObjectData,
    kind: &ItemKind,
    called: &Arc<str>,
    tileset: &MapTileset,
    items: &mut BTreeMap<ItemKind, ItemInfo>,
) -> Result<(), MapError> {
    let wrong =
        |property, wanted| MapError::ObjectProperty { id: object.id(), name: object.name.clone(), property, wanted };
    let heals = match object.properties.get("heals") {
        None => 0,
        Some(PropertyValue::IntValue(heals)) if *heals >= 1 => *heals,
        Some(_) => return Err(wrong("heals", "an int of at least 1")),
    };
    let places = match object.properties.get("places") {
        None => None,
        Some(PropertyValue::StringValue(class)) => {
            let tile = tileset.tiles.iter().skip(1).find(|tile| tile.name == *class);
            Some(tile.ok_or_else(|| wrong("places", "a string, the class of a tile in the tileset"))?.id)
        }
        Some(_) => return Err(wrong("places", "a string, the class of a tile in the tileset")),
    };
    if let (Some(tile), Some((other, _))) =
        (places, items.iter().find(|(other, info)| places.is_some() && info.places == places && *other != kind))
    {
        return Err(MapError::PlacedTwice { tile, kinds: [other.to_string(), kind.to_string()] });
    }
    let info = items.entry(kind.clone()).or_insert_with(|| ItemInfo { name: called.clone(), heals: 0, places: None });
    let differs = (heals != 0 && info.heals != 0 && info.heals != heals)
        || (places.is_some() && info.places.is_some() && info.places != places);
    if differs {
        return Err(MapError::ItemDiffers { id: object.id(), kind: kind.to_string() });
    }
    info.heals = info.heals.max(heals);
    info.places = info.places.or(places);
    Ok(())
}

/// The tile under the middle of an object.
fn object_position(source: &tiled::Map, object: &tiled::ObjectData) -> Result<Position, MapError> {
    let (width, height) = match object.shape {
        tiled::ObjectShape::Rect { width, height } | tiled::ObjectShape::Ellipse { width, height } => (width, height),
        _ => (0.0, 0.0),
    };
    // Tiled anchors objects that show a tile at the bottom left, all others at the top left.
    let below = if object.tile_data().is_some() { -height / 2.0 } else { height / 2.0 };
    let x = ((object.x + width / 2.0) / source.tile_width as f32).floor();
    let y = ((object.y + below) / source.tile_height as f32).floor();
    if x < 0.0 || y < 0.0 || x >= source.width as f32 || y >= source.height as f32 || x.is_nan() || y.is_nan() {
        return Err(MapError::ObjectOutside { id: object.id(), name: object.name.clone() });
    }
    Ok(Position { x: x as i32, y: y as i32 })
}
