//! What comes back in a map: items that lie there again, and areas on which things appear. What is
//! wrong is told and does not count.

use std::sync::Arc;

use tilemud_schema::Position;
use tilemud_sim::map::{MapObject, SPAWNER_NUMBER_MAX, SPAWNERS_MAX, Spawner};

use crate::drawing::{Drawing, Layer, Object};
use crate::names::{shown, text};
use crate::problem::{Place, Problems};
use crate::said::whole;
use crate::say::{self, warning};
use crate::warps;

/// Largest area that is looked through for a free tile, tiles.
const SHUT_TILES_MAX: i64 = 4_096;

/// Whether things appear on an object. Other games have objects of this class without a look.
#[must_use]
pub fn is_area(object: &Object) -> bool {
    object.class.eq_ignore_ascii_case("spawner") && object.properties.get("look").and_then(text).is_some()
}

/// The place of an item, if it comes back.
pub fn of_item(object: &Object, item: &MapObject, place: &Place, problems: &mut Problems) -> Option<Spawner> {
    let every_s = whole(object, "respawn", &(1..=u32::MAX), place, problems)?;
    Some(Spawner::of_item(item, every_s))
}

/// An area; `None` where it is none.
pub fn area(
    drawing: &Drawing,
    layer: &Layer,
    object: &Object,
    place: &Place,
    problems: &mut Problems,
) -> Option<Spawner> {
    let look: Arc<str> = shown(&object.properties.get("look").and_then(text)?).into();
    let Some(warps::Area { x, y, width, height }) = warps::area(drawing, layer, object) else {
        let what = "it is outside of the map, and is left out";
        problems.add(warning("object-outside", place.clone(), what, "move it into the map, or delete it"));
        return None;
    };
    let Some(every_s) = whole(object, "every", &(1..=u32::MAX), place, problems) else {
        if !object.properties.contains_key("every") {
            let what = "it does not say how often something appears, and nothing does";
            problems.add(warning("spawner-every", place.clone(), what, "add the property every, an int of seconds"));
        }
        return None;
    };
    let number = whole(object, "number", &(1..=SPAWNER_NUMBER_MAX), place, problems).unwrap_or(1);
    let quantity = whole(object, "quantity", &(1..=u32::MAX), place, problems).unwrap_or(1);
    let (kind, name) = (look.clone(), look);
    Some(Spawner { kind, name, x, y, width, height, quantity, number, every_s, is_place: false })
}

/// Whether nobody can walk on any of its tiles. A large one is not looked through.
pub fn is_shut(spawner: &Spawner, is_blocked: impl Fn(Position) -> bool) -> bool {
    if i64::from(spawner.width) * i64::from(spawner.height) > SHUT_TILES_MAX {
        return false;
    }
    let rows = spawner.y..spawner.y + spawner.height;
    let mut tiles = rows.flat_map(|y| (spawner.x..spawner.x + spawner.width).map(move |x| Position { x, y }));
    tiles.all(is_blocked)
}

/// Leaves out those that are too many.
pub fn limit(drawing: &Drawing, spawners: &mut Vec<Spawner>, problems: &mut Problems) {
    if spawners.len() > SPAWNERS_MAX {
        let what = format!("more than {SPAWNERS_MAX} items and areas come back; the others are left out");
        problems.add(warning("spawners-too-many", say::map(drawing), what, "delete some"));
        spawners.truncate(SPAWNERS_MAX);
    }
}
