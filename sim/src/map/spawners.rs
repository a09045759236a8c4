//! What comes back in a Tiled map: items that lie there again, and rectangles on which things
//! appear. Gets their objects from [`super::objects`].

use std::collections::BTreeMap;

use tiled::PropertyValue;
use tilemud_schema::ItemKind;

use super::drawn::{ItemInfo, MapObject, SPAWNER_NUMBER_MAX, SPAWNERS_MAX, Spawner};
use super::error::MapError;
use super::warps::rectangle;

/// The place of an item that comes back; `None` for one that does not.
pub(super) fn read_place(object: &tiled::ObjectData, item: &MapObject) -> Result<Option<Spawner>, MapError> {
    let every_s = count(object, "respawn", "an int of at least 1, seconds", u32::MAX)?;
    Ok(every_s.map(|every_s| Spawner::of_item(item, every_s)))
}

/// An object of class `spawner`.
pub(super) fn read_area(source: &tiled::Map, object: &tiled::ObjectData) -> Result<Spawner, MapError> {
    let look = match object.properties.get("look") {
        Some(PropertyValue::StringValue(look)) if !look.is_empty() => look.as_str(),
        _ => return Err(wrong(object, "look", "a string, the name of a sprite")),
    };
    let every = "an int of at least 1, seconds";
    let every_s = count(object, "every", every, u32::MAX)?.ok_or_else(|| wrong(object, "every", every))?;
    let number = count(object, "number", "an int from 1 to 1000", SPAWNER_NUMBER_MAX)?.unwrap_or(1);
    let quantity = count(object, "quantity", "an int of at least 1", u32::MAX)?.unwrap_or(1);
    let Some((x, y, width, height)) = rectangle(source, object) else {
        return Err(MapError::ObjectOutside { id: object.id(), name: object.name.clone() });
    };
    let (kind, name) = (look.into(), look.into());
    Ok(Spawner { kind, name, x, y, width, height, quantity, number, every_s, is_place: false })
}

/// Refuses too many; gives their things the names that the items of the map have.
pub(super) fn check(spawners: &mut [Spawner], items: &BTreeMap<ItemKind, ItemInfo>) -> Result<(), MapError> {
    if spawners.len() > SPAWNERS_MAX {
        return Err(MapError::SpawnersMany { count: spawners.len() });
    }
    for spawner in spawners.iter_mut().filter(|spawner| !spawner.is_place) {
        spawner.name = items.get(&spawner.kind).map_or_else(|| spawner.name.clone(), |info| info.name.clone());
    }
    Ok(())
}

fn count(
    object: &tiled::ObjectData,
    property: &'static str,
    wanted: &'static str,
    max: u32,
) -> Result<Option<u32>, MapError> {
    match object.properties.get(property) {
        None => Ok(None),
        Some(PropertyValue::IntValue(count)) if *count >= 1 && *count as u32 <= max => Ok(Some(*count as u32)),
        Some(_) => Err(wrong(object, property, wanted)),
    }
}

fn wrong(object: &tiled::ObjectData, property: &'static str, wanted: &'static str) -> MapError {
    MapError::ObjectProperty { id: object.id(), name: object.name.clone(), property, wanted }
}
const _: () = assert!(SPAWNER_NUMBER_MAX == 1_000, "as the error says");
